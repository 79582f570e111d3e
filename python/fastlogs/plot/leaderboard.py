"""Who leads a sweep: values, what they probably are, tiers."""

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
    from fastlogs.stats.leaderboard import Standing

_MOST = 30
_OTHERS = "#8a8a8a"


@figure("sweep")
def leaderboard(sweep: Sweep, look: Look) -> Figure:
    """The best settings of a sweep with their intervals and tiers."""
    board = sweep.board
    if not board.order:
        raise TooFew("no run of the sweep finished", help="'fastlogs sweep' says what each of them failed of")
    shown = board.order[:_MOST]
    sheet = axes.canvas(look, (9.0, 1.9 + 0.27 * len(shown)))
    ax = axes.panels(sheet, 1, 1)[0]
    for row, at in enumerate(shown):
        _row(ax, len(shown) - 1 - row, board.standings[at])
    names = [fitted(sweep.seed_groups[sweep.standings.groups[at]].name, 34) for at in shown]
    axes.names(ax, "y", range(len(shown))[::-1], names)
    axes.upright(ax)
    ax.set_ylim(-0.8, len(shown) - 0.2)
    axes.label(ax, f"{sweep.options.score} {fitted(sweep.metric, 40)}")
    axes.headline(sheet, look.titled("Leaderboard"), _told(sweep, len(shown)))
    return sheet


def _row(ax: Axes, y: int, one: Standing) -> None:
    """The interval of what the value probably is, the value itself as a ring, its tier at the right."""
    colour = palette.ink(one.tier - 1).colour if one.tier is not None and one.tier < 5 else _OTHERS
    if one.low is not None and one.high is not None and one.shrunken is not None:
        ax.plot([one.low, one.high], [y, y], color=colour, linewidth=2.2, solid_capstyle="butt", zorder=2)
        ax.plot([one.shrunken], [y], "o", color=colour, markersize=6, markeredgecolor="white", zorder=4)
    ax.plot([one.value], [y], "o", markerfacecolor="none", markeredgecolor=palette.TEXT, markersize=5, zorder=3)
    if one.tier is not None and one.p_best is not None:
        said = f"tier {one.tier}, rank {one.rank_low} to {one.rank_high}, best {one.p_best:.0%}"
        axes.tell(ax, said, (1.0, y), (8, 0), ("axes fraction", "data"), va="center", color=colour)


def _told(sweep: Sweep, shown: int) -> str:
    board = sweep.board
    of = f"the best {shown} of {counted(len(board.order), 'setting')}"
    if board.noise is None:
        return f"{of}; no intervals and no claim: {board.reason}"
    return f"{of}; rings: as measured, bars: as they probably are (95 %)"
