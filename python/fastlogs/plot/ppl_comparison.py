"""Perplexity of several runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs.plot import data
from fastlogs.plot.drawn import figure
from fastlogs.plot.loss_comparison import compared

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look


@figure("runs")
def ppl_comparison(runs: data.NamedCurves, look: Look) -> Figure:
    """Perplexity of several runs on a log axis."""
    return compared(runs, look, "Perplexity", data.ppl, data.val_ppl, log=look.log is not False)
