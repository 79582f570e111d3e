"""A comparison as a report: short for a terminal, whole for a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlogs._compare.facts import facts
from fastlogs._report import render
from fastlogs._report.blocks import Block, Heading, Prose, Table
from fastlogs._report.sections.anomalies import anomalies
from fastlogs._report.sections.classic import classic
from fastlogs._report.sections.course import course
from fastlogs._report.sections.differences import differences, settings
from fastlogs._report.sections.families import families
from fastlogs._report.sections.method import method, sensitivity
from fastlogs._report.sections.runs import key_findings, runs
from fastlogs._report.sections.speeds import speeds

if TYPE_CHECKING:
    from fastlogs._compare import Comparison, Pair


# The forms that one file may have, by its ending.
_FORMS = {".txt": "text", ".md": "md", ".csv": "csv", ".tex": "latex", ".json": "json"}


def brief(found: Comparison, prefix: str = "") -> tuple[Block, ...]:
    """What fits a screen or two: verdicts, cautions, what differs, speed, anomalies."""
    return tuple(_brief(found, prefix))


def _brief(found: Comparison, prefix: str) -> Iterator[Block]:
    for name, pair in found.pairs.items():
        yield Heading(f"{prefix}{name} against {found.baseline.name}", 1 if len(found.pairs) == 1 else 2)
        yield from _answer(pair)
    yield from anomalies(found)


def _answer(pair: Pair) -> Iterator[Block]:
    yield from map(Prose, pair.sentences)
    yield from (Prose(f"caution: {text}") for text in pair.warnings)
    yield from settings(pair)
    yield differences(pair)
    if pair.pace is not None:
        yield speeds(pair)


def whole(found: Comparison, prefix: str = "") -> tuple[Block, ...]:
    """Everything there is to say, in the order of a report."""
    return tuple(_whole(found, prefix))


def _whole(found: Comparison, prefix: str) -> Iterator[Block]:
    yield Heading(f"{prefix}Comparison with {found.baseline.name}")
    for name, pair in found.pairs.items():
        yield Heading(f"Verdict: {name} against {found.baseline.name}", 2)
        yield from _answer(pair)
    yield Heading("Runs", 2)
    yield runs(found)
    yield Heading("KEY FINDINGS", 2)
    yield from key_findings(found)
    for pair in found.pairs.values():
        for section in (families, course, sensitivity, classic):
            yield from section(pair)
    yield from anomalies(found)
    yield from method(found)


def data(found: Comparison) -> dict[str, Any]:
    """The JSON of the comparison with the facts of every run."""
    from fastlogs._compare.document import finite

    told = {name: finite(facts(curves).to_dict()) for name, curves in found.runs.items()}
    return {**found.to_dict(), "runs": told}


def save(found: Comparison, to: str | os.PathLike[str], prefix: str = "") -> list[Path]:
    """Writes the report as text and Markdown, the JSON and the figures into a folder that is made if need be; says what.

    A path that ends in .txt, .md, .csv, .tex or .json is one file: the whole report in that form.
    """
    into = Path(to)
    if into.suffix in _FORMS and not into.is_dir():
        into.parent.mkdir(parents=True, exist_ok=True)
        return [_written(into, _told(found, _FORMS[into.suffix], prefix))]
    into.mkdir(parents=True, exist_ok=True)
    pictures, missing = _drawn(found, into, prefix)
    names = {"comparison_report.txt": "text", "comparison_report.md": "md", "comparison_data.json": "json"}
    texts = [_written(into / name, _told(found, form, prefix, missing)) for name, form in names.items()]
    return [*texts, *pictures]


def _drawn(found: Comparison, into: Path, prefix: str) -> tuple[list[Path], list[Block]]:
    """Writes the figures one by one; and says of which there are none, and why."""
    from fastlogs.plot import figures
    from fastlogs.plot import save as save_figure

    written: list[Path] = []
    reasons: list[tuple[str, str]] = []
    for name, made in figures(found, prefix, found.options.smooth):
        if isinstance(made, str):
            reasons.append((name, made))
        else:
            written.append(save_figure(made, into / name))
    left: list[Block] = [Heading("Figures left out", 2), Table(("figure", "why"), reasons)] if reasons else []
    return written, left


def _told(found: Comparison, form: str, prefix: str, more: Sequence[Block] = ()) -> str:
    if form == "json":
        return json.dumps(data(found), indent=2, ensure_ascii=False) + "\n"
    return render((*whole(found, prefix), *more), form)


def _written(path: Path, text: str) -> Path:
    """Whole or not at all: nobody finds half a file under its name."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
