"""`report`: results as one document, in any form, for a screen, for paper or for another program."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fastlogs._report import render
from fastlogs._report.blocks import Block, Charts, Figure, Heading
from fastlogs._report.pictures import Pictures, Plan, drawn, sheets
from fastlogs._whole import written
from fastlogs.errors import UsageError

if TYPE_CHECKING:
    from fastlogs._report.results import Result

# The forms that one file may have, by its ending.
FORMS = {
    ".html": "html", ".htm": "html", ".pdf": "pdf", ".txt": "text", ".md": "md", ".csv": "csv", ".tex": "latex",
    ".json": "json",
}  # fmt: skip
# How a folder's files are called when it holds one comparison, one sweep, and else.
_COMPARED = {"comparison_report.txt": "text", "comparison_report.md": "md", "comparison_data.json": "json"}
_SWEPT = {"sweep_report.txt": "text", "sweep_report.md": "md", "sweep.json": "json"}
_TOLD = {"report.txt": "text", "report.md": "md", "report.json": "json"}


@dataclass(frozen=True)
class Report:
    """A document: `blocks` in order, written by `save`, shown by notebooks.

    >>> fastlogs.report("train.log").save("train.html")
    [...Path('train.html')]
    """

    title: str
    blocks: tuple[Block, ...] = field(repr=False)
    # Every figure that a folder gets, more than the blocks show.
    figures: Plan = field(default_factory=dict, repr=False)
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    # Whether it has the charts of a page; a folder of one that has not is without report.html.
    screen: bool = field(default=True, repr=False)

    def save(self, to: str | os.PathLike[str]) -> list[Path]:
        """Writes one file by its ending (.html .pdf .md .txt .json .csv .tex), or everything into a folder; says what.

        Markdown has its pictures in a folder beside it. What is written replaces what was there, whole or not at all.
        """
        into = Path(to)
        if into.is_dir() or not into.suffix:
            return self._folder(_made(into))
        if into.suffix.lower() not in FORMS:
            raise UsageError(f"wanted a folder or {', '.join(FORMS)}, found {into.name}")
        _made(into.parent)
        form = FORMS[into.suffix.lower()]
        return self._beside(into) if form == "md" else [written(into, self.render(form))]

    def render(self, form: str) -> str | bytes:
        """The document as `html`, `text`, `md`, `latex`, `csv`, `json`, `table` (of a terminal) or `pdf` (bytes)."""
        if form == "html":
            return self._page()
        if form == "pdf":
            return self._pages()
        return self._json() if form == "json" else render(self.told(), form)

    def _wanted(self, *, paper: bool) -> frozenset[str]:
        """The figures that the blocks show on paper, or on a screen."""
        there = (block for block in self.blocks if isinstance(block, Figure))
        return frozenset(block.file for block in there if paper or not block.paper_only)

    def _page(self, pictures: Pictures | None = None) -> str:
        from fastlogs._report import html

        wanted = self._wanted(paper=False)
        found = pictures or drawn(self.figures, wanted.__contains__)
        blocks = [b for b in found.without_missing(self.blocks) if not (isinstance(b, Figure) and b.paper_only)]
        return html.render(_with_content(blocks), {name: png for name, png in found.found.items() if name in wanted})

    def _pages(self) -> bytes:
        from fastlogs._report import pdf

        made = dict(sheets(self.figures, self._wanted(paper=True).__contains__))
        missing = {name: why for name, why in made.items() if isinstance(why, str)}
        blocks = self.told(pictures=Pictures(missing=missing))
        return pdf.render(blocks, [sheet for sheet in made.values() if not isinstance(sheet, str)])

    def told(self, *, keep_figures: bool = False, pictures: Pictures | None = None) -> list[Block]:
        """The blocks for a form without a screen: no charts, and no heading above nothing."""
        kept = self.blocks if pictures is None else pictures.without_missing(self.blocks)
        dropped = Charts if keep_figures else (Charts, Figure)
        return _with_content([block for block in kept if not isinstance(block, dropped)])

    def _json(self) -> str:
        import json

        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False, default=str) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """What the results say as data, under `schema: fastlogs.report/1`; of one comparison its own document."""
        from fastlogs._compare.document import finite

        whole = {"schema": "fastlogs.report/1", "title": self.title, **self.data}
        told: dict[str, Any] = finite(dict(self.data) if "schema" in self.data else whole)
        return told

    def _beside(self, into: Path) -> list[Path]:
        """Markdown, and its pictures in a folder of its name."""
        pictures = drawn(self.figures, self._wanted(paper=True).__contains__)
        place = into.with_name(f"{into.stem}_files")
        files = [written(_made(place) / name, png) for name, png in pictures.found.items()]
        blocks = self.told(keep_figures=True, pictures=pictures)
        return [written(into, render(_moved(blocks, place.name), "md")), *files]

    def _folder(self, into: Path) -> list[Path]:
        """Every form and every figure."""
        pictures = drawn(self.figures, lambda _: True)
        names = {"fastlogs.compare/1": _COMPARED, "fastlogs.sweep/1": _SWEPT}.get(self.data.get("schema", ""), _TOLD)
        told = {
            "text": lambda: render(self.told(pictures=pictures), "text"),
            "md": lambda: render(self.told(keep_figures=True, pictures=pictures), "md"),
            "json": self._json,
        }
        files = [written(into / "report.html", self._page(pictures))] if self.screen else []
        files += [written(into / name, told[form]()) for name, form in names.items()]
        return files + [written(into / name, png) for name, png in pictures.found.items()]

    def __repr__(self) -> str:
        counted = f"{len(self.blocks)} blocks, {len(self.figures)} figures"
        text = f"<Report {self.title!r}: {counted}"
        return f"{text}>" if len(text) < 80 else f"{text[:76]}...>"

    def _repr_html_(self) -> str:
        from fastlogs._report import html

        return html.fragment(self.told())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """For notebooks: the title and tables; the charts are for a page of their own."""
        return {"text/plain": repr(self), "text/html": self._repr_html_(), "text/markdown": str(self.render("md"))}


def report(*results: Any, title: str | None = None) -> Report:
    """One document of results in any order: paths, `Run`s, `Runs`, frames, `Comparison`s, `Findings`, `Sweep`s.

    Refuses (`TooFew`) nothing at all. A run that cannot be read is told in the report, unless it is the only one.

    >>> fastlogs.report("train.log")
    <Report 'train': ...>
    """
    return composed(results, title=title)


def composed(results: Iterable[Any], *, title: str | None = None, prefix: str = "", screen: bool = True) -> Report:
    """The same; `prefix` stands before the titles of comparisons and their figures; charts for a `screen` only."""
    from fastlogs._report.results import results_of

    found = results_of(results, prefix, screen=screen)
    named = title or " and ".join(result.title for result in found)
    blocks = [Heading(named), *(block for result in found for block in result.blocks)]
    data = found[0].data if len(found) == 1 else {"results": [result.data for result in found]}
    return Report(named, tuple(blocks), MappingProxyType(_together(found)), MappingProxyType(dict(data)), screen)


def for_screen(to: str | None, html: bool = True) -> bool:
    """Whether what is written there has a page with charts: x.html, or a folder unless that is not wanted."""
    form = FORMS.get(Path(to).suffix.lower()) if to is not None and not os.path.isdir(to) else "folder"
    return to is not None and (form == "html" or (html and form in ("folder", None)))


def _together(results: Iterable[Result]) -> dict[str, Any]:
    """The figures of all results."""
    return {name: draw for result in results for name, draw in result.figures.items()}


def _made(folder: Path) -> Path:
    """The folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _with_content(blocks: list[Block]) -> list[Block]:
    """Without headings that have nothing below them."""
    kept: list[Block] = []
    for block in blocks:
        while kept and isinstance(block, Heading) and _above(kept[-1], block):
            kept.pop()
        kept.append(block)
    while kept and isinstance(kept[-1], Heading) and kept[-1].level > 1:
        kept.pop()
    return kept


def _above(before: Block, heading: Heading) -> bool:
    return isinstance(before, Heading) and before.level >= max(heading.level, 2)


def _moved(blocks: Iterable[Block], place: str) -> list[Block]:
    return [replace(block, file=f"{place}/{block.file}") if isinstance(block, Figure) else block for block in blocks]
