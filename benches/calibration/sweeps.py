"""Sweeps whose truth is known: as numbers for the statistics, as folders of runs for the whole of it. Seeded."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

Settings = dict[str, Any]
# What a setting is drawn from, for each sweep alike.
SPACE: dict[str, Callable[[np.random.Generator], Any]] = {
    "lr": lambda rng: float(f"{10 ** rng.uniform(-5, -1):.3g}"),
    "batch_size": lambda rng: int(rng.choice([16, 32, 64, 128])),
    "dropout": lambda rng: round(float(rng.uniform(0, 0.3)), 3),
    "weight_decay": lambda rng: float(f"{10 ** rng.uniform(-4, -1):.3g}"),
    "warmup": lambda rng: int(rng.integers(0, 1000)),
    "optimizer": lambda rng: str(rng.choice(["adam", "sgd", "lion"])),
}


def _lr(one: Settings) -> float:
    return math.log10(one["lr"]) + 3


def _batch(one: Settings) -> float:
    return math.log2(one["batch_size"]) - 5.5


# What the final loss adds up from besides its noise, by the kind of sweep.
EFFECTS: dict[str, Callable[[Settings], float]] = {
    "null": lambda _: 0.0,
    "u_shaped": lambda one: 0.1 * _lr(one) ** 2,
    "interacting": lambda one: 0.08 * _lr(one) * _batch(one),
    "word": lambda one: {"adam": 0.0, "sgd": 0.15, "lion": 0.1}[one["optimizer"]],
}
NAMES: dict[str, tuple[str, ...]] = {
    "null": (), "u_shaped": ("lr",), "interacting": ("lr", "batch_size"), "word": ("optimizer",)
}  # fmt: skip
NOISE = 0.1


@dataclass(frozen=True)
class Numbers:
    """A sweep as settings and final losses; `matter` are the settings that do."""

    settings: list[Settings]
    losses: np.ndarray
    matter: tuple[str, ...] = field(default_factory=tuple)


def numbers(kind: str, seed: int, n: int, *, tails: bool = False) -> Numbers:
    """A sweep of a kind; with `tails` some runs end far too high, whatever their settings."""
    rng = np.random.default_rng([seed, n, sum(map(ord, kind))])
    settings = [{name: draw(rng) for name, draw in SPACE.items()} for _ in range(n)]
    losses = 3.0 + np.array([EFFECTS[kind](one) for one in settings]) + rng.normal(0, NOISE, n)
    if tails:
        losses += np.where(rng.random(n) < 0.05, rng.exponential(20, n), 0.0)
    return Numbers(settings, losses, NAMES[kind])


@dataclass(frozen=True)
class Board:
    """Candidates with their seeds' values, and what each is truly worth."""

    values: list[list[float]]
    truth: np.ndarray


def board(kind: str, seed: int, n: int) -> Board:
    """A leaderboard: all `equal`, `two` levels, or `spread` out; one to three seeds each, their sd being 1."""
    rng = np.random.default_rng([seed, n, sum(map(ord, kind)), 5])
    levels = {"equal": np.zeros(n), "two": np.where(np.arange(n) < n // 2, 0.0, 3.0), "spread": rng.normal(0, 2, n)}
    truth = levels[kind]
    return Board([list(level + rng.normal(0, 1, rng.integers(1, 4))) for level in truth], truth)


_FRAMES = """Traceback (most recent call last):
  File "/home/user/train.py", line 210, in <module>
    main()
  File "/home/user/train.py", line 88, in train_step
    loss = model(batch)
  File "/opt/venv/lib/python3.11/site-packages/torch/nn/modules/module.py", line 1511, in _call_impl
    return forward_call(*args, **kwargs)
"""
_ENDINGS = {
    "oom": _FRAMES + "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB ({0}.5 GiB free)\n",
    "crashed": _FRAMES + "ValueError: batch {0} has a shape of ({0}, 7)\n",
    "killed": "slurmstepd: error: *** JOB {0} ON node7 CANCELLED AT 2026-01-01T00:00:00 DUE TO TIME LIMIT ***\n",
}


def folders(root: Path, seed: int, n: int, *, steps: int = 400, seeds: int = 1, failing: bool = True) -> dict[str, str]:
    """Writes a folder of runs, `config.json` and `train.log` each, loss U-shaped in lr; gives what each run is.

    Large batches run out of memory, high learning rates diverge, some runs crash by lot.
    """
    rng = np.random.default_rng([seed, n, 3])
    kinds = {}
    for at in range(n // seeds):
        settings = {name: draw(rng) for name, draw in SPACE.items()}
        for seed_at in range(seeds):
            name = f"run_{at * seeds + seed_at:04d}"
            kind = _kind(settings, rng) if failing else "ok"
            config = {
                **settings,
                "seed": seed_at,
                "run_name": name,
                "model": {"dim": 256, "layers": 4},
                "max_steps": steps,
            }
            (root / name).mkdir(parents=True)
            (root / name / "config.json").write_text(json.dumps(config))
            (root / name / "train.log").write_text("".join(_lines(settings, kind, steps, rng)))
            kinds[name] = kind
    return kinds


def _kind(settings: Settings, rng: np.random.Generator) -> str:
    if settings["batch_size"] == 128 and rng.random() < 0.5:
        return "oom"
    if settings["lr"] > 0.03:
        return "diverged"
    return str(rng.choice(["crashed", "killed", "ok"], p=[0.04, 0.02, 0.94]))


def _lines(settings: Settings, kind: str, steps: int, rng: np.random.Generator) -> Iterator[str]:
    """The log of one run: a line a step, and how it ended."""
    end = steps if kind in ("ok", "diverged") else int(rng.integers(steps // 10, steps // 2))
    final = 3.0 + EFFECTS["u_shaped"](settings) + rng.normal(0, 0.02)
    along = np.arange(end) / steps
    losses = final + 4 * np.exp(-12 * along) + rng.normal(0, 0.03, end)
    if kind == "diverged":
        losses += np.where(along > 0.5, 20 * (along - 0.5), 0.0)
    times = 0.1 * settings["batch_size"] / 64 + 0.05 + rng.normal(0, 0.001, end)
    for step, (loss, time) in enumerate(zip(losses, times, strict=True)):
        yield f"step {step}: loss {loss:.4f}, lr {settings['lr']:.3g}, step_time {time:.4f} s\n"
    yield _ENDINGS.get(kind, "").format(int(rng.integers(2, 90)))
