"""Settings and result of a sweep: a line a group of seeds across an axis a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs.errors import TooFew
from fastlogs.plot.drawn import figure
from fastlogs.plot.parallel import across
from fastlogs.plot.settings import Column, Varied

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs._sweep import Sweep
    from fastlogs.plot.look import Look

_LEAST, _MOST = 3, 10


@figure("sweep")
def sweep_parallel(sweep: Sweep, look: Look) -> Figure:
    """Settings and result of a sweep as lines across axes."""
    by_name = {one.name: one for one in sweep.parameters}
    # The weightiest beside the result.
    order = [weight.name for weight in sweep.weighed.weights] or list(by_name)
    columns = [Column(name, by_name[name].values, by_name[name].words) for name in reversed(order[:_MOST])]
    if not columns or len(sweep.standings.groups) < _LEAST:
        raise TooFew("no settings that vary among finished runs" if not columns else "fewer than 3 finished runs")
    result = Column(f"{sweep.options.score} {sweep.metric}", sweep.standings.means)
    return across(Varied(tuple(columns), result, sweep.goal == "high"), look)
