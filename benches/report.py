"""How long a report of many long runs takes, how large it is, and how soon a browser can use it.

python benches/report.py --runs 100 --points 100000
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).parents[1]


def write(folder: Path, runs: int, points: int) -> None:
    """A CSV log a run: step, loss, learning rate, gradient norm, throughput, step time."""
    step = np.arange(1, points + 1)
    for seed in range(runs):
        noise = np.random.default_rng(seed).normal(size=(3, points))
        loss = 2.5 + 0.001 * seed + 6 * np.exp(-5 * step / points) + 0.05 * noise[0]
        table = pl.DataFrame(
            {
                "step": step,
                "loss": loss.round(4),
                "lr": (3e-4 * (1.05 - step / points)).round(9),
                "grad_norm": (1 + 0.1 * np.abs(noise[1])).round(4),
                "tok_s": (20_000 + 100 * noise[2]).round(0),
                "step_time": (0.5 + 0.01 * noise[0]).round(4),
            }
        )
        table.write_csv(folder / f"run_{seed:03}.csv")


def made(logs: Path, page: Path) -> tuple[float, float]:
    """Seconds and CPU seconds of the report, with reading."""
    import fastlogs

    begun, spent = time.perf_counter(), time.process_time()
    fastlogs.report(*sorted(logs.glob("*.csv"))).save(page)
    return time.perf_counter() - begun, time.process_time() - spent


def shown(page: Path, folder: Path) -> tuple[float, int, list[str]]:
    """Milliseconds until the first chart answers, the best of five; requests; errors."""
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from chromium import Browser

    times = []
    for at in range(5):
        with Browser(folder / f"profile{at}") as browser:
            browser.open(page)
            times.append(float(browser.until("document.documentElement.dataset.ready")))
            requests, errors = len(browser.requests), browser.errors
    return min(times), requests, errors


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=100)
    asked.add_argument("--points", type=int, default=100_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs, page = folder / "logs", folder / "page.html"
        logs.mkdir()
        write(logs, given.runs, given.points)
        seconds, spent = made(logs, page)
        ready, requests, errors = shown(page, folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = sum(path.stat().st_size for path in logs.iterdir()) / 1e6
        print(f"{given.runs} runs x {given.points:,} points, 5 metrics, {size:,.0f} MB of CSV")
        print(
            f"written in {seconds:.1f} s ({spent:.1f} CPU-s), {page.stat().st_size / 1e6:.1f} MB, peak {peak:,.0f} MB"
        )
        print(f"answers after {ready / 1000:.2f} s, the best of 5; {requests} request, {len(errors)} console errors")


if __name__ == "__main__":
    main()
