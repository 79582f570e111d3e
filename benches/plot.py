"""What a figure costs: two runs of a million points each, and two hundred figures in a row.

python benches/plot.py [points]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from fastlogs.plot import plot, save
from fastlogs.plot.drawn import find, runs_of
from fastlogs.plot.look import Look
from fastlogs.plot.smooth import smoothed
from fastlogs.plot.thin import thin

POINTS = 1_000_000


def run(points: int, seed: int) -> pl.DataFrame:
    noise = np.random.default_rng(seed)
    step = np.arange(1, points + 1)
    loss = 2.5 + 8 * np.exp(-step / points * 20) + 0.1 * noise.normal(size=points)
    return pl.DataFrame({"step": step, "train_loss": loss, "grad_norm": 1 + noise.random(points)})


def timed(name: str, work, repeat: int = 5) -> None:
    """The least processor time of a few goes."""
    best = float("inf")
    for _ in range(repeat):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    print(f"{name:<44} {1000 * best:9.1f} ms CPU")


def main(points: int) -> None:
    frames = [run(points, 0), run(points, 1)]
    look = Look()
    runs = runs_of(tuple(frames), None, look)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "x.png"
        plot("loss_comparison", *frames)  # imports, fonts
        series = [curves.series("train_loss") for curves in runs.values()]
        window = points // 100
        timed(f"smoothing and thinning, 2 x {points:,}", lambda: [
            (thin(s.x, s.y, 1350), thin(s.x, smoothed(s.y, window), 1350)) for s in series
        ])  # fmt: skip
        made = find("loss_comparison")
        timed(f"loss_comparison without writing, 2 x {points:,}", lambda: made(runs, look))
        timed(f"loss_comparison as PNG, 2 x {points:,}", lambda: save(made(runs, look), out))
        for name in ("losses", "curves", "dashboard", "training_curves_comparison"):
            one = find(name)
            given = runs if one.takes == "runs" else next(iter(runs.values()))
            timed(f"{name} as PNG", lambda one=one, given=given: save(one(given, look), out), 3)
        small = runs_of((run(500, 0), run(500, 1)), None, look)
        before = None
        for at in range(200):
            save(made(small, look), out)
            if at == 20:
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{'200 figures, growth of the peak after 20':<44} {(after - (before or after)) / 1024:9.1f} MiB")
    many = np.arange(100_000_000, dtype=np.float64)
    timed("thin, 100,000,000 points", lambda: thin(many, many, 1350), 3)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else POINTS)
