"""Tables as CSV; what is no table is left out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from fastlogs._report.blocks import Block, Table


def render(blocks: Iterable[Block]) -> str:
    return "\n".join(_table(block) for block in blocks if isinstance(block, Table))


def _table(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_inert(value) for value in row] for row in table.rows)
    return out.getvalue()


def _inert(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
