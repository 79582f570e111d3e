"""One series on one axis: raw faint behind the smoothed, gaps as gaps, what is not finite marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from fastlogs.plot import palette
from fastlogs.plot.axes import columns
from fastlogs.plot.palette import Ink
from fastlogs.plot.smooth import FEW, points, smoothed
from fastlogs.plot.thin import thin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from fastlogs._compare.series import Series
    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

# A pause this many usual spacings long, and this share of the axis, is a gap.
_PAUSE, _WIDE = 10.0, 0.005
_MARKS = 40
# More columns than figures have: what is thinned to these is thinned again for the picture.
_FINEST = 8192
_OUTLINES: WeakKeyDictionary[Series, dict[int, tuple[Floats, Floats]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A series on an axis: its name, its ink, where its line ends, the line that a legend shows."""

    name: str
    ink: Ink
    x: float
    y: float
    line: Line2D


def curve(ax: Axes, name: str, series: Series, ink: Ink, look: Look, *, raw: bool = True) -> Drawn | None:
    """Draws a series; None when it has no finite value. The smoothed line is bold, the raw one faint behind it."""
    if not series.x.size:
        return None
    window = points(series.x.size, look.smooth)
    if window > 1 and raw:
        faint(ax, *outline(series, 1), ink, linewidth=0.6, alpha=0.28, zorder=2)
    x, bold = outline(series, window)
    line = stroke(ax, x, bold, ink, linewidth=1.5, zorder=3)
    if series.x.size <= FEW:
        line.set(marker="o", markersize=3.2, markeredgewidth=0)
    if series.nonfinite:
        unfinite(ax, series.logged_x[~np.isfinite(series.logged_y)], ink)
    finite = bold[np.isfinite(bold)]
    return Drawn(name, ink, float(series.x[-1]), float(finite[-1]), line)


def outline(series: Series, window: int) -> tuple[Floats, Floats]:
    """A series over `window` points as any figure can show it, made once for all figures; no extreme is lost."""
    made = _OUTLINES.setdefault(series, {})
    if window not in made:
        x, y = series.logged_x, series.logged_y
        at = pauses(x)
        # What was before a pause says nothing of what came after it.
        parts = np.split(y, at + 1) if at.size else [y]
        smooth = [smoothed(part, window) for part in parts]
        x, y = _parted(x, np.concatenate(smooth) if at.size else smooth[0], at)
        shown = thin(x, y, _FINEST)
        made[window] = x[shown], y[shown]
    return made[window]


def dots(ax: Axes, series: Series, ink: Ink) -> Line2D | None:
    """Evaluations: dots with a white edge, few enough to be told apart, on a thin line."""
    if not series.x.size:
        return None
    x, y = broken(series.x, series.y)
    line = stroke(ax, x, y, ink, linewidth=0.9, alpha=0.8, zorder=4)
    if series.x.size <= 150:
        line.set(marker="o", markersize=4.4, markeredgecolor="white", markeredgewidth=0.7, linewidth=0.5, alpha=1.0)
    return line


def stroke(ax: Axes, x: Floats, y: Floats, ink: Ink, **how: Any) -> Line2D:
    """A line of what the picture can show of the points."""
    x, y = broken(x, y)
    shown = thin(x, y, columns(ax))
    y = np.where(np.isfinite(y[shown]), y[shown], np.nan)
    line = ax.plot(x[shown], y, color=ink.colour, linestyle=ink.style, solid_joinstyle="round", **how)[0]
    line.set_solid_capstyle("round")
    return line


def faint(ax: Axes, x: Floats, y: Floats, ink: Ink, **how: Any) -> None:
    """Raw points behind a curve: a thin line, or the area it would fill where a pixel column holds several."""
    x, y = broken(x, y)
    wide = columns(ax)
    shown = thin(x, y, wide)
    if shown.size < x.size:
        # A line up and down in every column takes twenty times as long to draw.
        how.pop("linewidth")
        ax.fill_between(*_area(x[shown], y[shown], wide), color=ink.colour, linewidth=0, **how)
    else:
        stroke(ax, x, y, ink, **how)


def _area(x: Floats, y: Floats, wide: int) -> tuple[Floats, Floats, Floats]:
    """The lowest and the highest value of each column, joined to the next column as a line would be."""
    column = np.minimum(((x - x[0]) * (wide / (x[-1] - x[0]))).astype(np.intp), wide - 1)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    following = y[starts[1:]]
    low[:-1], high[:-1] = np.minimum(low[:-1], following), np.maximum(high[:-1], following)
    return x[starts], low, high


def broken(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The points with a NaN in each pause, so that the line is not drawn through it."""
    return _parted(x, y, pauses(x))


def _parted(x: Floats, y: Floats, at: Any) -> tuple[Floats, Floats]:
    if not at.size:
        return x, y
    middles = (x[at] + x[at + 1]) / 2
    return np.insert(x, at + 1, middles), np.insert(y, at + 1, np.nan)


def pauses(x: Floats) -> Any:
    """After which points nothing was logged for far longer than is usual before and after."""
    if x.size < 4:
        return np.empty(0, dtype=np.intp)
    gaps = np.diff(x)
    span = float(x[-1] - x[0])
    wide = np.flatnonzero(gaps > max(_PAUSE * span / gaps.size, _WIDE * span))
    return np.array([at for at in wide[:1000] if _lone(gaps, int(at))], dtype=np.intp)


def _lone(gaps: Floats, at: int) -> bool:
    """Whether a gap is a pause of logging, and not the spacing of what comes before or after."""
    around = [float(np.median(part)) for part in (gaps[max(at - 5, 0) : at], gaps[at + 1 : at + 6]) if part.size]
    return bool(gaps[at] > _PAUSE * max(around, default=np.inf))


def unfinite(ax: Axes, x: Floats, ink: Ink) -> None:
    """Crosses at the top edge where a value is NaN or infinite."""
    some = x[:: max(x.size // _MARKS, 1)]
    ax.plot(
        some, np.full(some.size, 0.985), "x", color=ink.colour, markersize=5, markeredgewidth=1.1, zorder=5,
        transform=ax.get_xaxis_transform(), clip_on=False, label="_unfinite",
    )  # fmt: skip


def epochs(ax: Axes, changes: Floats) -> None:
    """Dashed lines where an epoch begins; none when there would be too many to be read."""
    if changes.size > 30:
        return
    for at in changes:
        ax.axvline(at, color=palette.LINE, linewidth=0.6, linestyle=(0, (3.0, 3.0)), zorder=1)


def restarts(ax: Axes, places: Floats) -> None:
    """Small triangles on the x axis where the run was resumed."""
    if places.size:
        ax.plot(
            places, np.zeros(places.size), "^", color=palette.SOFT, markersize=6, zorder=6,
            transform=ax.get_xaxis_transform(), clip_on=False, label="_restart",
        )  # fmt: skip
