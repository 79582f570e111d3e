"""One family of metrics, such as `mode1_ppl` and `mode1_loss`: values, loss, ratio, difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fastlogs._compare.choice import families, shared
from fastlogs._metrics import role_of
from fastlogs.errors import TooFew
from fastlogs.plot import axes, data, ends
from fastlogs.plot.drawn import figure
from fastlogs.plot.losses_diff import differences
from fastlogs.plot.overlay import overlay
from fastlogs.plot.ratio import ratios
from fastlogs.plot.words import fitted, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs._compare import Comparison
    from fastlogs.plot.look import Look

_LOGGED = ("perplexity",)


@figure("comparison")
def family(found: Comparison, look: Look) -> Figure:
    """One family of metrics: values, loss, ratio, difference."""
    there = groups(found)
    if not there:
        raise TooFew("no family of metrics in both arms", help="a family is like mode1_ppl and mode2_ppl")
    asked = look.metrics[0] if look.metrics else None
    name = next((key for key, members in there.items() if asked in (key, *members)), next(iter(there)))
    return drawn(found, name, there[name], look)


def groups(found: Comparison) -> dict[str, list[str]]:
    """The metrics of each member that families have: `mode1` has `mode1_ppl` and `mode1_loss`."""
    pair = next(iter(found.pairs.values()))
    names = [name for members in families(shared(pair.baseline, pair.candidate)).values() for name in members]
    made: dict[str, list[str]] = {}
    for name in names:
        made.setdefault(_member(name), []).append(name)
    return made


def _member(name: str) -> str:
    """What a metric is measured of: up to its number, else what stands behind the slash."""
    numbered = re.match(r".*?\d+", name)
    return numbered.group() if numbered else name.rsplit("/", 1)[-1]


def drawn(found: Comparison, name: str, members: Sequence[str], look: Look) -> Figure:
    """The page of one member: its two metrics of most interest, the ratio and the difference of the first."""
    ordered = sorted(members, key=lambda metric: not _is_logged(metric))
    first, second = ordered[0], ordered[1] if len(ordered) > 1 else None
    sheet = axes.canvas(look, (12.0, 8.0))
    made = axes.panels(sheet, 2, 2)
    _values(made[0], found, first, look, log=_is_logged(first) and look.log is not False)
    pairs = list(found.pairs.values())
    if second is not None:
        _values(made[1], found, second, look, log=False)
    else:
        _values(made[1], found, first, look, log=not _is_logged(first))
    ends.name(made[2], [ratios(made[2], pair, first, at + 1) for at, pair in enumerate(pairs)])
    axes.label(made[2], data.along(look), "ratio", f"{fitted(first)} ÷ that of {fitted(found.baseline.name, 20)}")
    ends.name(made[3], differences(made[3], pairs, first))
    axes.label(made[3], data.along(look), "difference", f"{fitted(first)} − that of {fitted(found.baseline.name, 20)}")
    axes.headline(sheet, look.titled(f"{fitted(name)} comparison: {_finals(found, first)}"))
    return sheet


def _values(ax: Axes, found: Comparison, metric: str, look: Look, *, log: bool) -> None:
    runs = {name: data.series(curves, metric, look) for name, curves in found.runs.items()}
    overlay(ax, metric, runs, look, log=log)
    owner = next(iter(found.runs.values()))
    axes.label(ax, data.along(look), data.label_of(owner, metric), metric + (", log axis" if log else ""))


def _is_logged(metric: str) -> bool:
    role = role_of(metric)
    return role is not None and role.name in _LOGGED


def _finals(found: Comparison, metric: str) -> str:
    last = {name: curves.series(metric).y for name, curves in list(found.runs.items())[:3]}
    told = [f"{fitted(name, 16)} {short(float(f'{y[-1]:.4g}'))}" for name, y in last.items() if y.size]
    return f"final {fitted(metric, 20)} " + ", ".join(told)
