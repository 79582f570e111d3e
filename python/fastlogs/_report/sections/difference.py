"""The difference from the baseline as a chart: its band, its margin, the window of the verdict, where the runs part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from fastlogs._report.blocks import Chart, Line, Mark
from fastlogs.errors import TooFew

if TYPE_CHECKING:
    from fastlogs._compare import Comparison, Pair
    from fastlogs._report.sections.charts import Seen
    from fastlogs.plot.difference import Difference
    from fastlogs.stats.floats import Floats

# Bands of more candidates hide each other; more lines than these say less than the table.
_BANDS, _MOST = 4, 12


def difference_chart(found: Comparison, seen: Mapping[str, Seen]) -> Chart | None:
    """Candidate less baseline of each pair, in 64 stretches; None when no pair has a range in common."""
    pairs = list(found.pairs.values())[:_MOST]
    there = [(pair, told) for pair in pairs if (told := _told(pair)) is not None]
    if not there:
        return None
    lines = [line for pair, told in there for line in _lines(pair, told, seen, band=len(there) <= _BANDS)]
    pair, told = there[0]
    marks = tuple(_marks(pair, seen[_run(pair, seen)])) if len(there) == 1 else (Mark("", y=(0.0, 0.0)),)
    title = f"difference in {pair.primary} from {found.baseline.name}"
    return Chart(
        title, pair.quality.unit or "", tuple(lines), signed=True, marks=marks, view=_view([t for _, t in there])
    )


def _told(pair: Pair) -> Difference | None:
    from fastlogs.plot.difference import difference

    try:
        return difference(pair, pair.primary)
    except TooFew:
        # The table of the differences says so in words.
        return None


def _run(pair: Pair, seen: Mapping[str, Seen]) -> str:
    """The run whose colour the pair has: the candidate, or the first of its seeds."""
    return next(name for name, one in seen.items() if one.curves is pair.candidate.curves[0])


def _lines(pair: Pair, told: Difference, seen: Mapping[str, Seen], *, band: bool) -> Iterator[Line]:
    run = _run(pair, seen)
    known = np.isfinite(told.low) & np.isfinite(told.high)
    if band and known.any():
        x = np.concatenate([told.x[known], told.x[known][::-1]])
        y = np.concatenate([told.high[known], told.low[known][::-1]])
        yield Line(run, pair.primary, _places(seen[run], x), y, "band")
    yield Line(run, pair.primary, _places(seen[run], told.x), told.y)


def _places(one: Seen, x: Floats) -> dict[str, Floats]:
    return {one.curves.axis: x, **one.along(x)}


def _marks(pair: Pair, one: Seen) -> Iterator[Mark]:
    """What the figure for paper marks too."""
    yield Mark("", y=(0.0, 0.0))
    quality = pair.quality
    if quality.margin:
        yield Mark("margin", y=(-quality.margin, quality.margin))
    window = quality.within
    if window is not None and window.window_low is not None and window.window_high is not None:
        yield Mark("verdict window", _places(one, np.array([window.window_low, window.window_high])))
    parted = quality.divergence
    if parted is not None and parted.onset is not None and parted.interval is not None:
        yield Mark("", _places(one, np.array(parted.interval)))
        said = "parted from the start" if parted.from_the_start else "parted"
        yield Mark(said, _places(one, np.array([parted.onset, parted.onset])))


def _view(told: list[Difference]) -> tuple[float, float] | None:
    """Limits by the bulk of the bands: the first stretches of a steep start may be cut off until one zooms out."""
    edges = np.concatenate([[0.0], *(part for one in told for part in (one.y, one.low, one.high))])
    edges = edges[np.isfinite(edges)]
    low, high = np.quantile(edges, (0.05, 0.95))
    room = 0.6 * (high - low)
    return None if room == 0 else (float(low - room), float(high + room))
