"""The curves of all runs of a sweep: bands that hold most, the best by name, the failed as they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs._compare.series import Series
from fastlogs.errors import TooFew
from fastlogs.plot import axes, ends, palette
from fastlogs.plot.bands import bands
from fastlogs.plot.drawn import figure
from fastlogs.plot.overlay import scaled
from fastlogs.plot.words import counted, fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._sweep import Sweep
    from fastlogs.plot.look import Look

_FAILED = 40


@figure("sweep")
def sweep_curves(sweep: Sweep, look: Look) -> Figure:
    """The curves of all runs of a sweep, the failed ones too."""
    done, failed = _parted(sweep)
    if not (done or failed):
        raise TooFew(f"no run of the sweep has a {sweep.metric}")
    sheet = axes.canvas(look, (9.0, 5.2))
    ax = axes.panels(sheet, 1, 1)[0]
    drawn = bands(ax, done, look, sweep.goal) if done else []
    scaled(ax, [s.y for s in (done or failed).values()], bool(look.log))
    # Failed runs may have gone anywhere: the limits are those of the others.
    limits = ax.get_ylim() if done else None
    _failures(ax, list(failed.values())[:_FAILED])
    if limits is not None:
        ax.set_ylim(*limits)
    ends.name(ax, drawn)
    axes.label(ax, "step", fitted(sweep.metric, 40))
    axes.headline(sheet, look.titled("All runs"), _told(len(failed)))
    return sheet


def _failures(ax: Axes, failed: list[Series]) -> None:
    for series in failed:
        ax.plot(series.x, series.y, color=palette.BAD, linewidth=0.6, alpha=0.5, zorder=0)
        ax.plot(series.x[-1:], series.y[-1:], "x", color=palette.BAD, markersize=5, zorder=4)


def _parted(sweep: Sweep) -> tuple[dict[str, Series], dict[str, Series]]:
    """The curves of the runs that finished or still run, and of those that failed."""
    done: dict[str, Series] = {}
    failed: dict[str, Series] = {}
    for glance, found in zip(sweep.glances, sweep.triage, strict=True):
        curve = glance.curve
        if len(curve.y) and found.state != "duplicate":
            (failed if found.failed else done)[glance.run] = Series(curve.x, curve.y, curve.x, curve.y)
    return done, failed


def _told(failed: int) -> str:
    shown = f", the first {_FAILED} are drawn" if failed > _FAILED else ""
    return f"{counted(failed, 'run')} failed (orange ×{shown})" if failed else ""
