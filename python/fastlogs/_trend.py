"""Where a run is heading: whether its loss still falls, and whether validation has turned up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

from fastlogs._evidence import number
from fastlogs._findings import Finding
from fastlogs._metrics import role_of, roles
from fastlogs._series import metrics_of, points

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    from fastlogs.stats.converge import Convergence
    from fastlogs.stats.overfit import Overfitting

    Floats: TypeAlias = npt.NDArray[np.float64]

# A loss that rises and is so many times its best has diverged.
_LOST = 1.5
_BINS = 64
KINDS = ("overfitting", "worsening", "diverged")


def primary(names: Sequence[str], role: str) -> str | None:
    """The metric that stands for a role: the one whose name comes first among those that the role may have.

    >>> primary(["aux_loss", "lm_loss", "lr"], "loss")
    'lm_loss'
    """
    mine = [name for name in names if (found := role_of(name)) is not None and found.name == role]
    globs = next(r.names for r in roles() if r.name == role)
    return min(
        mine, key=lambda name: next(at for at, g in enumerate(globs) if fnmatchcase(name.lower(), g)), default=None
    )


def heading(table: pl.DataFrame) -> tuple[str, Convergence] | None:
    """The primary loss of a run and how it moves in the last fifth; None when there is no loss."""
    from fastlogs.stats.converge import state

    name = primary(metrics_of(table), "loss") or primary(metrics_of(table), "val_loss")
    return None if name is None else (name, state(*points(table, name)))


def turned(table: pl.DataFrame) -> tuple[str, Overfitting] | None:
    """The validation loss of a run and whether it has turned up; None when there is none."""
    from fastlogs.stats.overfit import overfitting

    names = metrics_of(table)
    val, train = primary(names, "val_loss"), primary(names, "loss")
    if val is None:
        return None
    beside = points(table, train) if train is not None else (None, None)
    return val, overfitting(*points(table, val), *beside)


def trend(run: str, table: pl.DataFrame) -> Iterator[Finding]:
    """Findings about where a run is heading."""
    name = primary(metrics_of(table), "loss") or primary(metrics_of(table), "val_loss")
    if name is not None:
        x, y = _finite(table, name)
        yield from _up(run, name, x, y)
    if (turn := turned(table)) is not None and turn[1].found:
        yield _overfitting(run, int(points(table, turn[0])[0][-1]), *turn)


def trend_of(run: str, name: str, x: Floats, y: Floats) -> Iterator[Finding]:
    """Findings about where one metric by itself is heading; nothing of what is no loss."""
    from fastlogs.stats.converge import finite
    from fastlogs.stats.overfit import overfitting

    role = role_of(name)
    if role is None or role.name not in ("loss", "val_loss") or not len(x):
        return
    yield from _up(run, name, *finite(x, y))
    if role.name == "val_loss" and (turn := overfitting(x, y, None, None)).found:
        yield _overfitting(run, int(x[-1]), name, turn)


def _finite(table: pl.DataFrame, name: str) -> tuple[Floats, Floats]:
    from fastlogs.stats.converge import finite

    return finite(*points(table, name))


def _up(run: str, name: str, x: Floats, y: Floats) -> Iterator[Finding]:
    """A loss that ends far above its best, or is surely rising."""
    from fastlogs.stats.bins import bin_means
    from fastlogs.stats.converge import state

    bins, found = bin_means(y, _BINS), state(x, y)
    if len(y) < 2 * _BINS or not (found.state == "worsening" or _leapt(bins)):
        return
    best, last = float(bins.min()), float(bins[-1])
    lost = best > 0 and last > _LOST * best
    if not lost and found.state != "worsening":
        return
    said = f"{name} ends near {number(last)}, its best was near {number(best)} at about step {_at(x, bins)}"
    said += f"; {slope(name, found)}" if found.state == "worsening" else ""
    kind = "diverged" if lost else "worsening"
    yield Finding(kind, "error" if lost else "warning", said, run, name, _at(x, bins), int(x[-1]), last)


def _leapt(bins: Floats) -> bool:
    """Whether the last two of the bins stand far out of those of the second half."""
    import numpy as np

    half = bins[len(bins) // 2 :]
    usual = float(np.median(half))
    return bool(min(half[-2:]) > usual + 5 * 1.4826 * float(np.median(np.abs(half - usual))))


def _at(x: Floats, bins: Floats) -> int:
    """The step in the middle of the lowest bin."""
    return int(x[int((int(bins.argmin()) + 0.5) * len(x) / len(bins))])


def _overfitting(run: str, last: int, name: str, found: Overfitting) -> Finding:
    first = None if found.best_x is None else int(found.best_x)
    return Finding("overfitting", "warning", overfitted(name, found), run, name, first, last, found.rise)


def overfitted(name: str, found: Overfitting) -> str:
    """What is known of overfitting, in a line."""
    if found.found is None:
        return f"not known: {found.reason}"
    best = f"{name} was best near step {number(found.best_x)} ({number(found.best)})"
    if not found.found:
        return f"no sign of it: {best}"
    trained = "while training went on down" if found.train_rose is False else "since"
    chance = "" if found.p is None else f", p = {found.p:.1g}"
    return f"{best} and rose by {number(found.rise)} {trained}{chance}"


def slope(name: str, found: Convergence) -> str:
    """How a metric moves over the last fifth of the run, in a line."""
    if found.slope is None or found.low is None or found.high is None:
        return f"{name}: {found.reason}"
    word = {"improving": "still improving", "undecided": "no clear direction"}.get(found.state, found.state)
    edges = f"95 % CI {found.low:+.2g} to {found.high:+.2g}"
    return f"{name} {word}: {found.slope:+.2g} per tenth of the run ({edges})"
