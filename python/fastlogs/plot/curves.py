"""Four curves of one run: loss, perplexity, learning rate, gradient norm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs._compare.series import Curves
from fastlogs.errors import TooFew
from fastlogs.plot import axes, data, panel
from fastlogs.plot.drawn import figure
from fastlogs.plot.words import fitted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look


@figure("run")
def curves(run: Curves, look: Look) -> Figure:
    """Loss, perplexity, learning rate and gradient norm of one run."""
    shown = [
        panel.Panel("Loss", run.of_role("loss"), run.of_role("val_loss")),
        panel.Panel("Perplexity", data.ppl(run), data.val_ppl(run), log=look.log is not False),
        panel.Panel("Learning rate", run.of_role("lr"), raw=True),
        panel.Panel("Gradient norm", run.of_role("grad_norm")),
    ]
    there = [one for one in shown if panel.has(run, one, look)]
    if not there:
        raise TooFew(f"{run.name} has no loss, perplexity, learning rate or gradient norm")
    sheet = axes.canvas(look, {1: (9.0, 5.0), 2: (11.0, 4.2)}.get(len(there), (11.0, 7.5)))
    made = axes.panels(sheet, 2 if len(there) > 2 else 1, 2 if len(there) > 1 else 1)
    for ax, one in zip(made, there, strict=False):
        panel.draw(ax, run, one, look)
    for spare in made[len(there) :]:
        spare.set_axis_off()
    axes.headline(sheet, look.titled(f"Training curves: {fitted(run.name, 60)}"))
    return sheet
