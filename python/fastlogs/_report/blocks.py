"""What a report is made of: headings, texts and tables, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias


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
        """Whether a column holds a number."""
        return any(isinstance(row[at], int | float) for row in self.rows)


Block: TypeAlias = Heading | Text | Prose | Table
