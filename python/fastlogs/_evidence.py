"""What an anomaly means, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fastlogs._findings import Finding, Severity, counts
from fastlogs._metrics import role_of

if TYPE_CHECKING:
    from fastlogs.stats.anomalies import Anomaly

# Of these a value that is not finite says that training broke, not that somebody divided by zero.
_VITAL = ("loss", "val_loss", "test_loss", "perplexity", "bits")
# Where there is no noise, its sd measures nothing.
_BEYOND = 1e4
# A spike that is not over after so many points is a divergence; before, the log may just end within it.
_LASTING = 50
# Pauses shorter in all than this share of the time, or as regular as one in a hundred points, are evaluations.
_PAUSED = 0.05


def nonfinite(run: str, name: str, found: Sequence[Anomaly], points: int) -> Finding:
    """All of one kind in one finding: a metric may be nan at every other step."""
    kind, role = found[0].kind, role_of(name)
    stretches = ", ".join(_span(a) for a in found[:4]) + (" ..." if len(found) > 4 else "")
    several = "step" if len(found) == 1 and found[0].first == found[0].last else "steps"
    count = int(sum(a.severity for a in found))
    told = f"{name} is {kind} at {count:,} of {counts(points, 'point')}: {several} {stretches}"
    lasts = found[-1].recovered is None
    severity: Severity = "error" if role is not None and role.name in _VITAL else ("warning" if lasts else "info")
    if role is not None and role.name == "grad_norm":
        severity = "error" if lasts else "warning"
    told += "; it never came back" if lasts and severity == "error" else ""
    return Finding(kind, severity, told, run, name, int(found[0].first), int(found[-1].last))


def _span(anomaly: Anomaly) -> str:
    first, last = int(anomaly.first), int(anomaly.last)
    return f"{first}" if first == last else f"{first}-{last}"


def finding(run: str, name: str, anomaly: Anomaly, left: int) -> Finding:
    """One anomaly of a metric; `left` points were logged from its first step on."""
    severity: Severity = "info" if anomaly.kind == "plateau" else "warning"
    kind, said = anomaly.kind, _WORDS.get(anomaly.kind, _plainly)(name, anomaly)
    if kind in _PASSING:
        if anomaly.recovered is not None:
            said += f"; back after {_length(anomaly.recovered)}"
        elif left < _LASTING:
            said += f"; the log ends {counts(left, 'point')} later"
        else:
            said += f"; not back by the end, {left:,} points later"
            kind, severity = "diverged" if kind == "loss_spike" else kind, "error"
    return Finding(kind, severity, said, run, name, int(anomaly.first), int(anomaly.last), anomaly.value)


def _plainly(name: str, anomaly: Anomaly) -> str:
    return f"{name}: {anomaly.note or anomaly.kind} at {_steps(anomaly)}"


def _spike(name: str, anomaly: Anomaly) -> str:
    top = f"{name} up to {number(anomaly.value)} at {_steps(anomaly)}"
    if anomaly.severity > _BEYOND:
        return f"{top}, far above its running median, which hardly moves"
    return f"{top}, {anomaly.severity:,.0f} noise sd above its running median"


def _explosion(name: str, anomaly: Anomaly) -> str:
    return f"{name} up to {number(anomaly.value)} at {_steps(anomaly)}, over 10 times its running median"


def _vanishing(name: str, anomaly: Anomaly) -> str:
    said = f"{name} near {number(anomaly.value)} at {_steps(anomaly)}, 1/{anomaly.severity:,.0f} of its usual"
    return said + _until(anomaly)


def _dead(name: str, anomaly: Anomaly) -> str:
    if anomaly.note != "constant":
        return f"{name} stays within 1 % of {number(anomaly.value)}, where it began"
    said = f"{name} is exactly {number(anomaly.value)} for {anomaly.severity:,.0f} points, {_steps(anomaly)}"
    return said + _until(anomaly)


def _plateau(name: str, anomaly: Anomaly) -> str:
    since = f"{name} stays at {number(anomaly.value)} from step {int(anomaly.first)} on"
    return f"{since}: it moves under 0.1 % per tenth of the run"


def _drop(name: str, anomaly: Anomaly) -> str:
    percent = 100 * (1 - 1 / anomaly.severity)
    since = f"{name} near {number(anomaly.value)} from about step {int(anomaly.first)} on"
    return f"{since}: {percent:.3g} % slower than before"


# Kinds that are over when the series is back.
_PASSING = ("loss_spike", "grad_explosion")
_WORDS: dict[str, Callable[[str, Anomaly], str]] = {
    "dead": _dead,
    "grad_explosion": _explosion,
    "grad_vanishing": _vanishing,
    "loss_spike": _spike,
    "plateau": _plateau,
    "throughput_drop": _drop,
}


def pauses(run: str, gaps: Sequence[Anomaly], whole: float, points: int) -> Finding:
    """Gaps of a clock of so many points and `whole` seconds in one finding: evaluations make one each."""
    longest = max(gaps, key=lambda a: a.value or 0.0)
    lost = sum(a.value or 0.0 for a in gaps)
    several = "a pause" if len(gaps) == 1 else f"{len(gaps):,} pauses, the longest"
    said = f"{several} of {duration(longest.value or 0.0)} after step {int(longest.first)}, "
    said += f"{longest.severity:,.0f} times the usual"
    said += f"; {100 * lost / whole:.2g} % of the time in all" if whole > 0 and len(gaps) > 1 else ""
    rare = len(gaps) <= max(3, points // 100)
    severity: Severity = "warning" if rare and lost > _PAUSED * whole else "info"
    return Finding("stall", severity, said, run, None, int(longest.first), int(longest.last), longest.value)


def number(value: float | None) -> str:
    """A number as evidence shows it."""
    return "unknown" if value is None else f"{value:.6g}"


def _steps(anomaly: Anomaly) -> str:
    return f"step {_span(anomaly)}" if anomaly.first == anomaly.last else f"steps {_span(anomaly)}"


def _length(steps: float) -> str:
    return counts(max(1, round(steps)), "step")


def _until(anomaly: Anomaly) -> str:
    return "; to the end" if anomaly.recovered is None else ""


def duration(seconds: float) -> str:
    """Seconds as people say them.

    >>> duration(4.2), duration(95), duration(7384)
    ('4.2 s', '1 min 35 s', '2 h 3 min')
    """
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"
