"""What a report is made of: headings, texts and tables, in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

# A number with its sign, unit or interval.
_NUMBER = re.compile(r"[+-]?\d[\d,.]*(e[+-]?\d+)?( ?%|x| ± .*| to [+-]?\d.*)?$")


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows; level 1 is the report's own."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """Lines as they are: what a machine said."""

    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Sentences, wrapped to the width at hand."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by name; numbers stand right."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    title: str = ""

    def is_numeric(self, at: int) -> bool:
        """Whether a column holds numbers, as they are or written out; the first is a label unless it is all numbers."""
        there = [row[at] for row in self.rows if row[at] not in (None, "")]
        return any(isinstance(value, int | float) for value in there) or (
            at > 0 and bool(there) and all(_NUMBER.match(str(value)) for value in there)
        )


Block: TypeAlias = Heading | Text | Prose | Table
