"""Relative differences of all metrics compared, with their intervals and q-values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fastlogs.errors import TooFew
from fastlogs.plot import axes, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.words import fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._compare import Comparison
    from fastlogs._compare.quality import Quality
    from fastlogs.plot.look import Look

_MOST = 40
_COLOURS = {
    "better": palette.GOOD,
    "worse": palette.BAD,
    "different": "#5A4FA2",
    "equivalent": "#0072B2",
    "identical": "#0072B2",
}


class Row(NamedTuple):
    """One metric of one candidate, in percent of the baseline."""

    name: str
    verdict: str
    percent: float
    low: float
    high: float
    said: str


@figure("comparison")
def forest(found: Comparison, look: Look) -> Figure:
    """Relative differences of all metrics with their intervals."""
    several = len(found.pairs) > 1
    rows = [
        row
        for name, pair in found.pairs.items()
        for quality in pair.metrics.values()
        if (row := _row(quality, f"{fitted(name, 16)}: " if several else ""))
    ]
    if not rows:
        raise TooFew("no metric with a relative difference and its interval")
    shown = rows[:_MOST]
    sheet = axes.canvas(look, (9.0, 1.8 + 0.34 * len(shown)))
    ax = axes.panels(sheet, 1, 1)[0]
    _draw(ax, shown)
    axes.label(ax, f"difference from {fitted(found.baseline.name, 24)} (%)")
    left = f"; {len(rows) - len(shown)} more in the table" if len(rows) > len(shown) else ""
    who = "" if several else f": {fitted(next(iter(found.pairs)), 24)} against {fitted(found.baseline.name, 24)}"
    axes.headline(sheet, look.titled(f"All metrics{who}"), f"95 % intervals, the deciding metric first{left}")
    return sheet


def _row(quality: Quality, prefix: str) -> Row | None:
    estimate = quality.estimate
    percent = estimate.percent
    if percent is None or not estimate.baseline or not np.isfinite(percent):
        return None
    scale = 100 / abs(estimate.baseline)
    low, high = (np.nan if v is None else v * scale for v in (estimate.low, estimate.high))
    chance = quality.q if quality.q is not None else quality.level.p
    known = "" if chance is None else f", {'q' if quality.q is not None else 'p'} = {chance:.2g}"
    verdict = quality.verdict.replace("_", " ")
    return Row(
        f"{prefix}{fitted(quality.metric, 28)}",
        quality.verdict,
        percent,
        low,
        high,
        f"{percent:+.2f} %{known}  {verdict}".replace("-", "−", 1),
    )


def _draw(ax: Axes, rows: list[Row]) -> None:
    left, right = _ends(rows)
    ax.axvline(0, color=palette.SOFT, linewidth=0.9, zorder=1)
    for at, row in enumerate(rows):
        y = len(rows) - 1 - at
        colour = _COLOURS.get(row.verdict, "#8a8a8a")
        low, high, middle = (float(np.clip(v, left, right)) for v in (row.low, row.high, row.percent))
        ax.plot([low, high], [y, y], color=colour, linewidth=2.0, solid_capstyle="butt", zorder=2)
        for edge, value, mark in ((low, row.low, "<"), (high, row.high, ">")):
            if np.isfinite(value) and edge != value:
                ax.plot([edge], [y], mark, color=colour, markersize=5, zorder=3)
        ax.plot([middle], [y], "s" if at == 0 else "o", color=colour, markersize=6, markeredgecolor="white", zorder=4)
        axes.tell(ax, row.said, (1.0, y), (8, 0), ("axes fraction", "data"), va="center", color=colour)
    axes.names(ax, "y", range(len(rows))[::-1], [row.name for row in rows])
    axes.upright(ax)
    ax.set(ylim=(-0.7, len(rows) - 0.3), xlim=(left - 0.06 * (right - left), right + 0.06 * (right - left)))


def _ends(rows: list[Row]) -> tuple[float, float]:
    """Where the axis ends: with zero on it, and at the bulk of the intervals; an arrow tells of what is beyond."""
    edges = np.array([v for row in rows for v in (row.low, row.high, row.percent) if np.isfinite(v)])
    reach = 4 * float(np.quantile(np.abs(edges), 0.75)) or 1.0
    left, right = max(float(edges.min()), -reach), min(float(edges.max()), reach)
    room = 0.15 * max(right, -left) or 1.0
    return min(left, -room), max(right, room)
