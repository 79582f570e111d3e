"""Families of metrics, such as `mode1_ppl` to `mode5_ppl`: a table each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fastlogs._compare.choice import families as families_of
from fastlogs._compare.choice import shared
from fastlogs._report.blocks import Block, Heading, Prose, Table
from fastlogs.stats.describe import Description, describe
from fastlogs.stats.naive import outliers, ratio_divergence, row_convergence

if TYPE_CHECKING:
    from fastlogs._compare import Pair
    from fastlogs._compare.series import Series

_CLEAR = 1.5


def families(pair: Pair) -> Iterator[Block]:
    """For each family that both arms have: finals, ratio, improvement, spread, convergence, and where they part."""
    for key, members in families_of(shared(pair.baseline, pair.candidate)).items():
        yield Heading(f"Family {key}", 2)
        yield _table(pair, members)
        yield from _changes(pair, members)


def _table(pair: Pair, members: list[str]) -> Table:
    a, b = pair.baseline.name, pair.candidate.name
    columns = ("metric", f"{a} final", f"{b} final", "ratio", f"{a} improvement", f"{b} improvement",
               f"{a} CV", f"{b} CV", f"{a} converged", f"{b} converged", f"{a} outliers", f"{b} outliers")  # fmt: skip
    rows = [_row(name, *_both(pair, name)) for name in members]
    return Table(columns, rows, f"Last values, {a} at {_end(pair, members, 0)}, {b} at {_end(pair, members, 1)}")


def _end(pair: Pair, members: list[str], side: int) -> str:
    """Where the longest of a family ends."""
    ends = [both[side].x[-1] for name in members if (both := _both(pair, name))[side].x.size]
    return f"{pair.options.x} {max(ends):,.6g}" if ends else "no step"


def _both(pair: Pair, name: str) -> tuple[Series, Series]:
    return pair.baseline.curves[0].series(name), pair.candidate.curves[0].series(name)


def _row(name: str, a: Series, b: Series) -> list[Any]:
    told = [describe(series.x, series.y) for series in (a, b)]
    ratio = _ratio(*told)
    settled = ["yes" if row_convergence(s.y).converged else "no" for s in (a, b)]
    return [
        name,
        *(_f(t.last, ".2f") for t in told),
        None if ratio is None else f"{ratio:.2f}x",
        *(_f(t.improvement_percent, ".1f", " %") for t in told),
        *(_f(t.cv, ".3f") for t in told),
        *settled,
        *(len(outliers(s.logged_y)) for s in (a, b)),
    ]


def _ratio(a: Description, b: Description) -> float | None:
    return a.last / b.last if a.last is not None and b.last else None


def _f(value: float | None, form: str, unit: str = "") -> str | None:
    return None if value is None else format(value, form) + unit


def _changes(pair: Pair, members: list[str]) -> Iterator[Block]:
    """Which way each metric went, said with the right names; and the first step where one is twice the other."""
    a, b = pair.baseline.name, pair.candidate.name
    for name in members:
        first, second = _both(pair, name)
        ratio = _ratio(describe(first.x, first.y), describe(second.x, second.y))
        parted = ratio_divergence(first.x, first.y, second.x, second.y)
        where = f"; twice the other from {pair.options.x} {parted.x:,.6g}" if parted is not None else ""
        if ratio is not None and ratio > _CLEAR:
            yield Prose(f"{name}: {b} is {ratio:.2f}x lower{where}.")
        elif ratio is not None and 0 < ratio < 1 / _CLEAR:
            yield Prose(f"{name}: {a} is {1 / ratio:.2f}x lower{where}.")
