"""What differs between two arms: their settings, their final values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fastlogs._compare import words
from fastlogs._compare.quality import Quality
from fastlogs._report.blocks import Block, Table
from fastlogs._report.cells import cell

if TYPE_CHECKING:
    from fastlogs._compare import Comparison, Pair

_MOST_SETTINGS = 40


def settings(pair: Pair) -> Iterator[Block]:
    """The settings that differ, when both arms state theirs."""
    rows = [(key, cell(a), cell(b)) for key, (a, b) in pair.config.items()]
    if rows:
        title = f"Settings that differ ({len(rows)})"
        yield Table(("setting", pair.baseline.name, pair.candidate.name), rows[:_MOST_SETTINGS], title)


def ranking(found: Comparison) -> Table:
    """A line a candidate, the one that is furthest ahead first; those without an estimate last."""
    told = [(name, pair.quality) for name, pair in found.pairs.items()]
    told.sort(key=lambda one: _ahead(one[1]))
    columns = ("candidate", "metric", found.baseline.name, "candidate's", "difference", "95 % CI", "%", "verdict")
    rows = []
    for name, quality in told:
        metric, a, b, gap, interval, percent, _, claim = _difference(quality)
        rows.append((name, metric, a, b, gap, interval, percent, claim))
    return Table(columns, rows, "Final values")


def _ahead(found: Quality) -> float:
    """How far behind the baseline, in the metric's goal; what is unknown is behind all."""
    gap = found.estimate.difference
    return math.inf if gap is None else (-gap if found.goal == "high" else gap)


def differences(pair: Pair) -> Table:
    """A line a metric: final values, difference, interval, verdict."""
    columns = ("metric", pair.baseline.name, pair.candidate.name, "difference", "95 % CI", "%", "q", "verdict")
    rows = [_difference(found) for found in pair.metrics.values()]
    keep = [at for at, name in enumerate(columns) if name != "q" or any(row[at] is not None for row in rows)]
    return Table(tuple(columns[at] for at in keep), [[row[at] for at in keep] for row in rows], "Final values")


def _difference(found: Quality) -> list[Any]:
    estimate = found.estimate
    digits = words.places(estimate.interval)
    named = f"{found.metric} ({found.unit})" if found.unit else found.metric
    values = [_fixed(value, digits) for value in (estimate.baseline, estimate.candidate, estimate.difference)]
    interval = (
        None if estimate.interval is None else " to ".join(_fixed(edge, digits) or "" for edge in estimate.interval)
    )
    percent = None if estimate.percent is None else f"{estimate.percent:+.2g}"
    q = None if found.q is None else f"{found.q:.2g}"
    return [named, *values, interval, percent, q, words.spelt(found.verdict)]


def _fixed(value: float | None, digits: int) -> str | None:
    return None if value is None else f"{value:,.{digits}f}"
