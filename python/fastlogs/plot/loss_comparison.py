"""Training loss of several runs on one axis, validation beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs.plot import axes, data, ends, lines, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.overlay import overlay

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look


@figure("runs")
def loss_comparison(runs: data.NamedCurves, look: Look) -> Figure:
    """Training loss of several runs, validation as dots."""
    asked = data.deciding(look) if look.metrics else data.role("loss")
    return compared(runs, look, "Loss", asked, data.role("val_loss"), log=bool(look.log))


def compared(runs: data.NamedCurves, look: Look, what: str, train: data.Find, val: data.Find, *, log: bool) -> Figure:
    """One thing of several runs: lines for training, dots of the same colour for validation."""
    main = _either(runs, train, val, look, what)
    sheet = axes.canvas(look)
    ax = axes.panels(sheet, 1, 1)[0]
    shown = evaluations(ax, runs, look, val) if look.validation and main.metric not in _names(runs, val) else 0
    overlay(ax, main.metric, main.runs, look, log=log)
    axes.label(ax, data.along(look), main.label)
    said = "lines: training, dots: validation" if shown else ""
    axes.headline(sheet, look.titled(f"{what} comparison" if len(runs) > 1 else what), said)
    return sheet


def _either(runs: data.NamedCurves, train: data.Find, val: data.Find, look: Look, what: str) -> data.Quantity:
    """What was measured in training; in runs that only evaluate, that."""
    trained = any(data.series(c, train(c), look).x.size for c in runs.values())
    return data.quantity(runs, train if trained else val, look, what.lower())


def _names(runs: data.NamedCurves, find: data.Find) -> set[str | None]:
    return {find(curves) for curves in runs.values()}


def evaluations(ax: Axes, runs: data.NamedCurves, look: Look, find: data.Find) -> int:
    """Draws the evaluations of as many runs as are told apart; says of how many."""
    if len(runs) > ends.LISTED:
        return 0
    drawn = [
        lines.dots(ax, data.series(curves, find(curves), look), palette.ink(at))
        for at, curves in enumerate(runs.values())
    ]
    return sum(one is not None for one in drawn)
