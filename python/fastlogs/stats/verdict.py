"""What may be said of a difference: margins, verdicts, and what is still possible."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Verdict = Literal[
    "better", "worse", "different", "equivalent", "identical", "no_difference_found", "not_enough_evidence"
]
Goal = Literal["low", "high", "none"]
Interval = tuple[float, float]

LEVEL = 0.05
_OPPOSITE = {"better": "worse", "worse": "better"}


@dataclass(frozen=True, slots=True)
class Margin:
    """The largest difference that nobody cares about: a share of the baseline, or in the metric's unit; 0 is off."""

    value: float
    relative: bool

    @classmethod
    def of(cls, given: Margin | str | float) -> Margin:
        """The margin that "0.5%" (relative) or 0.02 (in the metric's unit) means; ValueError for anything else.

        >>> Margin.of("0.5%").resolve(3.30)
        0.0165
        """
        if isinstance(given, Margin):
            return given
        text = str(given).strip()
        value = _number(text.removesuffix("%"))
        if value is None:
            raise ValueError(f'wanted a margin such as "0.5%" or 0.02, found {given!r}')
        return cls(value / 100.0, True) if text.endswith("%") else cls(value, False)

    def resolve(self, baseline: float | None) -> float:
        """The margin in the metric's unit; 0 (off) when it is a share of something unknown."""
        if not self.relative:
            return self.value
        size = 0.0 if baseline is None or not math.isfinite(baseline) else abs(baseline)
        return self.value * size

    def __str__(self) -> str:
        return f"{self.value * 100.0:.6g}%" if self.relative else f"{self.value:.6g}"


@dataclass(frozen=True, slots=True)
class Excluded:
    """What an interval still allows, for "no difference found", which is never "the same"."""

    low: float
    high: float
    largest: float
    beyond_margin: bool | None

    def shares(self, baseline: float | None) -> Interval | None:
        """The same as shares of the baseline."""
        return (self.low / abs(baseline), self.high / abs(baseline)) if baseline else None


def verdict(
    difference: float | None,
    p: float | None,
    interval90: Interval | None,
    margin: float,
    goal: Goal,
    *,
    reason: str | None = None,
    identical: bool = False,
) -> Verdict:
    """One word on a difference, in this order: identical, not enough evidence, equivalent, better or worse, none found.

    A metric without a goal is `different`. A short log's bitwise copy is still a copy: identity needs no evidence.

    >>> verdict(-0.018, 0.001, (-0.025, -0.011), 0.0, "low")
    'better'
    """
    if identical:
        return "identical"
    if reason is not None or difference is None or p is None or math.isnan(difference) or math.isnan(p):
        return "not_enough_evidence"
    if inside(interval90, margin):
        return "equivalent"
    if p >= LEVEL:
        return "no_difference_found"
    return direction(difference, goal)


def direction(difference: float, goal: Goal) -> Verdict:
    """What a difference that is there means for the goal."""
    if goal == "none" or difference == 0.0:
        return "different" if difference else "no_difference_found"
    return "better" if (difference < 0.0) == (goal == "low") else "worse"


def inside(interval: Interval | None, margin: float) -> bool:
    """Whether all of the interval is closer to zero than the margin; never when the margin is off."""
    return interval is not None and margin > 0.0 and -margin < interval[0] and interval[1] < margin


def negligible(found: Verdict, interval95: Interval | None) -> bool:
    """Whether arms that are equivalent nevertheless differ: "statistically different but negligible"."""
    return found == "equivalent" and interval95 is not None and not interval95[0] <= 0.0 <= interval95[1]


def excluded(interval: Interval | None, margin: float) -> Excluded | None:
    """The differences that cannot be excluded, and whether those beyond the margin are.

    >>> excluded((-0.012, 0.016), 0.02).beyond_margin
    True
    """
    if interval is None:
        return None
    low, high = interval
    return Excluded(low, high, max(abs(low), abs(high)), inside(interval, margin) if margin > 0.0 else None)


def settled(found: Verdict, others: Mapping[str, Verdict]) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict after the sensitivity checks, and the names of the checks it depends on.

    It is lost only when a check says the opposite; one that finds less is named and no more.

    >>> settled("better", {"last 5 %": "better", "last 20 %": "no_difference_found"})
    ('better', ('last 20 %',))
    """
    depends = tuple(name for name, other in others.items() if found in _OPPOSITE and other != found)
    reversed_ = any(others[name] == _OPPOSITE[found] for name in depends)
    return ("no_difference_found" if reversed_ else found), depends


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0.0 else None
