"""Figures and their axes: frames, scales, units and titles, all set on the objects and nothing globally."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from fastlogs.plot import palette
from fastlogs.plot.layout import Grid
from fastlogs.plot.words import fitted, fonts, power, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

SMALL, PLAIN, LARGE = 8.5, 9.5, 12.0
# A value so far beyond the rest is told by an arrow instead of squeezing the rest.
_FAR = 4.0
_ENOUGH = 20
_SAMPLE = 4096


def canvas(look: Look, size: tuple[float, float] = (9.0, 5.0)) -> Figure:
    """An empty white figure, drawn by Agg, laid out when it is drawn."""
    figure = Figure(figsize=size, dpi=look.dpi, layout=Grid(), facecolor="white", edgecolor="white")
    FigureCanvasAgg(figure)
    return figure


def panels(figure: Figure, rows: int, columns: int, **ratios: Sequence[float]) -> list[Axes]:
    """Framed axes, row by row."""
    made = figure.subplots(rows, columns, squeeze=False, gridspec_kw=ratios or None)
    return [frame(ax) for ax in made.flat]


def frame(ax: Axes) -> Axes:
    """Thin lines left and below, a faint grid for reading values."""
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_linewidth(0.7)
        spine.set_color(palette.LINE)
    ax.set_facecolor("white")
    ax.tick_params(which="both", direction="out", length=3, width=0.7, color=palette.LINE, labelsize=SMALL)
    ax.tick_params(which="minor", length=0)
    ax.tick_params(labelcolor=palette.SOFT, labelfontfamily=fonts())
    ax.grid(True, axis="y", which="major", color=palette.GRID, linewidth=0.7, linestyle="-")
    ax.set_axisbelow(True)
    ax.margins(x=0.012, y=0.06)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(short))
        rounded(axis, whole=axis is ax.xaxis)
    return ax


def rounded(axis: Axis, *, whole: bool = False) -> None:
    """About six round ticks; steps are whole numbers."""
    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10], integer=whole))


def say(ax: Axes, x: float, y: float, text: str, **how: Any) -> Text:
    """Words at a place given in shares of the axes."""
    how = {"color": palette.SOFT, "fontsize": SMALL, "family": fonts(), "parse_math": False, **how}
    return ax.text(x, y, text, transform=ax.transAxes, **how)


def label(ax: Axes, x: str = "", y: str = "", title: str = "") -> None:
    """Words along the axes and above them."""
    how: dict[str, Any] = {"color": palette.TEXT, "family": fonts(), "parse_math": False}
    ax.set_xlabel(x, fontsize=PLAIN, **how)
    ax.set_ylabel(y, fontsize=PLAIN, **how)
    ax.set_title(title, fontsize=PLAIN + 0.5, loc="left", y=1.0, fontweight="bold" if title else None, pad=8, **how)


def headline(figure: Figure, text: str, beneath: str = "") -> None:
    """The figure's title at the left, and a quieter line beneath it: above its one axes, else above them all."""
    how: dict[str, Any] = {"family": fonts(), "parse_math": False, "fontweight": "bold", "color": palette.TEXT}
    said = fitted(text, int(figure.get_figwidth() * 8.5))
    alone = figure.axes[0] if len(figure.axes) == 1 else None
    if alone is None:
        figure.suptitle(said, x=0.012, y=1 - 0.12 / figure.get_figheight(), ha="left", fontsize=LARGE, **how)
        return
    alone.set_title(said, loc="left", y=1.0, fontsize=LARGE, pad=24 if beneath else 10, **how)
    if beneath:
        quiet(alone, fitted(beneath, int(figure.get_figwidth() * 14)))


def quiet(ax: Axes, text: str) -> None:
    """A line of small print between the title and the axes."""
    tell(ax, text, (0.0, 1.0), (0, 8), "axes fraction", va="bottom")


def tell(
    ax: Axes, text: str, at: tuple[float, float], off: tuple[float, float] = (0, 0), coords: Any = "data", **how: Any
) -> None:
    """Words at a place of the axes' coordinates, so many points beside it."""
    how = {"color": palette.SOFT, "fontsize": SMALL, "family": fonts(), "parse_math": False, **how}
    note = ax.annotate(text, at, xycoords=coords, xytext=off, textcoords="offset points", **how)
    # What is written among the data makes no room for itself; what is written beside the axes does.
    note.set_in_layout(coords != "data")


