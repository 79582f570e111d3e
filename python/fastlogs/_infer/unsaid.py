"""What one reading of a log has that another has not, counted and named."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastlogs import _core
from fastlogs.errors import FastlogsError

if TYPE_CHECKING:
    import polars as pl

_CONTEXT = ("step", "epoch", "wall_time", "elapsed", "rank", "kind")


@dataclass(frozen=True)
class Reading:
    """The long table of a log, and the units of its metrics."""

    rows: pl.DataFrame
    units: dict[str, str]
    format: str = ""

    def measures(self) -> int:
        return self.rows.height

    def same(self, other: Reading) -> int:
        """How many rows the other has too, with all that stands in them."""
        return (Counter(_told(self)) & Counter(_told(other))).total()


def reading(head: bytes, **grammar: Any) -> Reading:
    """How the beginning of a log is read; by detection, or by a format."""
    import polars as pl

    options = _core.Options(layout="long", restarts="keep", **grammar)
    try:
        opened = _core.open([("", "x", io.BytesIO(head))], options)
        rows = pl.DataFrame(opened)
        return Reading(rows, _units(head, grammar), next((c.format for c in opened.coverage()), ""))
    except FastlogsError:
        return Reading(pl.DataFrame({"metric": []}), {})


def _units(head: bytes, grammar: dict[str, Any]) -> dict[str, str]:
    try:
        opened = _core.open([("", "x", io.BytesIO(head))], _core.Options(restarts="keep", **grammar))
        sum(len(batch) for batch in opened)
    except FastlogsError:
        # A table of too many columns to be wide: its units are not compared.
        return {}
    return {name: told["unit"] for name, told in opened.fields() if told.get("unit")}


def _told(reading: Reading) -> Iterator[tuple[Any, ...]]:
    rows = reading.rows
    columns = [rows[name].to_list() if name in rows.columns else [None] * rows.height for name in _CONTEXT]
    for row in zip(rows["metric"], _values(reading), *columns, strict=True):
        yield (reading.units.get(row[0], ""), *row)


def _values(reading: Reading) -> list[str]:
    """As text, so that one NaN is as another."""
    rows = reading.rows
    value, text = (rows[name].to_list() if name in rows.columns else [None] * rows.height for name in ("value", "text"))
    return [repr(v) if v is not None else repr(t) for v, t in zip(value, text, strict=True)]


def unsaid(wanted: Reading, found: Reading) -> list[str]:
    """What is lost or changed, a line each: values of a metric, then steps and other context, then units.

    >>> one = reading(b"step 1 loss 2\\nstep 2 loss 1\\nstep 3 loss 0\\n")
    >>> unsaid(one, one)
    []
    """
    a, b = (Counter(zip(r.rows["metric"], _values(r), strict=True)) for r in (wanted, found))
    out = []
    for name, count in _by_metric(a - b).items():
        out.append(f"{count:,} of {_by_metric(a)[name]:,} values of {name}")
    out += [f"{count:,} values of {name} that are no measurements" for name, count in _by_metric(b - a).items()]
    out += [f"the {name} of {count:,} values" for name in _CONTEXT if (count := _changed(wanted, found, name))]
    differ = [name for name, unit in wanted.units.items() if found.units.get(name, "") != unit]
    return out + ([f"the unit of {', '.join(differ)}"] if differ else [])


def _by_metric(values: Counter[tuple[str, str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (name, _), count in values.items():
        counts[name] += count
    return counts


def _changed(wanted: Reading, found: Reading, column: str) -> int:
    """Of the values that both have, how many have another step, epoch ..."""

    def keyed(r: Reading, *columns: str) -> Counter[tuple[Any, ...]]:
        of = [r.rows[c].to_list() if c in r.rows.columns else [None] * r.rows.height for c in columns]
        return Counter(zip(r.rows["metric"], _values(r), *of, strict=True))

    both = keyed(wanted) & keyed(found)
    return max(0, both.total() - (keyed(wanted, column) & keyed(found, column)).total())
