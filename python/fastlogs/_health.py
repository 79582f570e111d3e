"""What went wrong in one run: the detectors of `fastlogs.stats` on its series, said in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

from fastlogs._coverage import say
from fastlogs._evidence import finding, nonfinite, pauses
from fastlogs._findings import Check, Finding, Severity
from fastlogs._metrics import role_of, wanted
from fastlogs._series import metrics_of, points
from fastlogs._trend import KINDS as TREND_KINDS
from fastlogs._trend import primary, trend, trend_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import polars as pl

    from fastlogs._coverage import Coverage
    from fastlogs.stats.anomalies import Anomaly, Role

    Floats: TypeAlias = npt.NDArray[np.float64]

# Roles that have detectors of their own; the rest is looked through for nan and inf.
_SEARCHED = ("loss", "grad_norm", "throughput", "step_time")
_LOWER: dict[Severity, Severity] = {"error": "warning", "warning": "info", "info": "info"}
# Share of its steps on which a clock grows: it may be set to zero now and then.
_GROWING = 0.98
# Names that end like a loss and are none.
_NO_LOSS = ("*scale*", "*weight*", "*coef*")


def health(run: str, table: pl.DataFrame, metrics: tuple[str, ...] | None = None) -> tuple[list[Finding], list[Check]]:
    """Findings in a run's main rows, and what was looked for; `metrics` are names, globs and roles.

    >>> found, checks = health("r", pl.DataFrame({"step": [1, 2, 3], "loss": [3.0, float("nan"), 2.0]}))
    >>> found[0].evidence
    'loss is nan at 1 of 3 points: step 2'
    """
    names = metrics_of(table)
    if metrics is not None:
        names = [n for n in names if any(fnmatchcase(n, glob) for glob in wanted(metrics, names) or ())]
    main = primary(names, "loss")
    found: list[Finding] = []
    checks: list[Check] = []
    for name in names:
        x, y = points(table, name)
        role = "any" if _is_clock(role := searched(name), y) else role
        found += _told(run, name, x, y, role, minor=role == "loss" and name != main)
        checks += [Check(run, kind, name) for kind in _kinds(role)]
    if metrics is None:
        found += [*_pauses(run, table), *trend(run, table)]
    return found, checks


def of_series(run: str, name: str, x: Floats, y: Floats) -> Iterator[Finding]:
    """The findings of one metric by itself: what `health` and `trend` say of a table that has no other."""
    role = "any" if _is_clock(role := searched(name), y) else role
    yield from _told(run, name, x, y, role, minor=False)
    yield from trend_of(run, name, x, y)


def searched(metric: str) -> Role:
    """The role whose detectors a metric is shown to.

    >>> searched("lm_loss"), searched("loss_scale"), searched("lr")
    ('loss', 'any', 'any')
    """
    role = role_of(metric)
    if role is None or role.name not in _SEARCHED or any(fnmatchcase(metric.lower(), glob) for glob in _NO_LOSS):
        return "any"
    return role.name  # type: ignore[return-value]


def kinds() -> tuple[str, ...]:
    """Every kind of finding about a run's health."""
    from fastlogs.stats.anomalies import DETECTORS

    reading = (kind for kind, _ in _READING.values())
    return tuple(dict.fromkeys([*(d.kind for d in DETECTORS), *TREND_KINDS, *reading]))


def _kinds(role: Role) -> list[str]:
    from fastlogs.stats.anomalies import DETECTORS

    return list(dict.fromkeys(d.kind for d in DETECTORS if role in d.roles or "any" in d.roles))


def _is_clock(role: Role, y: Floats) -> bool:
    """Whether a time only ever grows: the run's clock, not the time of a step."""
    return role == "step_time" and len(y) > 2 and bool((y[1:] >= y[:-1]).mean() > _GROWING) and y[-1] > y[0]


def _told(run: str, name: str, x: Floats, y: Floats, role: Role, *, minor: bool) -> Iterator[Finding]:
    """The findings of one metric; a `minor` one is a part of the loss that matters, and is told of in a lower voice."""
    from fastlogs.stats.anomalies import find

    gathered: dict[str, list[Anomaly]] = {}
    for anomaly in find(x, y, role):
        gathered.setdefault(anomaly.kind, []).append(anomaly)
    for kind, anomalies in gathered.items():
        if kind in ("nan", "inf"):
            yield nonfinite(run, name, anomalies, len(y))
            continue
        for anomaly in anomalies:
            told = finding(run, name, anomaly, int((x >= anomaly.first).sum()))
            yield replace(told, severity=_LOWER[told.severity]) if minor else told


def _pauses(run: str, table: pl.DataFrame) -> Iterator[Finding]:
    """Gaps of the log's clock, told together: evaluations make one each."""
    from fastlogs.stats.anomalies import find

    x, seconds = clock(table)
    found = find(x, seconds, "time") if len(x) else ()
    gaps = [a for a in found if a.kind == "stall" and a.value is not None]
    if gaps:
        yield pauses(run, gaps, float(seconds[-1] - seconds[0]), len(x))


def clock(table: pl.DataFrame) -> tuple[Floats, Floats]:
    """Steps, and the seconds at which they were logged; empty when the log has no clock."""
    import numpy as np
    import polars as pl

    name = next((c for c in ("wall_time", "elapsed") if c in table.columns), None)
    if name is None:
        return np.empty(0), np.empty(0)
    column = pl.col(name)
    seconds = column.dt.epoch("us") / 1e6 if isinstance(table.schema[name], pl.Datetime) else column.cast(pl.Float64)
    return points(table.select("step", seconds.alias("seconds")), "seconds")


# What the reading met with, and how bad it is for the run.
_READING: dict[str, tuple[str, Severity]] = {
    "resumes": ("resume", "info"),
    "new_starts": ("new_start", "info"),
    "damaged": ("damaged", "warning"),
    "near_misses": ("lines_left", "info"),
    "bad_values": ("bad_values", "info"),
    "clipped": ("clipped", "info"),
}


def reading_of(run: str, coverage: Coverage) -> Iterator[Finding]:
    """What the reading itself met with."""
    for name, (kind, severity) in _READING.items():
        if count := coverage.counts[name]:
            yield Finding(kind, severity, say(name, count), run, lines=())
