"""How a run stands: what was found, where it is heading, how fast it goes and how long it has left."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fastlogs import _core
from fastlogs._evidence import duration, number
from fastlogs._findings import Finding, short
from fastlogs._health import clock, health
from fastlogs._metrics import SECONDS, role_of
from fastlogs._patterns import triples
from fastlogs._read import head, table_of
from fastlogs._request import Request, covered, frame
from fastlogs._series import main_rows, points
from fastlogs._trend import heading, overfitted, primary, slope, turned
from fastlogs.errors import FastlogsError

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._coverage import Coverage
    from fastlogs.stats.converge import Convergence
    from fastlogs.stats.overfit import Overfitting

# What an outlook is made of; a log's other metrics are not read for it.
ROLES = ("loss", "val_loss", "grad_norm", "throughput", "step_time")
# A second pass over a log larger than this would cost too much to be had unasked.
MOST_BYTES = 64 << 20
_TOTALS = re.compile(r"(?:max|num|total|train|training|n)_?(?:train|training|total)?_?(?:steps|iters|iterations)")
# A metric that counts what the settings speak of, where the log's own step counts something else.
_COUNTERS = re.compile(r"(?:.*[/._])?(?:global_?)?(?:iter|iters|iteration|iterations|step|steps|updates)")
_PAIR = r"(?P<step>\d+)\s*(?:/|of)\s*(?P<total>\d+)"
# Rows of a log's head that a total is looked for in.
_LEAST_PAIRS = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """Steps a second over the last fifth of the run, the total that the log speaks of, and the seconds left."""

    rate: float | None = None
    total: int | None = None
    last: int | None = None
    left: float | None = None

    def words(self) -> str:
        """The same in a line; empty when nothing is known.

        >>> Pace(2.0, 500, 100, 200.0).words()
        '2 steps/s; 100 of 500 steps, about 3 min 20 s left'
        """
        speed = "" if self.rate is None else _speed(self.rate)
        done = "" if self.total is None or self.last is None else f"{self.last:,} of {self.total:,} steps"
        left = f", about {duration(self.left)} left" if self.left else ""
        return "; ".join(filter(None, (speed, done + left)))


def _speed(rate: float) -> str:
    return f"{number(float(f'{rate:.3g}'))} steps/s" if rate >= 1 else f"{duration(1 / rate)} a step"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a summary says of a run beside its figures; None is "not known"."""

    findings: tuple[Finding, ...] = ()
    convergence: tuple[str, Convergence] | None = None
    overfitting: tuple[str, Overfitting] | None = None
    pace: Pace = field(default_factory=Pace)

    def of(self, metric: str | None) -> str:
        """The findings of one metric: `loss_spike x2, nan`."""
        return short([f for f in self.findings if f.metric == metric])

    def to_dict(self) -> dict[str, Any]:
        """The same as data."""
        heads = (self.convergence, self.overfitting)
        convergence, overfitting = ({"metric": h[0]} | asdict(h[1]) if h is not None else None for h in heads)
        told = {"convergence": convergence, "overfitting": overfitting, "pace": asdict(self.pace)}
        return {"findings": [asdict(f) for f in self.findings]} | told

    def words(self) -> list[str]:
        """A line for each thing that is known."""
        said = []
        if self.convergence is not None and self.convergence[1].slope is not None:
            said.append(f"convergence: {slope(*self.convergence)}")
        if self.overfitting is not None and self.overfitting[1].found is not None:
            said.append(f"overfitting: {overfitted(*self.overfitting)}")
        return said + ([f"pace: {self.pace.words()}"] if self.pace.words() else [])


def outlook(
    run: str,
    table: pl.DataFrame,
    *,
    units: Mapping[str, str],
    total: int | None,
    facts: Iterable[Mapping[str, Any]] = (),
) -> Outlook:
    """The outlook of one run's wide table; `facts` are its summary, whose counts tell of nan in every other metric.

    >>> outlook("r", pl.DataFrame({"step": [1, 2], "elapsed": [0.0, 0.5]}), units={}, total=12).pace.left
    5.0
    """
    rows = main_rows(table)
    found, _ = health(run, rows)
    told = {(f.metric, f.kind) for f in found}
    found += [f for f in counted(run, facts) if (f.metric, f.kind) not in told]
    return Outlook(tuple(found), heading(rows), turned(rows), pace(rows, units, total))


def outlooks(request: Request, summary: pl.DataFrame, coverage: Coverage, *, look: bool | None) -> dict[str, Outlook]:
    """The outlook of each run of a summary, by name ("" for a single run).

    Reads the metrics that have a role a second time: when `look` says so, or, when it is None, a log of at most 64 MB.
    """
    parts = {"": summary}
    if "run" in summary.columns:
        parts = {str(part["run"][0]): part for part in summary.partition_by("run", maintain_order=True)}
    again = request.sources.repeatable and request.line_hook is None
    if not again or look is False or (look is None and request.sources.bytes > MOST_BYTES):
        return {run: Outlook(tuple(counted(run, part.to_dicts()))) for run, part in parts.items()}
    tables = _again(request, summary)
    return {run: _one(run, part, tables.get(run), request, coverage) for run, part in parts.items()}


