"""Which settings matter: how much less is foretold without each, beside what luck reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs.errors import TooFew
from fastlogs.plot import axes, palette
from fastlogs.plot.drawn import figure
from fastlogs.plot.words import counted, fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._sweep import Sweep
    from fastlogs.plot.look import Look
    from fastlogs.stats.importance import Importance, Weight

_MOST = 20


@figure("sweep")
def importance(sweep: Sweep, look: Look) -> Figure:
    """How much each setting matters, beside what luck reaches."""
    found = sweep.weighed
    if not found.weights:
        raise TooFew(f"what matters is not known: {found.reason}")
    shown = found.weights[:_MOST]
    sheet = axes.canvas(look, (9.0, 1.9 + 0.36 * len(shown)))
    ax = axes.panels(sheet, 1, 1)[0]
    for row, one in enumerate(shown):
        _bar(ax, len(shown) - 1 - row, one)
    ax.axvline(0, color=palette.SOFT, linewidth=0.9, zorder=3)
    axes.names(ax, "y", range(len(shown))[::-1], [fitted(one.name, 28) for one in shown])
    axes.upright(ax)
    ax.set_ylim(-0.7, len(shown) - 0.3)
    axes.label(ax, "drop of R2 out of bag when the setting is shuffled and all is fitted again")
    axes.headline(sheet, look.titled(f"What matters for {fitted(sweep.metric, 40)}"), _told(found))
    return sheet


def _bar(ax: Axes, y: int, one: Weight) -> None:
    """The drop and its interval; behind it, in grey, what a setting of no importance reaches."""
    colour = palette.COLOURS[0] if one.named else "#b8b8b8"
    ax.barh(y, 2 * one.band, left=-one.band, height=0.86, color="#e4e4e4", zorder=1)
    ax.barh(y, one.drop, height=0.5, color=colour, zorder=2)
    ax.plot([one.low, one.high], [y, y], color=palette.TEXT, linewidth=1.1, zorder=4)
    said = one.shape.word if one.named else "not told from none"
    axes.tell(ax, said, (1.0, y), (8, 0), ("axes fraction", "data"), va="center")


def _told(found: Importance) -> str:
    verdict = "" if found.matters else "nothing is seen to matter: "
    assert found.r2 is not None
    tested = f"R2 {found.r2:.2f}, of shuffled results at most {max(found.null):.2f}"
    return f"{verdict}{tested}; {counted(found.n, 'result')}; grey: what luck reaches, bars: 95 %"
