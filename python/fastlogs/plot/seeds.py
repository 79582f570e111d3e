"""The final value of every seed, with each arm's mean and interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs._compare.arms import Arm
from fastlogs.errors import TooFew
from fastlogs.plot import axes, data, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.words import counted, fitted, short
from fastlogs.stats.student import reach

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._compare import Comparison
    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats


@figure("comparison")
def seeds(found: Comparison, look: Look) -> Figure:
    """A dot a seed, with each arm's mean and interval."""
    if all(len(arm) < 2 for arm in found.arms):
        raise TooFew("no arm has several seeds", help="give folders of runs that differ by seed")
    qualities = [pair.quality for pair in found.pairs.values()]
    finals = [q.finals for q in qualities if q.finals is not None]
    if len(finals) < len(qualities):
        raise TooFew("the seeds have no range of the axis in common")
    metric = qualities[0].metric
    sheet = axes.canvas(look, (9.0, 1.6 + 0.75 * len(found.arms)))
    ax = axes.panels(sheet, 1, 1)[0]
    # Each pair cuts where its own runs end; the baseline is shown as the first pair has it.
    for row, values in enumerate([finals[0][0], *(f[1] for f in finals)]):
        _arm(ax, len(found.arms) - 1 - row, values, palette.ink(row).colour)
    _names(ax, found.arms)
    axes.label(ax, f"final {data.label_of(found.baseline.curves[0], metric)}")
    axes.headline(sheet, look.titled(f"Seeds: final {fitted(metric)}"), _told(found))
    return sheet


def _arm(ax: Axes, row: int, values: Floats, colour: str) -> None:
    """The dots of an arm, its mean as a diamond, the mean's interval as a bar."""
    ax.plot(values, row + _jitter(values), "o", color=colour, markersize=5.5, alpha=0.55, markeredgewidth=0, zorder=3)
    mean = float(values.mean())
    if values.size > 1:
        half = reach(0.95, values.size - 1) * float(values.std(ddof=1)) / values.size**0.5
        ax.plot(
            [mean - half, mean + half], [row - 0.3] * 2, color=colour, linewidth=2.2, solid_capstyle="butt", zorder=4
        )
    ax.plot([mean], [row - 0.3], "D", color=colour, markersize=6, markeredgecolor="white", zorder=5)
    axes.tell(ax, short(float(f"{mean:.5g}")), (mean, row - 0.3), (0, -7), ha="center", va="top")


def _jitter(values: Floats) -> Floats:
    """Places up and down, by rank, so that the same values give the same picture."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return np.asarray(0.09 * (order % 3 - 1.0) if values.size > 4 else np.zeros(values.size), dtype=np.float64)


def _names(ax: Axes, arms: tuple[Arm, ...]) -> None:
    rows = list(range(len(arms)))[::-1]
    names = [f"{fitted(arm.name, 24)}\n{counted(len(arm), 'seed')}" for arm in arms]
    axes.names(ax, "y", rows, names)
    axes.upright(ax)
    ax.set_ylim(-0.85, len(arms) - 0.5)


def _told(found: Comparison) -> str:
    said = "a dot a seed; mean and its 95 % interval below"
    pair = next(iter(found.pairs.values()))
    estimate, level = pair.quality.estimate, pair.quality.level
    if len(found.pairs) == 1 and estimate.difference is not None and level.p is not None:
        said += f"; difference {estimate.difference:+.3g}, p = {level.p:.2g}"
    return said