def _again(request: Request, summary: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The wide table of each run, of the metrics that have a role."""
    names = [n for n in summary["metric"].unique(maintain_order=True) if (r := role_of(n)) and r.name in ROLES]
    if not names:
        return {}
    table, _, _ = table_of(replace(request, named=()).with_options(layout="wide", metrics=names))
    if "run" not in table.columns:
        return {"": table}
    return {str(part["run"][0]): part for part in table.partition_by("run", maintain_order=True)}


def _one(run: str, part: pl.DataFrame, table: pl.DataFrame | None, request: Request, coverage: Coverage) -> Outlook:
    facts = part.to_dicts()
    if table is None:
        return Outlook(tuple(counted(run, facts)))
    sources = [s for s in coverage.sources if s.run == run or not run]
    settings = {key: value for source in sources for key, value in source.settings}
    total = None if _counts_on(facts) else total_steps(request, table["step"], settings)
    units = {f["metric"]: f["unit"] for f in facts if f["unit"]}
    return outlook(run, table, units=units, total=total, facts=facts)


def _counts_on(facts: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a metric counts the steps of training, further than the steps of the log."""
    counters = [fact for fact in facts if _COUNTERS.fullmatch(fact["metric"].lower()) and fact["last"] is not None]
    return any(fact["last"] > fact["last_step"] for fact in counters)


def counted(run: str, facts: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """The findings that need no second look at the log: values that are not finite, by the summary's counts."""
    return [
        Finding(kind, _level(f["metric"]), f"{f['metric']} is {kind} at {n:,} of {f['n']:,} points", run, f["metric"])
        for f in facts
        for kind, n in (("nan", f["n_nan"]), ("inf", f["n_inf"]))
        if n
    ]


def _level(metric: str) -> Any:
    role = role_of(metric)
    return "error" if role is not None and role.name in ("loss", "val_loss", "test_loss") else "info"


def pace(rows: pl.DataFrame, units: Mapping[str, str], total: int | None) -> Pace:
    """By the log's clock; without one, and with a total, by the time of a step."""
    last = rows["step"].max()
    if not isinstance(last, int):
        return Pace()
    rate = _by_clock(rows) or (_by_step_time(rows, units) if total else None)
    total = total if total is not None and total >= last else None
    left = (total - last) / rate if rate and total is not None else None
    return Pace(rate, total, last, left)


def _by_clock(rows: pl.DataFrame) -> float | None:
    x, seconds = clock(rows)
    if len(x) < 2:
        return None
    since = min(int(len(x) * 0.8), len(x) - 2)
    steps, spent = float(x[-1] - x[since]), float(seconds[-1] - seconds[since])
    return steps / spent if steps > 0 and spent > 0 else None


def _by_step_time(rows: pl.DataFrame, units: Mapping[str, str]) -> float | None:
    name = primary(rows.columns, "step_time")
    # A unit beside the column, or at the end of its name; a bare number may be anything.
    factor = None if name is None else SECONDS.get(units.get(name) or name.rpartition("_")[2])
    if name is None or factor is None:
        return None
    times = points(rows, name)[1]
    mean = float(times[int(len(times) * 0.8) :].mean()) * factor if len(times) else 0.0
    return 1 / mean if math.isfinite(mean) and mean > 0 else None


def total_steps(request: Request, steps: Iterable[int], settings: Mapping[str, Any]) -> int | None:
    """The number of steps that a run was to make: of its settings, else of lines like `step 5/500` at its beginning."""
    for key, value in settings.items():
        if _TOTALS.fullmatch(key.rpartition(".")[2].lower()) and str(value).isdecimal() and int(value) > 0:
            return int(value)
    return _announced(request, set(steps))


def _announced(request: Request, steps: set[int]) -> int | None:
    """The one total beside numbers that are the log's own steps."""
    files = request.sources.files
    if len(files) != 1 or not request.sources.repeatable or request.line_hook is not None:
        return None
    try:
        opened = _core.open([("", files[0].name, head(files[0]))], _core.Options(patterns=triples(_PAIR), rearm=False))
        pairs = frame(opened, request)
        covered(opened)
    except (FastlogsError, OSError):
        return None
    own = pairs.filter(pairs["step"].is_in(steps)) if {"step", "total"} <= set(pairs.columns) else pairs.head(0)
    totals = own["total"].unique() if own.height >= max(_LEAST_PAIRS, pairs.height // 2) else own["step"].head(0)
    return int(totals[0]) if len(totals) == 1 else None
