"""Where in a log findings are: the lines of their first steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fastlogs._findings import Finding
from fastlogs._read import table_of
from fastlogs.errors import FastlogsError

if TYPE_CHECKING:
    from fastlogs._run import Run

# Larger logs are not read a second time for the sake of line numbers.
_MOST_BYTES = 64 << 20


def located(run: Run, findings: Sequence[Finding]) -> list[Finding]:
    """The findings with the line of their first step, where the log is one small plain text file."""
    if not any(_is_placed(f) for f in findings) or not _has_lines(run):
        return list(findings)
    try:
        lines = _lines(run, findings)
    except (FastlogsError, OSError):
        # The file went or changed since: the findings hold without their lines.
        return list(findings)
    return [replace(f, lines=lines.get((f.metric, f.first_step), ())) for f in findings]


def _is_placed(finding: Finding) -> bool:
    return finding.metric is not None and finding.first_step is not None


def _has_lines(run: Run) -> bool:
    """Whether offsets are places in the file as it lies on the disk."""
    sources, read = run.request.sources, run.coverage.sources
    plain = all(s.codec in ("", "none", "plain") and s.encoding == "utf-8" and s.lines for s in read)
    small = len(sources.files) == 1 and sources.repeatable and 0 < sources.bytes <= _MOST_BYTES
    return plain and small and run.request.line_hook is None


def _lines(run: Run, findings: Iterable[Finding]) -> dict[tuple[str | None, int | None], tuple[int, ...]]:
    """Line by metric and step; of a step that was logged again, the last."""
    import polars as pl

    wanted = {(f.metric, f.first_step) for f in findings if _is_placed(f)}
    names = sorted({metric for metric, _ in wanted if metric is not None})
    long, _, _ = table_of(run.request.with_options(layout="long", metrics=names))
    rows = long.filter(pl.col("step").is_in([step for _, step in wanted])).select("metric", "step", "offset")
    there = {(metric, step): at for metric, step, at in rows.iter_rows() if (metric, step) in wanted and at is not None}
    numbers = _numbers(run, sorted(set(there.values())))
    return {place: (numbers[at],) for place, at in there.items()}


def _numbers(run: Run, offsets: list[int]) -> dict[int, int]:
    """The line, from 1, that each offset lies in."""
    path = run.request.sources.files[0].path
    if path is None or not offsets:
        return {}
    with open(path, "rb") as file:
        data = file.read(offsets[-1])
    numbers: dict[int, int] = {}
    before, line = 0, 1
    for at in offsets:
        line += data.count(b"\n", before, at)
        numbers[at], before = line, at
    return numbers
