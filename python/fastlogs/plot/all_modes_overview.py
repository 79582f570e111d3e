"""Every family of metrics at a glance: shades of one colour an arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs._compare.choice import families, shared
from fastlogs._metrics import role_of
from fastlogs.errors import TooFew
from fastlogs.plot import axes, data, ends
from fastlogs.plot.drawn import figure
from fastlogs.plot.lines import Drawn, curve
from fastlogs.plot.overlay import scaled
from fastlogs.plot.palette import Ink
from fastlogs.plot.words import fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._compare import Arm, Comparison
    from fastlogs.plot.look import Look

_MOST = 4
_NAMES = 12
_SHADES = ("Blues", "Oranges", "Greens", "Purples", "Greys")


@figure("comparison")
def all_modes_overview(found: Comparison, look: Look) -> Figure:
    """Every family of metrics at a glance, baseline beside candidate."""
    arms = found.arms[: len(_SHADES)]
    there = families(shared(found.baseline, found.candidates[0]))
    if not there:
        raise TooFew("no family of metrics in both arms", help="a family is like mode1_ppl and mode2_ppl")
    chosen = sorted(there.items(), key=lambda one: not _logged(one[1][0]))[:_MOST]
    sheet = axes.canvas(look, (4.8 * len(arms) + 1.6, 3.7 * len(chosen) + 0.5))
    made = axes.panels(sheet, len(chosen), len(arms))
    for row, (key, members) in enumerate(chosen):
        beside = made[row * len(arms) : (row + 1) * len(arms)]
        for column, (ax, arm) in enumerate(zip(beside, arms, strict=True)):
            _members(ax, arm, members, look, _SHADES[column])
            axes.label(ax, data.along(look), fitted(key), fitted(arm.name))
        _level(beside)
    axes.headline(sheet, look.titled("All families" if len(chosen) > 1 else f"Family {fitted(chosen[0][0])}"))
    return sheet


def _logged(metric: str) -> bool:
    role = role_of(metric)
    return role is not None and role.name == "perplexity"


def _members(ax: Axes, arm: Arm, members: list[str], look: Look, shades: str) -> None:
    """The metrics of a family in one arm, in shades of its colour."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    tones = [to_hex(tone) for tone in colormaps[shades](np.linspace(0.95, 0.45, len(members)))]
    run = arm.curves[0]
    told = [(name, data.series(run, name, look), Ink(tone, "-")) for name, tone in zip(members, tones, strict=True)]
    drawn = [one for name, series, ink in told if (one := curve(ax, name, series, ink, look, raw=False))]
    scaled(ax, [series.y for _, series, _ in told], log=_logged(members[0]) and look.log is not False)
    _names(ax, drawn)


def _names(ax: Axes, drawn: list[Drawn]) -> None:
    if len(drawn) <= ends.DIRECT:
        ends.direct(ax, drawn)
    elif len(drawn) <= _NAMES:
        ends.legend(ax, [one.line for one in drawn], [one.name for one in drawn])


def _level(beside: list[Axes]) -> None:
    """The same limits for what is to be compared by eye."""
    low, high = min(ax.get_ylim()[0] for ax in beside), max(ax.get_ylim()[1] for ax in beside)
    for ax in beside:
        ax.set_ylim(low, high)
