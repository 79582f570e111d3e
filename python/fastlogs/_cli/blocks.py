"""What a command answers: blocks to show, and the same as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """Lines as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by name; numbers stand right."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    title: str = ""


Block: TypeAlias = Text | Table


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verb's answer. `document` is the JSON without its schema; `failed` means exit code 1."""

    verb: str
    blocks: tuple[Block, ...]
    document: dict[str, Any] = field(default_factory=dict)
    failed: bool = False
