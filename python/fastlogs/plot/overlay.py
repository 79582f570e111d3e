"""One metric of several runs on one axis, readable from one run to a thousand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastlogs._metrics import goal_of
from fastlogs.plot import axes, ends, lines, palette
from fastlogs.plot.bands import bands

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fastlogs._compare.series import Series
    from fastlogs.plot.lines import Drawn
    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

# Raw curves behind so many smoothed ones hide more than they show.
_RAW = 4


def overlay(
    ax: Axes, metric: str, runs: Mapping[str, Series], look: Look, *, log: bool = False, named: bool = True
) -> list[Drawn]:
    """Draws a metric of each run: names at the ends of up to 6 lines, a list of up to 20, then bands."""
    there = {name: series for name, series in runs.items() if series.x.size}
    if len(there) > ends.LISTED:
        drawn = bands(ax, there, look, goal_of(metric))
    else:
        raw = len(there) <= _RAW
        inks = {name: palette.ink(at) for at, name in enumerate(runs)}
        made = [lines.curve(ax, name, series, inks[name], look, raw=raw) for name, series in there.items()]
        drawn = [one for one in made if one is not None]
    scaled(ax, [s.y for s in there.values()], log)
    if named:
        ends.name(ax, drawn)
    return drawn


def scaled(ax: Axes, values: list[Floats], log: bool) -> None:
    """A log axis if that is asked for and possible, else limits that fit the bulk of the values."""
    if not (log and axes.log_y(ax, *values)):
        axes.fit_y(ax, *values)
