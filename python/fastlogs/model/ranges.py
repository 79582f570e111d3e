"""What the values of metrics mean: good and bad ranges, as data."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Literal, TypeAlias

Label: TypeAlias = Literal["good", "between", "bad", ""]


@dataclass(frozen=True, slots=True)
class Range:
    """Where a metric is good and where it is bad, both ends included; some have only a meaning."""

    keys: tuple[str, ...]
    meaning: str
    good: tuple[float, float] | None = None
    bad: tuple[float, float] | None = None

    def label(self, value: float) -> Label:
        """What a value is."""
        if self.good is None or self.bad is None or value != value:
            return ""
        if self.good[0] <= value <= self.good[1]:
            return "good"
        return "bad" if self.bad[0] <= value <= self.bad[1] else "between"


def judge(key: str, value: float) -> Label:
    """What a metric's value means: good, bad, between the two, or nothing that we know of.

    >>> judge("sparse/kl_at_1e-06", 0.005), judge("analysis/sparse/kl_at_1e-06", 0.2), judge("loss", 1.0)
    ('good', 'bad', '')
    """
    found = range_of(key)
    return found.label(value) if found else ""


def range_of(key: str) -> Range | None:
    """The ranges of a metric, whatever its prefix; None of one that has none."""
    tail = "/".join(key.split("/")[-2:])
    return next((r for r in ranges() if any(fnmatchcase(tail, k) for k in r.keys)), None)


@cache
def ranges() -> tuple[Range, ...]:
    """All of `ranges.toml`."""
    import tomllib

    data = tomllib.loads((resources.files("fastlogs.model") / "ranges.toml").read_text(encoding="utf-8"))
    return tuple(_range(**entry) for entry in data["range"])


def _range(keys: list[str], meaning: str, good: list[float] | None = None, bad: list[float] | None = None) -> Range:
    return Range(tuple(keys), meaning, _ends(good), _ends(bad))


def _ends(ends: list[float] | None) -> tuple[float, float] | None:
    return (ends[0], ends[1]) if ends else None
