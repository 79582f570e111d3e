"""Throughput of several runs, each with its mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs.plot import axes, data, ends
from fastlogs.plot.drawn import figure
from fastlogs.plot.overlay import overlay
from fastlogs.plot.words import short

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look


@figure("runs")
def throughput_comparison(runs: data.NamedCurves, look: Look) -> Figure:
    """Throughput of several runs with their means."""
    found = data.quantity(runs, data.role("throughput"), look, "throughput")
    sheet = axes.canvas(look)
    ax = axes.panels(sheet, 1, 1)[0]
    drawn = overlay(ax, found.metric, found.runs, look, log=bool(look.log), named=False)
    few = len(drawn) <= ends.DIRECT
    for one in drawn if few else []:
        mean = float(found.runs[one.name].y.mean())
        ax.axhline(mean, color=one.ink.colour, linewidth=0.9, linestyle=(0, (4.0, 3.0)), zorder=1.5)
    ends.name(ax, drawn)
    axes.label(ax, data.along(look), found.label)
    axes.headline(sheet, look.titled("Throughput comparison" if len(runs) > 1 else "Throughput"), _means(found, few))
    return sheet


def _means(found: data.Quantity, few: bool) -> str:
    if not few:
        return ""
    told = [f"{name} {short(float(f'{s.y.mean():.4g}'))}" for name, s in found.runs.items() if s.y.size]
    return "dashed: means, " + ", ".join(told)
