"""Training losses, and beside them their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs.plot import axes, data, ends
from fastlogs.plot.drawn import figure
from fastlogs.plot.losses_diff import differences
from fastlogs.plot.overlay import overlay
from fastlogs.plot.words import fitted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs._compare import Comparison
    from fastlogs.plot.look import Look


@figure("comparison")
def training_loss_comparison(found: Comparison, look: Look) -> Figure:
    """Training losses and their difference."""
    loss = data.quantity(found.runs, data.role("loss"), look, "training loss")
    sheet = axes.canvas(look, (13.0, 4.6))
    left, right = axes.panels(sheet, 1, 2)
    overlay(left, loss.metric, loss.runs, look)
    axes.label(left, data.along(look), loss.label, "Training loss")
    ends.name(right, differences(right, list(found.pairs.values()), loss.metric))
    axes.label(right, data.along(look), "difference", f"Difference from {fitted(found.baseline.name)}")
    axes.headline(sheet, look.titled("Training loss comparison"))
    return sheet
