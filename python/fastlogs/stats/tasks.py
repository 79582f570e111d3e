"""Several tasks with several seeds each: interquartile mean, probability of improvement, and their bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from fastlogs.stats.floats import Floats

Tasks = Sequence[npt.ArrayLike]
Score = Callable[[list[Floats], list[Floats]], Floats]

# A bootstrap of fewer is anti-conservative: it alarms 11 to 33 % of the time (STATS 2.3).
LEAST_SEEDS, LEAST_RUNS = 5, 10
_PIECE = 200


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over tasks with its bootstrap interval; `reason` says why there is none."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    baseline: float | None
    candidate: float | None
    tasks: int
    runs: int
    reason: str | None = None


def iqm(values: npt.ArrayLike) -> float | None:
    """The mean of the middle half of the values; None for no values.

    >>> iqm([1.0, 2.0, 3.0, 100.0])
    2.5
    """
    y = np.asarray(values, dtype=np.float64).ravel()
    return float(_iqm(y)) if len(y) and np.isfinite(y).all() else None


def aggregate(
    baseline: Tasks,
    candidate: Tasks,
    *,
    statistic: Literal["iqm", "mean"] = "iqm",
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Aggregate:
    """The difference of the arms' IQM (or mean) over all runs of all tasks, seeds resampled within each task.

    Each arm is a list of tasks of seeds. Refuses below 5 seeds per task or 10 runs per arm.
    """
    middle = _iqm if statistic == "iqm" else _mean

    def score(a: list[Floats], b: list[Floats]) -> Floats:
        return middle(np.concatenate(b, axis=-1)) - middle(np.concatenate(a, axis=-1))

    return _bootstrapped(statistic, baseline, candidate, score, middle, -1.0, level, resamples, seed)


def improvement(
    baseline: Tasks,
    candidate: Tasks,
    *,
    goal: Literal["low", "high"] = "low",
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Aggregate:
    """The chance that a run of the candidate beats one of the baseline, averaged over tasks; ties count half.

    Refuses as `aggregate` does. Half is "no better".
    """

    def score(a: list[Floats], b: list[Floats]) -> Floats:
        pairs = [np.sign(x[..., None, :] - y[..., :, None]).mean(axis=(-1, -2)) for x, y in zip(a, b, strict=True)]
        won: Floats = np.mean(pairs, axis=0) * (1.0 if goal == "low" else -1.0)
        return won

    found = _bootstrapped("improvement", baseline, candidate, score, _iqm, -1.0, level, resamples, seed)
    return _as_chance(found)


def _as_chance(found: Aggregate) -> Aggregate:
    """A balance of wins in -1..1 as a probability."""
    shares = (None if v is None else 0.5 + v / 2.0 for v in (found.value, found.low, found.high))
    value, low, high = shares
    return Aggregate(found.name, value, low, high, None, None, found.tasks, found.runs, found.reason)


def _bootstrapped(
    name: str,
    baseline: Tasks,
    candidate: Tasks,
    score: Score,
    middle: Callable[[Floats], Floats],
    mirror: float,
    level: float,
    resamples: int,
    seed: int,
) -> Aggregate:
    a, b = _sorted(baseline), _sorted(candidate)
    runs = sum(map(len, a)) + sum(map(len, b))
    reason = _flaw(a, b)
    if reason:
        return Aggregate(name, None, None, None, None, None, len(a), runs, reason)
    # The same draws whichever arm comes first, and whichever task: swapping negates, order is nothing.
    turned = _key(b) < _key(a)
    first, second = (b, a) if turned else (a, b)
    order = sorted(range(len(a)), key=lambda i: (first[i].tolist(), second[i].tolist()))
    first, second = [first[i] for i in order], [second[i] for i in order]
    drawn = _draws(first, second, score, resamples, np.random.default_rng(seed))
    drawn = drawn * mirror if turned else drawn
    low, high = np.quantile(drawn, [0.5 - level / 2.0, 0.5 + level / 2.0])
    ends = float(middle(np.concatenate(a))), float(middle(np.concatenate(b)))
    return Aggregate(name, float(score(a, b)), float(low), float(high), *ends, len(a), runs)


def _draws(a: list[Floats], b: list[Floats], score: Score, resamples: int, rng: np.random.Generator) -> Floats:
    """The score of each resample, in pieces that stay small."""
    sizes = [min(_PIECE, resamples - done) for done in range(0, resamples, _PIECE)]
    pieces = [score([_redrawn(t, n, rng) for t in a], [_redrawn(t, n, rng) for t in b]) for n in sizes]
    return np.concatenate(pieces)


def _redrawn(task: Floats, times: int, rng: np.random.Generator) -> Floats:
    return task[rng.integers(0, len(task), (times, len(task)))]


def _sorted(arm: Tasks) -> list[Floats]:
    return [np.sort(np.asarray(task, dtype=np.float64).ravel()) for task in arm]


def _key(arm: list[Floats]) -> list[list[float]]:
    return sorted(task.tolist() for task in arm)


def _flaw(a: list[Floats], b: list[Floats]) -> str | None:
    if len(a) != len(b) or not a:
        return "the arms must have the same tasks"
    if not all(np.isfinite(task).all() for task in a + b):
        return "a run has no finite value"
    if min(map(len, a + b)) < LEAST_SEEDS:
        return f"fewer than {LEAST_SEEDS} seeds in a task: a bootstrap would alarm too often"
    if min(sum(map(len, a)), sum(map(len, b))) < LEAST_RUNS:
        return f"fewer than {LEAST_RUNS} runs in an arm: a bootstrap would alarm too often"
    return None


def _iqm(values: Floats) -> Floats:
    cut = values.shape[-1] // 4
    kept: Floats = np.sort(values, axis=-1)[..., cut : values.shape[-1] - cut].mean(axis=-1)
    return kept


def _mean(values: Floats) -> Floats:
    mean: Floats = values.mean(axis=-1)
    return mean
