"""Sweeps of known truth without files, made as `make calibrate` makes them."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
from fastlogs._sweep.glance import Glance, curve_of
from fastlogs._sweep.options import Options
from fastlogs._sweep.swept import Sweep, of_glances

sys.path.insert(0, str(Path(__file__).parents[2] / "benches"))

from calibration.sweeps import folders as folders
from calibration.sweeps import numbers


@cache
def counted(kind: str = "u_shaped", n: int = 120, seeds: int = 1) -> Sweep:
    """A sweep of glances without files."""
    told = numbers(kind, 4, n)
    rng = np.random.default_rng(5)
    glances = []
    for at, (settings, loss) in enumerate(zip(told.settings, told.losses, strict=True)):
        for seed in range(seeds):
            x = np.arange(200.0)
            y = loss + 0.05 * rng.normal() * (seeds > 1) + 3 * np.exp(-x / 20) + 0.02 * rng.normal(size=200)
            known = {"kind": "train", "unit": None, "n": 200, "first_step": 0, "last_step": 199, "last100": 0.0}
            fact = {"metric": "loss", "mean": float(y.mean()), "sd": 1.0, "min": float(y.min()), "max": float(y.max())}
            time = {"metric": "step_time", "mean": settings["batch_size"] / 64, "sd": 0.1, "min": 0.1, "max": 9.0}
            facts = (known | fact, known | time)
            config = {**settings, "seed": seed}
            name = f"r{at}s{seed}"
            glances.append(Glance(name, config=config, summary=facts, metric="loss", curve=curve_of(x, y)))
    return of_glances(glances, Options(now=2e9))
