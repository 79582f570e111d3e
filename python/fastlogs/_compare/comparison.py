"""`Comparison`: arms against a baseline, everything that was found, nothing printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from fastlogs._compare import choice, health, pace, quality, words
from fastlogs._compare.arms import Arm
from fastlogs._compare.options import Options
from fastlogs._compare.pace import Pace
from fastlogs._compare.quality import Quality
from fastlogs._run import Run
from fastlogs._together import read_ahead
from fastlogs.errors import TooFew, UnknownMetric
from fastlogs.stats.many import benjamini_hochberg

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._compare.series import Floats
    from fastlogs.stats.anomalies import Anomaly

# What a notebook shows: runs, rows, points of a curve.
_SHOWN, _ROWS, _BINS = 7, 30, 200


@dataclass(frozen=True)
class Pair:
    """One candidate against the baseline."""

    baseline: Arm
    candidate: Arm
    options: Options

    @cached_property
    def primary(self) -> str:
        """The metric that decides."""
        return choice.primary(self.baseline, self.candidate, self.options.metrics)

    @cached_property
    def metrics(self) -> Mapping[str, Quality]:
        """Each metric compared, the deciding one first; the others carry a q-value."""
        names = choice.covered(self.baseline, self.candidate, self.options.metrics, self.primary)
        found = {name: quality.measure(name, self.baseline, self.candidate, self.options) for name in names}
        others = [name for name in found if name != self.primary]
        qs = dict(zip(others, benjamini_hochberg([found[name].level.p for name in others]), strict=True))
        told = {n: q if (chance := qs.get(n)) is None else q.corrected(chance) for n, q in found.items()}
        return MappingProxyType(told)

    @property
    def quality(self) -> Quality:
        """The deciding metric's."""
        return self.metrics[self.primary]

    @cached_property
    def pace(self) -> Pace | None:
        """The speed, when the logs say something of time."""
        return pace.measure(self.baseline, self.candidate, self.options)

    @property
    def verdict(self) -> str:
        return self.quality.verdict

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The verdicts in words, quality before speed, then what would change them."""
        said = [words.quality_sentence(self.quality, self.candidate.name)]
        if self.pace is not None:
            said.append(words.speed_sentence(self.pace, min(len(self.baseline), len(self.candidate))))
        return (*said, words.change(self.quality))

    @cached_property
    def config(self) -> Mapping[str, tuple[Any, Any]]:
        """The settings that differ: key to the baseline's and the candidate's."""
        a, b = self.baseline.config, self.candidate.config
        keys = [*a, *(key for key in b if key not in a)]
        return MappingProxyType({k: (a.get(k), b.get(k)) for k in keys if a.get(k) != b.get(k)} if a and b else {})

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should know before believing the rest."""
        return tuple(health.cautions(self.baseline, self.candidate, self.quality, self.options, self.config))


@dataclass(frozen=True)
class Comparison:
    """Arms against a baseline: `pairs` by the candidate's name, `table`, `anomalies`, `to_dict()`.

    >>> fastlogs.compare("base.log", "new.log").verdict
    'better'
    """

    baseline: Arm
    candidates: tuple[Arm, ...]
    options: Options

    def __post_init__(self) -> None:
        if not self.candidates:
            raise TooFew("nothing to compare the baseline with", help="name at least two runs")

    @cached_property
    def pairs(self) -> Mapping[str, Pair]:
        """A pair for each candidate, by its name."""
        read_ahead(curves.run for arm in self.arms for curves in arm.curves if isinstance(curves.run, Run))
        return MappingProxyType({arm.name: Pair(self.baseline, arm, self.options) for arm in self.candidates})

    @property
    def arms(self) -> tuple[Arm, ...]:
        return (self.baseline, *self.candidates)

    @property
    def verdict(self) -> str:
        """The one candidate's verdict; of several, ask `pairs` or `table`."""
        if len(self.candidates) > 1:
            names = ", ".join(self.pairs)
            raise UnknownMetric("several candidates, several verdicts", help=f"ask pairs[...] of {names}")
        return next(iter(self.pairs.values())).verdict

    @cached_property
    def anomalies(self) -> Mapping[str, tuple[Anomaly, ...]]:
        """What went wrong in each run, by the run's name."""
        return MappingProxyType({name: health.anomalies(curves, self) for name, curves in self.runs.items()})

    @cached_property
    def runs(self) -> Mapping[str, Any]:
        """Every run's curves, by `arm/run` where an arm has several."""
        from fastlogs._compare.arms import named_runs

        return MappingProxyType(named_runs(self.arms))

    @cached_property
    def table(self) -> pl.DataFrame:
        """A row a candidate and metric: final values, difference, interval, p, q, verdict."""
        import polars as pl

        rows = [_row(name, found) for name, pair in self.pairs.items() for found in pair.metrics.values()]
        return pl.DataFrame(rows, infer_schema_length=None)

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON has it, under `schema: fastlogs.compare/1`."""
        from fastlogs._compare.document import document

        return document(self)

    def __repr__(self) -> str:
        told = [f"{name}: {pair.primary} {words.spelt(pair.verdict)}" for name, pair in self.pairs.items()]
        text = f"<Comparison with {self.baseline.name!r}: {'; '.join(told)}"
        return text + ">" if len(text) < 80 else text[:76] + "...>"

    def _repr_html_(self) -> str:
        """The sentences, the curves of the metric that decides, a line a metric."""
        from fastlogs._svg import curves, paragraph, table

        said = "".join(paragraph(s) for pair in list(self.pairs.values())[:_SHOWN] for s in pair.sentences)
        primary = next(iter(self.pairs.values())).primary
        columns = ("candidate", "metric", "baseline", "value", "difference", "low", "high", "p", "q", "verdict")
        rows = [[*row[:7], *map(_chance, row[7:9]), row[9]] for row in self.table.select(columns).head(_ROWS).rows()]
        return f"{said}{curves(primary, self._binned(primary), self.options.x)}{table(columns, rows)}"

    def _binned(self, metric: str) -> dict[str, tuple[Floats, Floats]]:
        """The first runs of each arm, as means of bins."""
        from fastlogs.stats.bins import bin_means

        shown = {name: curves.series(metric) for name, curves in list(self.runs.items())[:_SHOWN]}
        return {name: (bin_means(s.x, _BINS), bin_means(s.y, _BINS)) for name, s in shown.items() if s.x.size}


def _chance(p: float | None) -> str | None:
    return None if p is None else f"{p:.2g}"


def _row(candidate: str, found: Quality) -> dict[str, Any]:
    estimate, level = found.estimate, found.level
    return {
        "candidate": candidate,
        "metric": found.metric,
        "unit": found.unit,
        "goal": found.goal,
        "baseline": estimate.baseline,
        "value": estimate.candidate,
        "difference": estimate.difference,
        "percent": estimate.percent,
        "low": estimate.low,
        "high": estimate.high,
        "p": level.p,
        "q": found.q,
        "verdict": found.verdict,
        "level": "run" if found.seeds is None else "method",
    }
