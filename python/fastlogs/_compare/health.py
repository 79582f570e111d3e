"""What a reader of a comparison should know first: anomalies of the runs, and reasons for caution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fastlogs._compare.arms import Arm
from fastlogs._compare.options import Options
from fastlogs._compare.quality import Quality
from fastlogs._compare.series import Curves
from fastlogs._metrics import role_of
from fastlogs.stats.anomalies import Anomaly, Role, find

if TYPE_CHECKING:
    from fastlogs._compare.comparison import Comparison

# Roles whose series are searched, beside the metric that decides.
_SEARCHED = ("loss", "grad_norm", "throughput")
# What the detectors know of roles.
_ROLES: dict[str, Role] = {
    "loss": "loss",
    "val_loss": "loss",
    "grad_norm": "grad_norm",
    "throughput": "throughput",
    "step_time": "step_time",
}
_BATCH = ("global_batch_size", "train_batch_size", "batch_size", "total_batch_size")
# Above this the log itself is an average.
_AVERAGED = 0.8


def anomalies(curves: Curves, comparison: Comparison) -> tuple[Anomaly, ...]:
    """Those of the deciding metrics, the gradient norm and the speed, in order of their steps."""
    deciding = {pair.primary for pair in comparison.pairs.values()}
    names = [
        name for name in curves.metrics if name in deciding or (not comparison.options.metrics and _is_searched(name))
    ]
    found = [anomaly for name in names for anomaly in _found(curves, name)]
    return tuple(sorted(found, key=lambda a: (a.first, a.last, a.kind)))


def _is_searched(name: str) -> bool:
    return (role := role_of(name)) is not None and role.name in _SEARCHED


def _found(curves: Curves, name: str) -> tuple[Anomaly, ...]:
    role = role_of(name)
    series = curves.series(name)
    return find(series.logged_x, series.logged_y, _ROLES.get(role.name, "any") if role else "any")


def cautions(
    baseline: Arm, candidate: Arm, found: Quality, options: Options, config: Mapping[str, tuple[Any, Any]]
) -> Iterator[str]:
    """Why the numbers may mislead, each in a sentence."""
    for arm in (baseline, candidate):
        for curves in arm.curves:
            yield from _resumed(curves)
    for name, own in candidate.curves[0].aliases.items():
        yield f"{name} of {baseline.name} is held against {own} of {candidate.name}: they play the same role"
    if options.x == "step" and any(key in config for key in _BATCH):
        key = next(key for key in _BATCH if key in config)
        yield f"{key} differs ({config[key][0]} and {config[key][1]}): compare on tokens or samples (x), not on steps"
    if len(config) > 1:
        yield f"{len(config)} settings differ: what made the difference cannot be told"
    if found.within is not None and found.within.rho is not None and found.within.rho > _AVERAGED:
        rho = f"{found.within.rho:.2f}"
        yield f"the logged {found.metric} looks like a running average (autocorrelation {rho} of its bins)"
    if found.pair is not None and found.pair[0].x.size and found.pair[1].x.size:
        yield from _lengths(baseline, candidate, found, options)


def _resumed(curves: Curves) -> Iterator[str]:
    coverage = curves.run.coverage
    if coverage is None:
        return
    counts = coverage.counts
    if restarts := counts.get("restarts"):
        rows = counts.get("superseded", 0)
        yield f"{curves.name}: {restarts} restarts; {rows:,} re-logged rows dropped"


def _lengths(baseline: Arm, candidate: Arm, found: Quality, options: Options) -> Iterator[str]:
    assert found.pair is not None
    a, b = (series.x[-1] for series in found.pair)
    if a != b:
        longer, end = (baseline, b) if a > b else (candidate, a)
        yield f"{longer.name} is longer: compared up to {options.x} {end:,.6g}, the range that both have"
