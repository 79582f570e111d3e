"""Figures as PNG bytes, one after the other, so that no more than one is held."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from fastlogs._report.blocks import Block, Figure, Heading, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

# What draws a figure, or why there is none.
Draw: TypeAlias = "Callable[[], Sheet | str] | str"
Plan: TypeAlias = Mapping[str, Draw]
# What the start of a file name shows, where it is no figure's name.
_ALT = {"training_curves": "Curves of one run.", "curves": "Curves of one run."}


@dataclass(frozen=True)
class Pictures:
    """The figures of a plan that are wanted: bytes by file name, and why others are missing."""

    found: Mapping[str, bytes] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)

    def without_missing(self, blocks: Iterable[Block]) -> list[Block]:
        """The blocks, and at their end which figures there are not and why."""
        kept = [block for block in blocks if not isinstance(block, Figure) or block.file not in self.missing]
        if self.missing:
            kept += [Heading("Figures left out", 2), Table(("figure", "why"), list(self.missing.items()))]
        return kept


def drawn(plan: Plan, wanted: Callable[[str], bool]) -> Pictures:
    """Draws the wanted figures of a plan."""
    found: dict[str, bytes] = {}
    missing: dict[str, str] = {}
    for name, made in sheets(plan, wanted):
        if isinstance(made, str):
            missing[name] = made
        else:
            found[name] = _png(made)
    return Pictures(found, missing)


def sheets(plan: Plan, wanted: Callable[[str], bool]) -> Iterator[tuple[str, Sheet | str]]:
    """The wanted figures themselves, each drawn when it is asked for; or why there is none."""
    from fastlogs.plot.folder import tried

    return ((name, tried(draw)) for name, draw in plan.items() if wanted(name))


def _png(sheet: Sheet) -> bytes:
    from fastlogs.plot.write import png

    out = io.BytesIO()
    png(sheet, out, sheet.dpi)
    return out.getvalue()


def alt(file: str) -> str:
    """What a figure shows, by its file name.

    >>> alt("losses_diff.png"), alt("mode1_comparison.png")
    ('The difference from the baseline with its band, margin and onset.', 'mode1: values, loss, ratio, difference.')
    """
    from fastlogs.plot import FIGURES

    stem = Path(file).stem
    about = {**FIGURES, **_ALT}
    known = max((name for name in about if stem == name or stem.startswith(f"{name}_")), key=len, default="")
    if not known and stem.endswith("_comparison"):
        return f"{stem.removesuffix('_comparison')}: values, loss, ratio, difference."
    of = stem.removeprefix(known).strip("_")
    return about.get(known, stem) + (f" ({of})" if known and of else "")
