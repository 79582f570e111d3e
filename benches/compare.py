"""Measures what comparing costs: a pair of runs after parsing, many small runs against one, cases of a folder.

python benches/compare.py                 a minute; results as dated text in benches/results
"""

from __future__ import annotations

import argparse
import datetime
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import fastlogs
import numpy as np
import polars as pl
from calibration import cases
from calibration.noise import SD, Noise, curve
from fastlogs._compare.cases import written
from run import HERE, load, machine

PAIRS, STEPS = 60, 5_000
RUNS, SMALL_STEPS = 1_000, 200
CASES = 4
ROUNDS = 3
# Milliseconds a pair, seconds for the runs, milliseconds a case with reading: 2,220 in three minutes.
MOST_PAIR, MOST_RUNS, MOST_CASE = 2.0, 5.0, 81.0

Cost = tuple[float, float]


def cost(work: Callable[[], object]) -> Cost:
    """Wall and CPU seconds of one go."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def least(work: Callable[[], object]) -> Cost:
    """The smallest of a few rounds: what is more was done for others."""
    wall, cpu = zip(*(cost(work) for _ in range(ROUNDS)), strict=True)
    return min(wall), min(cpu)


def told(what: str, found: Cost, unit: str, most: float) -> str:
    verdict = "met" if found[0] <= most else "met by CPU" if found[1] <= most else "missed"
    return f"{what:58} {found[0]:8.2f} {found[1]:8.2f} {unit:3} {most:6.1f}  {verdict}"


def small(folder: Path) -> list[Path]:
    """Runs of five columns and few steps."""
    paths = []
    for number in range(RUNS + 1):
        rng = np.random.default_rng(number)
        table = pl.DataFrame(
            {
                "step": np.arange(1, SMALL_STEPS + 1),
                "loss": curve(SMALL_STEPS) + rng.normal(0, SD, SMALL_STEPS),
                "val_loss": curve(SMALL_STEPS) + rng.normal(0.1, SD, SMALL_STEPS),
                "grad_norm": np.exp(rng.normal(0, 0.2, SMALL_STEPS)),
                "throughput": 1000 * np.exp(rng.normal(0, 0.02, SMALL_STEPS)),
            }
        )
        paths.append(folder / f"run_{number}.csv")
        table.with_columns(pl.exclude("step").round(5)).write_csv(paths[-1])
    return paths


def pair_costs() -> Iterator[tuple[list[float], list[float]]]:
    """Milliseconds of each comparison of two runs that are read: everything it says, as JSON."""
    noise, steps = Noise(0.5), np.arange(1, STEPS + 1)
    frames = []
    for number in range(PAIRS + 1):
        loss = curve(STEPS) + SD * noise.draw(np.random.default_rng(number), STEPS)
        frames.append(pl.DataFrame({"step": steps, "loss": loss}))
    for _ in range(ROUNDS):
        walls, cpus = [], []
        for a, b in pairwise(frames):
            compared = fastlogs.compare(a, b, metric="loss", margin=0, labels=["a", "b"])
            wall, cpu = cost(lambda found=compared: written(found.to_dict()))  # type: ignore[misc]
            walls.append(1e3 * wall)
            cpus.append(1e3 * cpu)
        yield walls, cpus


def pairs() -> Iterator[str]:
    """The first round warms up."""
    rounds = list(pair_costs())[1:]
    medians = [min(statistics.median(one[at]) for one in rounds) for at in (0, 1)]
    yield told(f"two runs of {STEPS:,} steps, read: all is said, as JSON", (medians[0], medians[1]), "ms", MOST_PAIR)


def many(folder: Path) -> Iterator[str]:
    """One baseline, many candidates, reading included."""
    paths = [str(path) for path in small(folder)]

    def verdicts() -> int:
        return fastlogs.compare(*paths).table.height

    def everything() -> str:
        return written(fastlogs.compare(*paths).to_dict())

    name = f"{RUNS:,} runs of {SMALL_STEPS} steps x 4 metrics against one"
    yield told(f"{name}: table", least(verdicts), "s", MOST_RUNS)
    yield told(f"{name}: JSON", least(everything), "s", MOST_RUNS)
    command = [sys.executable, "-m", "fastlogs", "compare", *paths, "--json"]
    began = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True)
    took = time.perf_counter() - began
    yield told(f"{name}: command", (took, took), "s", MOST_RUNS)


def case_folders(folder: Path) -> Iterator[str]:
    """Cases of every kind, as `make calibrate` has them."""
    count = len(cases.write(folder, cases.SETTINGS, 1, CASES, 2))
    command = [sys.executable, "-m", "fastlogs", "compare", "--cases", str(folder), "--jobs"]
    for jobs in (1, 2):
        began = time.perf_counter()
        subprocess.run([*command, str(jobs)], capture_output=True, check=True)
        each = 1e3 * (time.perf_counter() - began) / count
        yield told(f"a case of {count}, reading and writing included, {jobs} jobs", (each, each), "ms", MOST_CASE)


def report() -> Iterator[str]:
    yield from machine()
    before = load()
    yield f"{'':58} {'wall':>8} {'cpu':>8} {'':3} {'bar':>6}"
    with tempfile.TemporaryDirectory() as folder:
        runs, made = Path(folder, "runs"), Path(folder, "cases")
        runs.mkdir()
        yield from pairs()
        yield from many(runs)
        yield from case_folders(made)
    yield f"the smallest of {ROUNDS} rounds; {before} before, {load()} after"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, help="where the results go; else benches/results")
    args = parser.parse_args(arguments)
    lines = []
    for line in report():
        print(line, flush=True)
        lines.append(line)
    to = args.output or HERE / "results" / f"{datetime.date.today()}-compare.txt"
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
