"""The metrics that several runs share, a panel each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fastlogs._metrics import role_of
from fastlogs.errors import TooFew, UnknownMetric
from fastlogs.plot import axes, data, ends, panel
from fastlogs.plot.drawn import figure
from fastlogs.plot.overlay import overlay

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs._compare.series import Curves
    from fastlogs.plot.look import Look

_ROLES = ("loss", "val_loss", "perplexity", "accuracy", "lr", "grad_norm", "throughput", "step_time")
_MOST = 12


@figure("runs")
def training_curves_comparison(runs: data.NamedCurves, look: Look) -> Figure:
    """The metrics that several runs share."""
    shown = _asked(runs, look) if look.metrics else _shared(runs, look)
    if not shown:
        raise TooFew(f"no metric in common among {len(runs)} runs", help="name some with metrics=")
    across = 1 if len(shown) == 1 else 2
    down = math.ceil(len(shown) / across)
    sheet = axes.canvas(look, (13.0 if across > 1 else 9.0, 3.4 * down + 0.8))
    made = axes.panels(sheet, down, across)
    for at, (ax, one) in enumerate(zip(made, shown, strict=False)):
        as_is = panel.unsmoothed(look) if _role(one.metric) == "lr" else look
        drawn = overlay(ax, one.metric, one.runs, as_is, log=_role(one.metric) == "perplexity", named=False)
        # A list of names beside every panel would take half of the page: the first has it for all.
        if len(drawn) <= ends.DIRECT or len(drawn) < len(runs) or at == min(across, len(shown)) - 1:
            ends.name(ax, drawn)
        axes.label(ax, data.along(look), one.label, one.metric)
    for spare in made[len(shown) :]:
        spare.set_axis_off()
    axes.headline(sheet, look.titled(f"Training curves of {len(runs)} runs" if len(runs) > 1 else "Training curves"))
    return sheet


def _role(metric: str) -> str:
    role = role_of(metric)
    return role.name if role else ""


def _shared(runs: data.NamedCurves, look: Look) -> list[data.Quantity]:
    """What at least half of the runs measured, whatever each calls it."""
    found = []
    for role in _ROLES:
        names = [curves.of_role(role) for curves in runs.values()]
        if 2 * sum(name is not None for name in names) >= len(runs):
            found.append(_quantity(runs, data.role(role), look, role))
    return [one for one in found if one is not None]


def _quantity(runs: data.NamedCurves, find: data.Find, look: Look, what: str) -> data.Quantity | None:
    try:
        return data.quantity(runs, find, look, what)
    except TooFew:
        # Logged, and never finite: there is nothing to draw.
        return None


def _asked(runs: data.NamedCurves, look: Look) -> list[data.Quantity]:
    names: list[str] = []
    for curves in runs.values():
        names += [n for n in _matching(curves, look.metrics) if n not in names]
    if not names:
        raise UnknownMetric(f"no metric {', '.join(look.metrics)} in {len(runs)} runs")
    return [data.quantity(runs, lambda _, name=name: name, look, name) for name in names[:_MOST]]  # type: ignore[misc]


def _matching(curves: Curves, asked: tuple[str, ...]) -> list[str]:
    return [name for one in asked for name in data.fitting(curves, one)]
