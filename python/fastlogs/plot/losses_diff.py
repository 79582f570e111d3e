"""The difference from the baseline along the run: is it there, how large, since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs.plot import axes, data, ends, palette
from fastlogs.plot.difference import Difference, difference
from fastlogs.plot.drawn import figure
from fastlogs.plot.lines import Drawn, faint
from fastlogs.plot.palette import Ink
from fastlogs.plot.words import fitted, labelled, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._compare import Comparison, Pair
    from fastlogs.plot.look import Look

_BANDS = 4


@figure("comparison")
def losses_diff(found: Comparison, look: Look) -> Figure:
    """The difference from the baseline with its band, margin and onset."""
    pairs = list(found.pairs.values())
    sheet = axes.canvas(look)
    ax = axes.panels(sheet, 1, 1)[0]
    metric = pairs[0].primary
    drawn = differences(ax, pairs, metric)
    words = fitted(f"difference in {metric}", 44)
    axes.label(ax, data.along(look), labelled(words, pairs[0].quality.unit))
    whose = f"{pairs[0].candidate.name} − {pairs[0].baseline.name}" if len(pairs) == 1 else (
        f"compared runs − {pairs[0].baseline.name}"
    )  # fmt: skip
    ends.name(ax, drawn)
    axes.headline(sheet, look.titled(f"Loss difference: {whose}"), _told(pairs))
    return sheet


def differences(ax: Axes, pairs: list[Pair], metric: str) -> list[Drawn]:
    """Draws the difference of each pair on one axis, with what is negligible and where the verdict looks."""
    several = len(pairs) > 1
    ax.axhline(0, color=palette.SOFT, linewidth=0.9, zorder=1.8)
    found = [difference(pair, metric) for pair in pairs]
    for at, one in enumerate(found):
        # The baseline has the first ink wherever the runs themselves are drawn.
        _raw(ax, one, palette.ink(at + 1), shown=not several)
    drawn = [
        _binned(ax, pair.candidate.name, one, palette.ink(at + 1), band=len(pairs) <= _BANDS)
        for at, (pair, one) in enumerate(zip(pairs, found, strict=True))
    ]
    _limits(ax, found)
    if metric in pairs[0].metrics:
        _context(ax, pairs[0], metric, onset=not several)
    return drawn


def _raw(ax: Axes, one: Difference, ink: Ink, *, shown: bool) -> None:
    if shown and one.raw is not None and one.raw.x.size > 4 * one.x.size:
        faint(ax, one.raw.x, one.raw.candidate - one.raw.baseline, ink, linewidth=0.5, alpha=0.15, zorder=1.5)


def _binned(ax: Axes, name: str, one: Difference, ink: Ink, *, band: bool) -> Drawn:
    if band and np.isfinite(one.low).any():
        ax.fill_between(one.x, one.low, one.high, color=ink.colour, alpha=0.22, linewidth=0, zorder=2.5)
    line = ax.plot(one.x, one.y, color=ink.colour, linestyle=ink.style, linewidth=1.6, zorder=3)[0]
    return Drawn(name, ink, float(one.x[-1]), float(one.y[np.isfinite(one.y)][-1]), line)


def _context(ax: Axes, pair: Pair, metric: str, *, onset: bool) -> None:
    """The margin around zero, the window of the verdict, and where the runs part."""
    quality = pair.metrics[metric]
    if quality.margin:
        ax.axhspan(-quality.margin, quality.margin, color="#000000", alpha=0.06, linewidth=0, zorder=1)
        if quality.margin < ax.get_ylim()[1]:
            _side(ax, quality.margin, "margin")
    window = quality.within
    if window is not None and window.window_low is not None and window.window_high is not None:
        ax.axvspan(window.window_low, window.window_high, color=palette.SHADE, linewidth=0, zorder=0)
        _top(ax, window.window_high, "verdict window")
    parted = quality.divergence if onset else None
    if parted is not None and parted.onset is not None and parted.interval is not None:
        low, high = parted.interval
        ax.axvspan(low, high, ymin=0, ymax=0.018, color=palette.BAD, linewidth=0, zorder=5)
        ax.axvline(parted.onset, color=palette.BAD, linewidth=0.9, linestyle=(0, (2.0, 2.0)), zorder=2)
        _top(ax, parted.onset, "parted from the start" if parted.from_the_start else f"parted at {short(parted.onset)}")


def _top(ax: Axes, x: float, text: str) -> None:
    """Words at a place of the axis, below the top edge, on the side where there is room."""
    low, high = ax.get_xlim()
    right = x > low + 0.85 * (high - low)
    how = {"ha": "right" if right else "left", "va": "top"}
    axes.tell(ax, text, (x, 0.985), (-4 if right else 4, 0), ("data", "axes fraction"), **how)


def _side(ax: Axes, y: float, text: str) -> None:
    axes.tell(ax, text, (0.5, y), coords=("axes fraction", "data"), ha="center", va="bottom")


def _limits(ax: Axes, found: list[Difference]) -> None:
    """By the bulk of the bands and not by the raw points; the first bins of a steep start may be cut off."""
    edges = np.concatenate([[0.0], *(part for one in found for part in (one.y, one.low, one.high))])
    low, high = np.nanquantile(edges, (0.05, 0.95))
    room = 0.5 * (high - low) or 1.0
    bottom, top = max(np.nanmin(edges), low - room), min(np.nanmax(edges), high + room)
    ax.set_ylim(bottom - 0.1 * room, top + 0.3 * room)


def _told(pairs: list[Pair]) -> str:
    said = "means of 64 stretches"
    if len(pairs) <= _BANDS:
        said += " with their 95 % band"
    return said + ("; below zero the candidate is lower" if len(pairs) == 1 else "")
