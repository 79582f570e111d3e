"""One panel of a page about one run: a metric in training and, where there is one, in validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastlogs.plot import axes, data, ends, lines, palette
from fastlogs.plot.overlay import scaled
from fastlogs.plot.smooth import FEW, points
from fastlogs.plot.words import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from fastlogs._compare.series import Curves, Series
    from fastlogs.plot.look import Look

_TRAIN, _VAL = palette.ink(0), palette.ink(1)


@dataclass(frozen=True, slots=True)
class Panel:
    """What a panel shows: a metric of training, one of validation, and how."""

    title: str
    train: str | None
    val: str | None = None
    log: bool = False
    raw: bool = False  # a schedule is shown as it is


def has(run: Curves, panel: Panel, look: Look) -> bool:
    return any(one.x.size for one in _both(run, panel, look))


def _both(run: Curves, panel: Panel, look: Look) -> tuple[Series, Series]:
    val = panel.val if look.validation and panel.val != panel.train else None
    return data.series(run, panel.train, look), data.series(run, val, look)


def draw(ax: Axes, run: Curves, panel: Panel, look: Look) -> None:
    """Draws a panel; one without data says so, one with only what is not finite says that."""
    train, val = _both(run, panel, look)
    metric = panel.train if train.logged_x.size else panel.val
    axes.label(ax, data.along(look), data.label_of(run, metric) if metric else "", panel.title)
    if not (train.x.size or val.x.size):
        nothing(ax, f"none of {counted(train.logged_x.size, 'value')} is finite" if train.logged_x.size else "no data")
        return
    drawn = lines.curve(ax, "training", train, _TRAIN, unsmoothed(look) if panel.raw else look)
    dots = lines.dots(ax, val, _VAL if drawn else _TRAIN)
    marks(ax, run, look)
    scaled(ax, [train.y, val.y], panel.log)
    if drawn and dots:
        ends.legend(ax, [drawn.line, dots], ["training", "validation"])
    note(ax, train, look, smoothed=not panel.raw, resumes=data.resumes(run))


def unsmoothed(look: Look) -> Look:
    """The same without an average."""
    from dataclasses import replace

    return replace(look, smooth=1)


def marks(ax: Axes, run: Curves, look: Look) -> None:
    """Epochs and restarts."""
    reached = run.place_of(look.max_steps) if look.max_steps else np.inf
    for draw_them, places in ((lines.epochs, data.epoch_starts(run)), (lines.restarts, data.attempt_starts(run))):
        draw_them(ax, places[places <= reached])


def nothing(ax: Axes, why: str) -> None:
    """An empty panel says why."""
    axes.say(ax, 0.5, 0.5, why, ha="center", va="center", fontsize=axes.PLAIN)
    ax.set(xticks=[], yticks=[])


def note(ax: Axes, series: Series, look: Look, *, smoothed: bool, resumes: int = 0) -> None:
    """What a reader should know of the curve, in small print above it."""
    said = []
    window = points(series.x.size, look.smooth) if smoothed else 1
    if window > 1:
        said.append(f"average of {window:,} points")
    if series.x.size and series.y.size > 1 and np.ptp(series.y) == 0:
        said.append("constant")
    if series.x.size < min(FEW, 10):
        said.append(counted(series.x.size, "point"))
    if series.nonfinite:
        said.append(f"{counted(series.nonfinite, 'value')} not finite (×)")
    if resumes:
        said.append(f"resumed {counted(resumes, 'time')}")
    if said:
        axes.say(ax, 1.0, 1.012, ", ".join(said), ha="right", va="bottom", fontsize=axes.SMALL - 1)
