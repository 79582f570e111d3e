"""How large a difference is in spreads of seeds, and which differences more seeds would find."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fastlogs.stats.noncentral import shift_at, shift_found
from fastlogs.stats.seeds import Arm, Values

EXTRA = (1, 2, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Effect:
    """Hedges' g, a difference in spreads of seeds, with its interval; `reason` says why it is not known."""

    g: float | None
    low: float | None
    high: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """The difference that a test finds most of the time once each arm has `extra` more seeds."""

    extra: int
    n_a: int
    n_b: int
    difference: float


def hedges(baseline: Values, candidate: Values, level: float = 0.95) -> Effect:
    """Hedges' g of at least two seeds per arm; the interval is that of the true effect, by the noncentral t.

    >>> round(hedges([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]).g, 2)
    0.8
    """
    a, b = Arm.of(baseline, "baseline"), Arm.of(candidate, "candidate")
    if a.mean is None or b.mean is None or a.variance is None or b.variance is None:
        return Effect(None, None, None, a.flaw or b.flaw or "needs 2 seeds in each arm")
    df = a.n + b.n - 2
    sd = math.sqrt(((a.n - 1) * a.variance + (b.n - 1) * b.variance) / df)
    if sd <= 1e-15 * max(a.largest, b.largest):
        return Effect(None, None, None, "the seeds do not differ: no spread to measure by")
    d, root = (b.mean - a.mean) / sd, math.sqrt(1.0 / a.n + 1.0 / b.n)
    # The mirror image is found by the same search, so that swapping the arms negates exactly.
    near, far = (shift_at(abs(d) / root, df, share) * root for share in (0.5 + level / 2, 0.5 - level / 2))
    low, high = (near, far) if d >= 0.0 else (-far, -near)
    return Effect((1.0 - 3.0 / (4.0 * df - 1.0)) * d, low, high)


def detectable(sd: float | None, n_a: int, n_b: int, *, df: float | None = None, share: float = 0.8) -> float | None:
    """The true difference that a 5 % test finds `share` of the time, at this spread of seeds; None when unknown.

    `df` says how well the spread is known, for a floor; by default as well as these seeds tell it.

    >>> round(detectable(1.0, 5, 5), 2)
    2.02
    """
    known = n_a + n_b - 2.0 if df is None else df
    if sd is None or not math.isfinite(sd) or sd <= 0.0 or min(n_a, n_b) < 1 or known < 1.0:
        return None
    return shift_found(known, share) * sd * math.sqrt(1.0 / n_a + 1.0 / n_b)


def more_seeds(
    sd: float | None, n_a: int, n_b: int, *, extra: Sequence[int] = EXTRA, share: float = 0.8
) -> tuple[Prospect, ...]:
    """What k more seeds per arm would make detectable, for each k of `extra`; empty when the spread is unknown.

    >>> [round(p.difference, 3) for p in more_seeds(0.01, 1, 1, extra=(2, 4))]
    [0.031, 0.02]
    """
    found = ((k, detectable(sd, n_a + k, n_b + k, share=share)) for k in extra)
    return tuple(Prospect(k, n_a + k, n_b + k, d) for k, d in found if d is not None)


def seeds_needed(sd: float, difference: float, *, share: float = 0.8, most: int = 1000) -> int | None:
    """The least seeds per arm with which a true difference is found `share` of the time; None above `most`.

    >>> seeds_needed(0.01, 0.02)
    6
    """
    return _first(range(2, most + 1), sd, abs(difference), share)


def _first(counts: Iterable[int], sd: float, difference: float, share: float) -> int | None:
    for n in counts:
        found = detectable(sd, n, n, share=share)
        if found is None or found <= difference:
            return n if found is not None else None
    return None
