"""A comparison as a report: short for a terminal, whole for a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fastlogs._compare.facts import facts
from fastlogs._report.blocks import Block, Heading, Prose
from fastlogs._report.sections.anomalies import anomalies
from fastlogs._report.sections.classic import classic
from fastlogs._report.sections.course import course
from fastlogs._report.sections.differences import differences, ranking, settings
from fastlogs._report.sections.families import families
from fastlogs._report.sections.method import method, sensitivity
from fastlogs._report.sections.runs import key_findings, runs
from fastlogs._report.sections.speeds import speeds

if TYPE_CHECKING:
    from fastlogs._compare import Comparison, Pair


# With more candidates than this a line each says more than a page each.
_MANY = 12


def brief(found: Comparison, prefix: str = "") -> tuple[Block, ...]:
    """What fits a screen or two: verdicts, cautions, what differs, speed, anomalies."""
    return tuple(_brief(found, prefix))


def _brief(found: Comparison, prefix: str) -> Iterator[Block]:
    if len(found.pairs) > _MANY:
        yield Heading(f"{prefix}{len(found.pairs):,} candidates against {found.baseline.name}")
        yield ranking(found)
        return
    for name, pair in found.pairs.items():
        yield Heading(f"{prefix}{name} against {found.baseline.name}", 1 if len(found.pairs) == 1 else 2)
        yield from _answer(pair)
    yield from anomalies(found)


def _answer(pair: Pair) -> Iterator[Block]:
    yield from (Prose(text, "" if at else "verdict") for at, text in enumerate(pair.sentences))
    yield from (Prose(f"caution: {text}", "caution") for text in pair.warnings)
    yield from settings(pair)
    yield differences(pair)
    if pair.pace is not None:
        yield speeds(pair)


def whole(found: Comparison, prefix: str = "", more: Iterable[Block] = ()) -> tuple[Block, ...]:
    """Everything there is to say, in the order of a report; `more` stands behind the verdicts."""
    return tuple(_whole(found, prefix, more))


def _whole(found: Comparison, prefix: str, more: Iterable[Block]) -> Iterator[Block]:
    yield Heading(f"{prefix}Comparison with {found.baseline.name}")
    for name, pair in found.pairs.items():
        yield Heading(f"Verdict: {name} against {found.baseline.name}", 2)
        yield from _answer(pair)
    yield from more
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
