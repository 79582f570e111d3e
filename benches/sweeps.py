"""What a first and a second look at many small runs cost, with settings and summaries, beside the same job in polars.

python benches/sweeps.py                    10,000 runs of 1,000 lines that it makes under out/bench
python benches/sweeps.py --runs 1000        fewer
python benches/sweeps.py ROOT               runs of your own: train.log and config.json in a folder each
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from make_logs import write_sweep
from measure import Cost, run_inside
from run import load, machine
from workloads import WORKLOADS

if TYPE_CHECKING:
    import polars as pl

LINES, ROUNDS = 1000, 3
# Of the issue: a tenth of polars, the second look, memory.
TIMES, SECOND_S, MOST_MB = 10, 0.4, 300
POLARS, FIRST, SECOND = "polars", "fastlogs, first look", "fastlogs, second look"


def runs(count: int, folder: Path) -> Path:
    """Runs of the sweep workload, each with its settings."""
    root = folder / f"sweep-{count}-configs"
    if not root.exists():
        write_sweep(count, LINES, root)
        for at, run in enumerate(sorted(root.iterdir())):
            draw = Random(at)
            optimizer = {"lr": draw.choice([1e-4, 3e-4, 1e-3]), "name": draw.choice(["adamw", "sgd"])}
            settings = {"optimizer": optimizer, "batch_size": draw.choice([16, 32, 64]), "seed": at % 3}
            (run / "config.json").write_text(json.dumps(settings))
    return root


def by_polars(root: Path) -> int:
    """Configs, and of each metric of each run what a summary says that polars has a word for."""
    import polars as pl
    from peers import _typed

    folders = sorted(entry.path for entry in os.scandir(root))
    rows = pl.DataFrame([json.loads(Path(folder, "config.json").read_bytes()) for folder in folders]).height
    for table in WORKLOADS["sweep"].tables:
        lines = pl.scan_lines([f"{folder}/train.log" for folder in folders], name="line", include_file_paths="run")
        groups = lines.select("run", pl.col("line").str.extract_groups(table.regex).alias("groups"))
        matched = groups.filter(pl.col("groups").struct.field(table.columns[0].group).is_not_null())
        names = [column.group for column in table.columns if column.holds == "float"]
        sums = [sum_.name.suffix(f"_{k}") for name in names for k, sum_ in enumerate(_sums(pl.col(name)))]
        typed = matched.select("run", *(_typed(column) for column in table.columns))
        rows += typed.group_by("run").agg(sums).collect(engine="streaming").height
    return rows


def _sums(value: pl.Expr) -> tuple[pl.Expr, ...]:
    last = value.tail(100).mean()
    return value.count(), value.first(), value.last(), value.min(), value.max(), value.mean(), value.std(), last


def by_fastlogs(root: Path) -> int:
    import fastlogs

    found = fastlogs.discover(root)
    return found.configs.height + found.summary.height


def inside(peer: str, root: Path) -> None:
    """One look, timed without its imports; a line of JSON."""
    for name in ("polars", "fastlogs._runs", "fastlogs._index.index"):
        importlib.import_module(name)
    began, cpu = time.perf_counter(), time.process_time()
    rows = by_polars(root) if peer == POLARS else by_fastlogs(root)
    told = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu, "rows": rows}
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told | {"peak_mb": peak_mb}))


def measured(root: Path) -> dict[str, Cost]:
    """Rounds of all three, one after the other; each first look has an empty cache."""
    costs = {peer: Cost() for peer in (POLARS, FIRST, SECOND)}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as cache:
            os.environ["FASTLOGS_CACHE"] = cache
            for peer, cost in costs.items():
                cost.take(run_inside([str(Path(__file__).resolve()), str(root), "--inside", peer]))
    return costs


def report(root: Path) -> Iterator[str]:
    yield from machine()
    before, costs = load(), measured(root)
    yield f"{len(list(root.iterdir())):,} runs: discovery, settings, summaries; the smallest of {ROUNDS} rounds"
    for peer, cost in costs.items():
        said = cost.failure or f"{cost.wall:6.2f} s  {cost.cpu:6.2f} CPU-s  peak {cost.peak_mb:4.0f} MB"
        yield f"  {peer:22} {said}"
    polars, first, second = costs.values()
    times, by_cpu = polars.wall / first.wall, polars.cpu / first.cpu
    yield f"  first look: {times:.1f} times by wall, {by_cpu:.1f} by CPU (bar {TIMES})"
    yield f"  peak {first.peak_mb:.0f} MB (bar {MOST_MB}); second look {second.wall:.2f} s (bar {SECOND_S})"
    yield f"{before} before, {load()} after"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=Path)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        return inside(args.inside, args.root)
    root = args.root or runs(args.runs, Path(__file__).resolve().parents[1] / "out" / "bench")
    for line in report(root):
        print(line, flush=True)
    return None


if __name__ == "__main__":
    sys.exit(main())
