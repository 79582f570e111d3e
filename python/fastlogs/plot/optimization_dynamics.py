"""How a run was optimised: learning rate, gradient norm and its distribution, throughput, time a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs._compare.series import Curves, Series
from fastlogs.errors import TooFew
from fastlogs.plot import axes, data, palette, panel
from fastlogs.plot.drawn import figure
from fastlogs.plot.lines import curve
from fastlogs.plot.panel import Panel
from fastlogs.plot.step_time import HIGH, LOW, fit_times
from fastlogs.plot.steps import steps, unit_of
from fastlogs.plot.words import counted, fitted, short
from fastlogs.stats.bins import median, quantile

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look

_BINS = 50


@figure("run")
def optimization_dynamics(run: Curves, look: Look) -> Figure:
    """Learning rate, gradient norm, throughput and time a step."""
    roles = ("lr", "grad_norm", "throughput")
    if not any(run.of_role(role) for role in roles) and steps(run) is None:
        raise TooFew(f"{run.name} has no learning rate, gradient norm, throughput or times")
    sheet = axes.canvas(look, (13.0, 9.6))
    grid = sheet.add_gridspec(3, 2)
    places = [grid[0, :], grid[1, 0], grid[1, 1], grid[2, 0], grid[2, 1]]
    rate, norm, spread, speed, times = [axes.frame(sheet.add_subplot(place)) for place in places]
    panel.draw(rate, run, Panel("Learning rate", run.of_role("lr"), log=look.log is not False, raw=True), look)
    panel.draw(norm, run, Panel("Gradient norm", run.of_role("grad_norm")), look)
    _histogram(spread, run, data.series(run, run.of_role("grad_norm"), look))
    panel.draw(speed, run, Panel("Throughput", run.of_role("throughput")), look)
    _times(times, run, look)
    axes.headline(sheet, look.titled(f"Optimization dynamics: {fitted(run.name, 60)}"))
    return sheet


def _histogram(ax: Axes, run: Curves, norm: Series) -> None:
    """The finite gradient norms up to their 99.5th percentile, and their median."""
    metric = run.of_role("grad_norm")
    axes.label(ax, data.label_of(run, metric) if metric else "", "values", "Gradient norm, distribution")
    if not norm.y.size:
        panel.nothing(ax, "no data")
        return
    top = quantile(norm.y, 0.995)
    count, edges = np.histogram(norm.y[norm.y <= top], _BINS)
    ax.bar(edges[:-1], count, np.diff(edges), align="edge", color="#a9cde3", linewidth=0)
    middle = median(norm.y)
    ax.axvline(middle, color=palette.BAD, linewidth=1.2)
    axes.rounded(ax.xaxis)
    told = [f"median {short(float(f'{middle:.3g}'))}"]
    if beyond := int((norm.y > top).sum()):
        told.append(f"{counted(beyond, 'value')} beyond, up to {short(float(f'{norm.y.max():.3g}'))}")
    if norm.nonfinite:
        told.append(f"{counted(norm.nonfinite, 'value')} not finite")
    axes.say(ax, 1.0, 1.012, ", ".join(told), ha="right", va="bottom", fontsize=axes.SMALL - 1)


def _times(ax: Axes, run: Curves, look: Look) -> None:
    """Time a step, by the log or by the clock."""
    found = steps(run, look.warmup_steps)
    axes.label(ax, data.along(look), "time a step", "Time a step")
    if found is None:
        panel.nothing(ax, "no times in the log")
        return
    unit, scale = unit_of(median(found.seconds))
    y = found.seconds * scale
    curve(ax, "time a step", Series(found.x, y, found.x, y), palette.ink(0), look)
    panel.marks(ax, run, look)
    steady = y[found.skipped :]
    fit_times(ax, quantile(steady, LOW), quantile(steady, HIGH), float(y.max()))
    axes.label(ax, data.along(look), f"time a step ({unit})", "Time a step")
