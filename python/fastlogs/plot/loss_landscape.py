"""The loss along the run with its epochs, and beside it how it is spread in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs._compare.series import Curves
from fastlogs.errors import TooFew
from fastlogs.plot import axes, data, panel
from fastlogs.plot.drawn import figure
from fastlogs.plot.epochs import boxes
from fastlogs.plot.panel import Panel
from fastlogs.plot.words import fitted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look


@figure("run")
def loss_landscape(run: Curves, look: Look) -> Figure:
    """Loss with its epochs, and how it is spread in each."""
    metric = data.named(run, look.metrics)[0] if look.metrics else run.of_role("loss") or run.of_role("val_loss")
    if metric is None or not data.series(run, metric, look).x.size:
        raise TooFew(f"no finite loss in {run.name}", help="name a metric with metrics=")
    sheet = axes.canvas(look, (13.0, 4.8))
    left, right = axes.panels(sheet, 1, 2, width_ratios=(1.6, 1.0))
    panel.draw(left, run, Panel("Along the run", metric, log=bool(look.log)), look)
    boxes(right, run, metric, look)
    axes.headline(sheet, look.titled(f"Loss landscape: {fitted(run.name, 60)}"))
    return sheet
