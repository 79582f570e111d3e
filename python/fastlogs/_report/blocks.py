"""What a report is made of: headings, texts, tables, figures and charts, in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from fastlogs.stats.floats import Floats

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
    """Sentences, wrapped to the width at hand; `tone` may say that they are a `verdict` or a `caution`."""

    text: str
    tone: str = ""


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


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture by its file name, and what it shows for who cannot see it; drawn only where pictures are wanted."""

    file: str
    alt: str
    # Charts show the same on a screen.
    paper_only: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A run's metric in a chart: thinned to what a screen can show; `x` by axis, `nan` where the line breaks."""

    run: str
    metric: str
    x: Mapping[str, Floats]
    y: Floats
    # "line", "faint" (raw values behind the smoothed), "dots" (evaluations) or "band" (an area by its corners).
    style: str = "line"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of one axis with its name: of `x`, by axis, or of `y`; a place has no length."""

    name: str
    x: Mapping[str, Floats] = field(default_factory=dict)
    y: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines on one pair of axes; `log` is the first scale, a `signed` one has none; `view` are the first limits."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    log: bool = False
    signed: bool = False
    marks: tuple[Mark, ...] = ()
    view: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts that people zoom into and hide runs of, for screens only: figures show the same on paper."""

    # A colour and a dash for each run.
    runs: Mapping[str, tuple[str, str]]
    axes: tuple[str, ...]
    charts: tuple[Chart, ...]
    notes: tuple[str, ...] = field(default=())


Block: TypeAlias = Heading | Text | Prose | Table | Figure | Charts
