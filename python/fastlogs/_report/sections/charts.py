"""The curves of runs, thinned for a screen: a chart a metric, whatever each run calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastlogs._compare.series import Curves
from fastlogs._metrics import role_of
from fastlogs._report.blocks import Chart, Charts, Line
from fastlogs._report.sections.difference import difference_chart
from fastlogs.errors import FastlogsError
from fastlogs.plot.palette import COLOURS
from fastlogs.plot.smooth import FEW, points, smoothed
from fastlogs.plot.thin import thin

if TYPE_CHECKING:
    from fastlogs._compare import Comparison
    from fastlogs._compare.series import Series
    from fastlogs.stats.floats import Floats

# The roles whose charts come first; then the other metrics in order of appearance.
_FIRST = ("loss", "val_loss", "perplexity", "accuracy", "lr", "grad_norm", "throughput", "step_time")
_MOST = 12
_DASHES = ("solid", "dash", "dot", "dashdot")
_LOGGED = ("perplexity",)
# Of how many points all charts together may be: some 5 MB of a page.
_POINTS = 300_000
_COLUMNS = 1000
# Up to this many runs the raw values stand faint behind the smoothed.
_RAW = 8


@dataclass(frozen=True)
class Seen:
    """A run as it is drawn: its curves, and where each step stands on the other axes."""

    name: str
    curves: Curves
    others: Mapping[str, tuple[Floats, Floats]]

    def along(self, x: Floats) -> dict[str, Floats]:
        return {axis: np.interp(x, *places, left=np.nan, right=np.nan) for axis, places in self.others.items()}


def charts(runs: Mapping[str, Curves], smooth: int | None = None, found: Comparison | None = None) -> Charts | None:
    """A chart for each of the first dozen metrics, losses first; None when no run has any.

    Of a comparison the difference that it is about comes first.
    """
    keys = _keys(runs)
    shown = dict(list(keys.items())[:_MOST])
    lines = sum(map(len, shown.values())) * (2 if len(runs) <= _RAW else 1)
    columns = min(_COLUMNS, max(_POINTS // (2 * max(lines, 1)), 50))
    seen = {name: Seen(name, curves, _axes(curves)) for name, curves in runs.items()}
    made = [_chart(key, members, seen, smooth, columns) for key, members in shown.items()]
    ahead = [] if found is None else [difference_chart(found, seen)]
    there = tuple(chart for chart in (*ahead, *made) if chart is not None and chart.lines)
    if not there:
        return None
    first = next(iter(runs.values())).axis
    axes = (first, *dict.fromkeys(axis for one in seen.values() for axis in one.others))
    inks = {
        name: (COLOURS[at % len(COLOURS)], _DASHES[at // len(COLOURS) % len(_DASHES)]) for at, name in enumerate(runs)
    }
    left = list(keys)[_MOST:]
    notes = (
        (f"{len(left)} more metrics have no chart here: {', '.join(left[:20])}{' …' * (len(left) > 20)}.",)
        if left
        else ()
    )
    return Charts(inks, axes, there, notes)


def _keys(runs: Mapping[str, Curves]) -> dict[str, list[tuple[str, str]]]:
    """The (run, metric) pairs of each chart: metrics of one role stand together, others by their name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, curves in runs.items():
        for metric in curves.metrics:
            found.setdefault(_key(curves, metric), []).append((name, metric))
    order = {role: at for at, role in enumerate(_FIRST)}
    return dict(sorted(found.items(), key=lambda one: order.get(one[0], len(order))))


def _key(curves: Curves, metric: str) -> str:
    role = role_of(metric)
    if role is None or curves.of_role(role.name) != metric:
        return metric
    return "loss" if role.name == "val_loss" and curves.of_role("loss") else role.name


def _axes(curves: Curves) -> dict[str, tuple[Floats, Floats]]:
    """The steps of a run and their times, when it is drawn along steps and has a clock."""
    if curves.axis != "step":
        return {}
    try:
        places = Curves(curves.run, "time").places
    except FastlogsError:
        return {}
    steps = curves.steps
    there = np.isfinite(places) & np.isfinite(steps)
    order = np.argsort(steps[there], kind="stable")
    return {"time": (steps[there][order], places[there][order])} if there.any() else {}


def _chart(
    key: str, members: list[tuple[str, str]], seen: Mapping[str, Seen], smooth: int | None, columns: int
) -> Chart:
    lines = [
        line
        for name, metric in members
        for line in _lines(seen[name], metric, key, smooth, columns, raw=len(seen) <= _RAW)
    ]
    units = [seen[name].curves.run.units.get(metric) for name, metric in members]
    names = list(dict.fromkeys(metric for _, metric in members))
    title = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
    return Chart(title, next((unit for unit in units if unit), ""), _behind(lines), log=key in _LOGGED)


def _behind(lines: list[Line]) -> tuple[Line, ...]:
    """Raw values behind everything that is smoothed, whoever's they are."""
    return tuple(sorted(lines, key=lambda line: line.style != "faint"))


def _lines(one: Seen, metric: str, key: str, smooth: int | None, columns: int, *, raw: bool) -> list[Line]:
    series = one.curves.series(metric)
    if not series.x.size:
        return []
    role = role_of(metric)
    if role is not None and role.name == "val_loss" and key == "loss":
        return [_line(one, metric, series, series.logged_y, columns, "dots")]
    window = points(series.x.size, smooth)
    bold = _line(one, metric, series, smoothed(series.logged_y, window), columns, "line")
    faint = raw and window > 1 and series.x.size > FEW
    return [_line(one, metric, series, series.logged_y, columns, "faint"), bold] if faint else [bold]


def _line(one: Seen, metric: str, series: Series, y: Floats, columns: int, style: str) -> Line:
    shown = thin(series.logged_x, y, columns)
    x = series.logged_x[shown]
    y = np.where(np.isfinite(y[shown]), y[shown], np.nan)
    return Line(one.name, metric, {one.curves.axis: x, **one.along(x)}, y, style)
