"""Every metric of one run, a panel each."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from fastlogs._compare.series import Curves
from fastlogs._metrics import role_of
from fastlogs.errors import TooFew
from fastlogs.plot import axes, data
from fastlogs.plot.drawn import figure
from fastlogs.plot.panel import Panel, draw
from fastlogs.plot.words import fitted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look

# Roles in the order people look at them; all else follows as logged.
_ORDER = ("loss", "val_loss", "perplexity", "accuracy", "error", "reward", "lr", "grad_norm", "throughput", "step_time")
_LOGGED = ("perplexity", "lr")
_AS_IS = ("lr", "epoch", "tokens")
MOST = 24
_VAL = re.compile(r"^(val|valid|validation|eval|dev)([_/])")


@figure("run")
def training_curves(run: Curves, look: Look) -> Figure:
    """Every metric of one run, or the ones asked for."""
    asked = data.named(run, look.metrics)
    shown = [_panel(run, name, None) for name in asked] if asked else paired(run, look)
    if not shown:
        raise TooFew(f"{run.name} has no metric", help="fastlogs summary PATH shows what was read")
    across = min(len(shown), 2)
    down = math.ceil(len(shown[:MOST]) / across)
    sheet = axes.canvas(look, (11.0 if across > 1 else 9.0, max(2.9 * down, 4.0) + 0.5))
    made = axes.panels(sheet, down, across)
    for ax, one in zip(made, shown, strict=False):
        draw(ax, run, one, look)
    for spare in made[len(shown) :]:
        spare.set_axis_off()
    left = f" ({MOST} of {len(shown)} metrics)" if len(shown) > MOST else ""
    axes.headline(sheet, look.titled(f"Training curves: {fitted(run.name, 60)}{left}"))
    return sheet


def paired(run: Curves, look: Look) -> list[Panel]:
    """A panel a metric, training and validation of one name together, in the order people look at them."""
    there = [name for name in run.metrics if data.series(run, name, look).logged_x.size]
    partner = {train: name for name in there if (train := _trained(name, there))}
    mates = set(partner.values())
    chosen = [name for name in there if name not in mates and not _is_counter(name)]
    panels = [_panel(run, name, partner.get(name)) for name in chosen]
    return sorted(panels, key=lambda panel: _rank(panel.title))


def _trained(val: str, there: list[str]) -> str | None:
    """The training metric that a validation metric belongs to."""
    bare = _VAL.sub("", val)
    if bare == val:
        return None
    return next((name for name in (bare, f"train_{bare}", f"train/{bare}", f"lm_{bare}") if name in there), None)


def _panel(run: Curves, name: str, val: str | None) -> Panel:
    role = role_of(name)
    kind = role.name if role else ""
    return Panel(name, name, val, log=kind in _LOGGED and _spans(run, name), raw=kind in _AS_IS)


def _spans(run: Curves, name: str) -> bool:
    """Whether the values span more than a decade."""
    y = run.series(name).y
    y = y[y > 0]
    return bool(y.size and y.max() > 10 * y.min())


def _is_counter(name: str) -> bool:
    role = role_of(name)
    return role is not None and role.name in ("epoch", "tokens")


def _rank(name: str) -> int:
    role = role_of(name)
    return _ORDER.index(role.name) if role and role.name in _ORDER else len(_ORDER)
