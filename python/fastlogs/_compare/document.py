"""A comparison as the JSON that other programs read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from fastlogs._compare.pace import Pace
from fastlogs._compare.quality import Level, Quality

if TYPE_CHECKING:
    from fastlogs._compare.comparison import Comparison, Pair
    from fastlogs.stats.anomalies import Anomaly
    from fastlogs.stats.divergence import Divergence
    from fastlogs.stats.speed import Ratio


def document(comparison: Comparison) -> dict[str, Any]:
    """One candidate at the top level; several under `comparisons`, by name."""
    about = {"baseline": comparison.baseline.name, "x": comparison.options.x}
    pairs = {name: _pair(pair) for name, pair in comparison.pairs.items()}
    anomalies = {"anomalies": {name: [_anomaly(a) for a in found] for name, found in comparison.anomalies.items()}}
    if len(pairs) == 1:
        ((name, only),) = pairs.items()
        return _finite({**about, "candidate": name, **only, **anomalies})
    return _finite({**about, "comparisons": pairs, **anomalies})


def _finite(document: dict[str, Any]) -> dict[str, Any]:
    return {"schema": "fastlogs.compare/1", **{key: finite(value) for key, value in document.items()}}


def finite(value: Any) -> Any:
    """JSON has no nan and no infinity: what is not finite is null."""
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value.item() if hasattr(value, "item") else value


def _pair(pair: Pair) -> dict[str, Any]:
    said: dict[str, Any] = {"primary": pair.primary, "verdict": pair.verdict, "sentences": list(pair.sentences)}
    said["metrics"] = {name: _quality(found) for name, found in pair.metrics.items()}
    if pair.pace is not None:
        said["speed"] = _speed(pair.pace)
    said["config"] = {key: list(values) for key, values in pair.config.items()}
    return {**said, "warnings": list(pair.warnings)}


def _quality(found: Quality) -> dict[str, Any]:
    estimate = found.estimate
    about: dict[str, Any] = {
        "goal": found.goal,
        "estimate": {
            "baseline": estimate.baseline,
            "candidate": estimate.candidate,
            "difference": estimate.difference,
            "percent": estimate.percent,
            "ci": [estimate.low, estimate.high],
            "level": estimate.level,
            "unit": found.unit,
        },
        "margin": found.margin,
        "run_level": _level(found.run_level),
        "method_level": _level(found.method_level),
    }
    if found.q is not None:
        about["q"] = found.q
    if found.within is not None:
        about["window"] = _window(found)
    if found.divergence is not None:
        about["divergence"] = _divergence(found.divergence)
    return about


def _level(level: Level) -> dict[str, Any]:
    return {
        "verdict": level.verdict,
        "p": level.p,
        "n_eff": level.n_eff,
        "reason": level.reason,
        "method": level.method or None,
        "depends_on": list(level.depends),
    }


def _window(found: Quality) -> dict[str, Any]:
    within = found.within
    assert within is not None
    return {
        "points": within.window_points,
        "low": within.window_low,
        "high": within.window_high,
        "noise_sd": within.noise_sd,
        "difference_in_noise_sd": within.effect,
        "step_noise_correlation": within.shared,
        "sensitivity": [
            {"name": s.name, "difference": s.difference, "p": s.p, "ci": [s.low, s.high]} for s in within.sensitivity
        ],
    }


def _divergence(found: Divergence) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "onset_step": _whole(found.onset),
        "interval": [_whole(edge) for edge in found.interval] if found.interval else None,
        "first_exact_difference_step": _whole(found.first_difference),
        "reason": found.reason,
    }


def _speed(pace: Pace) -> dict[str, Any]:
    skipped = dict(zip(("baseline", "candidate"), pace.speed.skipped, strict=True))
    return {
        "metric": pace.metric,
        "typical": _ratio(pace.typical),
        "effective": _ratio(pace.effective),
        "warmup_skipped": skipped,
        "reason": pace.speed.reason,
    }


def _ratio(ratio: Ratio) -> dict[str, Any]:
    return {"ratio": ratio.ratio, "ci": [ratio.low, ratio.high], "p": ratio.p, "verdict": ratio.verdict}


def _anomaly(found: Anomaly) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "first_step": _whole(found.first),
        "last_step": _whole(found.last),
        "severity": found.severity,
        "value": found.value,
        "recovered": found.recovered,
    }


def _whole(place: float | None) -> int | float | None:
    """A step is a whole number; a place on another axis need not be."""
    return int(place) if place is not None and math.isfinite(place) and place == int(place) else place