def names(ax: Axes, axis: str, places: Sequence[float], words: Sequence[str], size: float = SMALL, **how: Any) -> None:
    """Words in the place of numbers along an axis."""
    marked = ax.set_xticks if axis == "x" else ax.set_yticks
    for text in marked(list(places), list(words), fontsize=size, **how):
        text.label1.set_parse_math(False)


def upright(ax: Axes) -> None:
    """The grid of axes whose values lie along x."""
    ax.grid(False, axis="y")
    ax.grid(True, axis="x", color=palette.GRID, linewidth=0.7)
    rounded(ax.xaxis)


def height(ax: Axes) -> float:
    """How many points high the axes are at most."""
    return float(72 * _sheet(ax).get_figheight() * ax.get_position(original=True).height)


def log_y(ax: Axes, *values: Floats) -> bool:
    """A logarithmic y axis when there are positive values; says how many are not. Whether it is one."""
    positive = [v[v > 0] for v in values]
    if not any(v.size for v in positive):
        return False
    low, high = min(v.min() for v in positive if v.size), max(v.max() for v in positive if v.size)
    ax.set_yscale("log", nonpositive="mask")
    wide = np.log10(high / low) if np.isfinite(high) else 300.0
    ax.yaxis.set_major_locator(LogLocator(subs=(1.0,) if wide > 2.5 else (1.0, 2.0, 5.0), numticks=9))
    if wide < 0.7:
        rounded(ax.yaxis)
    ax.yaxis.set_major_formatter(FuncFormatter(power))
    ax.yaxis.set_minor_locator(NullLocator())
    lost = sum(int((v <= 0).sum()) for v in values)
    if lost:
        say(ax, 0.01, 0.015, f"{lost:,} values of 0 or less are not on a log axis", fontsize=SMALL - 1)
    return True


def fit_y(ax: Axes, *values: Floats) -> None:
    """Limits by where the values are: what is far beyond them is told by an arrow."""
    sample = np.concatenate([v[:: max(v.size // _SAMPLE, 1)] for v in values] or [np.empty(0)])
    sample = sample[np.isfinite(sample)]
    if sample.size < _ENOUGH or ax.get_yscale() != "linear":
        return
    rare = max(0.005, 1.5 / sample.size)
    low, high = np.quantile(sample, rare, method="higher"), np.quantile(sample, 1 - rare, method="lower")
    bottom = min(float(v[np.isfinite(v)].min(initial=np.inf)) for v in values)
    top = max(float(v[np.isfinite(v)].max(initial=-np.inf)) for v in values)
    if high > low:
        _cut(ax, (float(low), float(high)), (bottom, top))


def _cut(ax: Axes, bulk: tuple[float, float], whole: tuple[float, float]) -> None:
    """Limits to the bulk at an end where the whole reaches far beyond it."""
    (low, high), (bottom, top) = bulk, whole
    span = high - low
    above, below = top > high + _FAR * span, bottom < low - _FAR * span
    if not (above or below):
        return
    ends = (low - 0.35 * span if below else bottom), (high + 0.35 * span if above else top)
    room = 0.06 * (ends[1] - ends[0])
    ax.set_ylim(ends[0] - room, ends[1] + room)
    if above:
        say(ax, 0.99, 0.95, f"↑ up to {short(float(f'{top:.4g}'))}", ha="right", va="top")
    if below:
        say(ax, 0.99, 0.02, f"↓ down to {short(float(f'{bottom:.4g}'))}", ha="right", va="bottom")


def share(ax: Axes, y: float) -> float:
    """How far up an axis a value is, 0 to 1, whatever the layout will be."""
    at = (ax.transScale + ax.transLimits).transform((ax.get_xlim()[1], y))[1]
    return float(min(max(at, 0.0), 1.0)) if np.isfinite(at) else 0.0


def _sheet(ax: Axes) -> Figure:
    sheet = ax.figure
    assert isinstance(sheet, Figure)
    return sheet


def columns(ax: Axes) -> int:
    """How many pixel columns there are at most."""
    sheet = _sheet(ax)
    return max(int(sheet.get_figwidth() * sheet.dpi * ax.get_position(original=True).width), 50)
