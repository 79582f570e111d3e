"""Tables as CSV; what is no table is left out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from fastlogs._report.blocks import Block, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = r"[-+]?[\d,]*\.?\d+(e[-+]?\d+)?"
_NUMBERS = re.compile(rf"{_NUMBER}( to {_NUMBER})?( %|x)?")


def render(blocks: Iterable[Block]) -> str:
    return "\n".join(_table(block) for block in blocks if isinstance(block, Table))


def _table(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_inert(value) for value in row] for row in table.rows)
    return out.getvalue()


def _inert(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is quoted; a number, or two, is none."""
    if not isinstance(value, str) or value[:1] not in _FORMULA or _NUMBERS.fullmatch(value):
        return value
    return f"'{value}"
