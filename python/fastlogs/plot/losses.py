"""The metric that decides, of every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs.plot import axes, data
from fastlogs.plot.drawn import figure
from fastlogs.plot.overlay import overlay

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look


@figure("runs")
def losses(runs: data.NamedCurves, look: Look) -> Figure:
    """The deciding metric of every run."""
    found = data.quantity(runs, data.deciding(look), look, "loss")
    sheet = axes.canvas(look)
    ax = axes.panels(sheet, 1, 1)[0]
    overlay(ax, found.metric, found.runs, look, log=bool(look.log))
    axes.label(ax, data.along(look), found.label)
    axes.headline(sheet, look.titled("Loss comparison: all runs" if len(runs) > 1 else "Loss"))
    return sheet
