"""Time a step: along the run with the warm-up greyed, and how it is spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastlogs.errors import TooFew
from fastlogs.plot import axes, data, ends, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.lines import Drawn, faint, stroke
from fastlogs.plot.palette import Ink
from fastlogs.plot.smooth import points
from fastlogs.plot.steps import Steps, steps, unit_of
from fastlogs.plot.words import fitted, short
from fastlogs.stats.bins import median, running_median

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

_WARM = Ink("#b0b0b0", "-")
# The shares of the steps that an axis shows at least.
LOW, HIGH = 0.005, 0.98
# So many of the sorted times tell all that a figure shows of them.
_SHARES = 1001


@dataclass(frozen=True, slots=True)
class _Run:
    """One run's step times: all of them along the run, and of those after the warm-up every so many in order."""

    along: Steps
    steady: Floats
    scale: float

    @classmethod
    def of(cls, along: Steps, scale: float) -> _Run:
        times = np.sort(along.seconds[along.skipped :]) * scale
        return cls(along, times[np.linspace(0, times.size - 1, min(times.size, _SHARES)).round().astype(int)], scale)

    def quantile(self, share: float) -> float:
        """The time that so large a share of the steps takes at most."""
        return float(self.steady[round(share * (self.steady.size - 1))])

    @property
    def median(self) -> float:
        return median(self.steady)


@figure("runs")
def step_time(runs: data.NamedCurves, look: Look) -> Figure:
    """Time a step, warm-up greyed, and its distribution."""
    made = {name: steps(curves, look.warmup_steps) for name, curves in runs.items()}
    found = {name: one for name, one in made.items() if one is not None}
    if not found:
        raise TooFew("no run logs step times or a clock")
    unit, scale = unit_of(min(median(one.seconds[one.skipped :]) for one in found.values()))
    there = {name: _Run.of(one, scale) for name, one in found.items()}
    sheet = axes.canvas(look, (12.0, 4.8))
    left, right = axes.panels(sheet, 1, 2, width_ratios=(1.9, 1.0))
    drawn = _along(left, there, look)
    axes.label(left, data.along(look), f"time a step ({unit})", "Along the run, warm-up grey")
    _spread(right, there)
    axes.label(right, f"time a step ({unit})", "share of steps at most so long", "Distribution after warm-up")
    ends.name(left, drawn)
    axes.headline(sheet, look.titled("Step time comparison" if len(there) > 1 else "Step time"))
    return sheet


def _along(ax: Axes, runs: Mapping[str, _Run], look: Look) -> list[Drawn]:
    drawn = []
    for at, (name, one) in enumerate(runs.items()):
        x, y, ink = one.along.x, one.along.seconds * one.scale, palette.ink(at)
        warm = one.along.skipped
        stroke(ax, x[: warm + 1], y[: warm + 1], _WARM, linewidth=0.9, zorder=2)
        if len(runs) <= 4:
            faint(ax, x[warm:], y[warm:], ink, linewidth=0.5, alpha=0.3, zorder=2)
        middle = _smooth(y[warm:], look)
        line = stroke(ax, x[warm:], middle, ink, linewidth=1.5, zorder=3)
        drawn.append(Drawn(name, ink, float(x[-1]), float(middle[-1]), line))
    top = max(float(one.along.seconds.max()) * one.scale for one in runs.values())
    low, high = min(one.quantile(LOW) for one in runs.values()), max(one.quantile(HIGH) for one in runs.values())
    fit_times(ax, low, high, top)
    return drawn


def _smooth(times: Floats, look: Look) -> Floats:
    """Medians around each step, of an odd number of them: such are a hundred times faster."""
    window = min(points(times.size, look.smooth) | 1, 501)
    return running_median(times, window, mirror=True) if 1 < window <= times.size else times


def fit_times(ax: Axes, low: float, high: float, top: float) -> None:
    """Limits by the steady steps; a warm-up or stall far above them is told by its height."""
    span = max(high - low, 0.05 * high)
    if top > high + 2 * span:
        ax.set_ylim(max(low - 0.3 * span, 0.0), high + 1.2 * span)
        axes.say(ax, 0.99, 0.98, f"↑ up to {short(float(f'{top:.4g}'))}", ha="right", va="top")


def _spread(ax: Axes, runs: Mapping[str, _Run]) -> None:
    """The share of steps that took at most so long, and a mark at the median."""
    for at, one in enumerate(runs.values()):
        ink, y = palette.ink(at), one.steady
        ax.plot(
            y,
            (np.arange(y.size) + 1) / y.size,
            color=ink.colour,
            linestyle=ink.style,
            linewidth=1.4,
            drawstyle="steps-post",
        )
        ax.plot([one.median], [0.5], "o", color=ink.colour, markersize=4.5, markeredgecolor="white", zorder=5)
    low, high = min(one.quantile(0.002) for one in runs.values()), max(one.quantile(HIGH) for one in runs.values())
    reach = (high - low) or high or 1.0
    axes.rounded(ax.xaxis)
    ax.set(xlim=(max(low - 0.1 * reach, 0), high + 0.25 * reach), ylim=(0, 1.02))
    medians = [f"{fitted(name, 18)} {short(float(f'{one.median:.4g}'))}" for name, one in runs.items()]
    if len(medians) <= ends.DIRECT:
        _listed(ax, ["median", *medians], max(one.median for one in runs.values()))


def _listed(ax: Axes, words: list[str], middle: float) -> None:
    """Lines of words where no line rises: below right of the middle, or above left where that is the wider place."""
    low, high = ax.get_xlim()
    right = middle < low + 0.55 * (high - low)
    top = 0.05 + 0.062 * (len(words) - 1) if right else 0.93
    for row, text in enumerate(words):
        colour = palette.SOFT if row == 0 else palette.ink(row - 1).colour
        axes.say(ax, 0.98 if right else 0.03, top - 0.062 * row, text, ha="right" if right else "left", color=colour)
