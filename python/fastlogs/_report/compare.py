"""A comparison as a report: short for a terminal, whole for a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlogs._compare import words
from fastlogs._compare.facts import Facts, facts
from fastlogs._compare.quality import Quality
from fastlogs._report import render
from fastlogs._report.blocks import Block, Heading, Prose, Table
from fastlogs._report.cells import cell

if TYPE_CHECKING:
    import os

    from fastlogs._compare import Comparison, Pair
    from fastlogs.stats.speed import Pace as Told
    from fastlogs.stats.speed import Speed

_GOALS = {"low": "lower is better", "high": "higher is better", "none": ""}
_MOST_SETTINGS = 40


def brief(found: Comparison, prefix: str = "") -> tuple[Block, ...]:
    """What fits a screen or two: verdicts, cautions, what differs, the difference table, speed, anomalies."""
    return tuple(_brief(found, prefix))


def _brief(found: Comparison, prefix: str) -> Iterator[Block]:
    for name, pair in found.pairs.items():
        yield Heading(f"{prefix}{name} against {found.baseline.name}", 1 if len(found.pairs) == 1 else 2)
        yield from map(Prose, pair.sentences)
        yield from (Prose(f"caution: {text}") for text in pair.warnings)
        yield from settings(pair)
        yield differences(pair)
        if pair.pace is not None:
            yield speeds(pair)
    yield from anomalies(found)


def whole(found: Comparison, prefix: str = "") -> tuple[Block, ...]:
    """Everything, in the order of a report."""
    return (Heading(f"{prefix}Comparison with {found.baseline.name}"), *_whole(found))


def _whole(found: Comparison) -> Iterator[Block]:
    for name, pair in found.pairs.items():
        yield Heading(f"Verdict: {name} against {found.baseline.name}", 2)
        yield from map(Prose, pair.sentences)
        yield from (Prose(f"caution: {text}") for text in pair.warnings)
        yield from settings(pair)
        yield differences(pair)
        if pair.pace is not None:
            yield speeds(pair)
    yield Heading("Runs", 2)
    yield runs(found)
    yield Heading("Key findings", 2)
    yield from key_findings(found)


def settings(pair: Pair) -> Iterator[Block]:
    """The settings that differ, when both arms state theirs."""
    rows = [(key, cell(a), cell(b)) for key, (a, b) in pair.config.items()]
    if rows:
        title = f"Settings that differ ({len(rows)})"
        yield Table(("setting", pair.baseline.name, pair.candidate.name), rows[:_MOST_SETTINGS], title)


def differences(pair: Pair) -> Table:
    """A line a metric: final values, difference, interval, verdict."""
    columns = ("metric", pair.baseline.name, pair.candidate.name, "difference", "95 % CI", "%", "q", "verdict")
    rows = [_difference(found) for found in pair.metrics.values()]
    keep = [at for at, name in enumerate(columns) if name != "q" or any(row[at] is not None for row in rows)]
    return Table(tuple(columns[at] for at in keep), [[row[at] for at in keep] for row in rows], "Final values")


def _difference(found: Quality) -> list[Any]:
    estimate = found.estimate
    digits = words.places(estimate.interval)
    named = f"{found.metric} ({found.unit})" if found.unit else found.metric
    values = [_fixed(value, digits) for value in (estimate.baseline, estimate.candidate, estimate.difference)]
    interval = (
        None if estimate.interval is None else " to ".join(_fixed(edge, digits) or "" for edge in estimate.interval)
    )
    percent = None if estimate.percent is None else f"{estimate.percent:+.2g}"
    q = None if found.q is None else f"{found.q:.2g}"
    return [named, *values, interval, percent, q, words.spelt(found.verdict)]


def _fixed(value: float | None, digits: int) -> str | None:
    return None if value is None else f"{value:,.{digits}f}"


def speeds(pair: Pair) -> Table:
    """Step times of both arms after the warm-up, and their ratio."""
    pace = pair.pace
    assert pace is not None
    arms = (pair.baseline.name, pace.speed.baseline), (pair.candidate.name, pace.speed.candidate)
    rows = [_speed(name, told, pace.speed, at) for at, (name, told) in enumerate(arms) if told is not None]
    unit = f" ({pace.unit})" if pace.unit else ""
    columns = ("run", f"mean{unit}", "sd", "median", "p95", "steps", "warm-up", "stalls", "share of time")
    ratio = f"; speed-up {pace.typical.ratio:.3f}x" if pace.typical.ratio else ""
    return Table(columns, rows, f"Time of a step, by {pace.metric}{ratio}")


def _speed(name: str, told: Told, speed: Speed, at: int) -> list[Any]:
    figures = [f"{value:.4g}" for value in (told.mean, told.sd, told.median, told.p95)]
    stalls = speed.stalls[at] if speed.stalls else None
    lost = (stalls.count, f"{100 * stalls.share:.1f} %") if stalls else (None, None)
    return [name, *figures, told.steps, speed.skipped[at], *lost]


def anomalies(found: Comparison) -> Iterator[Block]:
    """What went wrong in each run."""
    rows = [
        (run, a.kind, f"{a.first:,.6g}", f"{a.last:,.6g}", f"{a.severity:.3g}", _recovered(a.recovered))
        for run, anomalies in found.anomalies.items()
        for a in anomalies
    ]
    if rows:
        yield Table(("run", "anomaly", "from step", "to", "severity", "back after"), rows, "Anomalies")


def _recovered(steps: float | None) -> str:
    return "" if steps is None else f"{steps:,.6g} steps"


_FACTS = (
    ("Config", lambda f: " ".join(f"{k}={v}" for k, v in list(f.config.items())[:6] if k != "mode") or None),
    ("Mode", lambda f: f.config.get("mode")),
    ("Total Steps", lambda f: f"{f.total_steps:,}" if f.total_steps is not None else None),
    ("Total Tokens (M)", lambda f: _shown(f.total_tokens_m, ",.1f")),
    ("Final Train Loss", lambda f: _shown(f.final_train_loss, ".4f")),
    ("Final Train PPL", lambda f: _shown(f.final_train_ppl, ",.2f")),
    ("Best Val Loss", lambda f: _shown(f.best_val_loss, ".4f")),
    ("Best Val PPL", lambda f: _shown(f.best_val_ppl, ",.2f")),
    ("Mean Throughput", lambda f: _shown(f.mean_throughput, ",.0f")),
    ("Mean Grad Norm", lambda f: _shown(f.mean_grad_norm, ".2f")),
    ("Mean of last 100 losses", lambda f: _shown(f.mean_last_100_train_loss, ".6f") and _tail(f)),
    ("Duration (h)", lambda f: _shown(f.duration_hours, ".2f")),
)


def _tail(found: Facts) -> str:
    short = f" (all {found.points_in_last_100} steps)" if found.points_in_last_100 < 100 else ""
    return f"{found.mean_last_100_train_loss:.6f}{short}"


def _shown(value: float | None, form: str) -> str | None:
    return None if value is None else format(value, form)


def runs(found: Comparison) -> Table:
    """What each run came to: a row a fact, a column a run."""
    told = {name: facts(curves) for name, curves in found.runs.items()}
    rows = [(label, *(tell(f) or "N/A" for f in told.values())) for label, tell in _FACTS]
    return Table(("Metric", *told), rows)


_BESTS = (
    ("Best Val PPL", "best_val_ppl"),
    ("Best Val Loss", "best_val_loss"),
    ("Lowest final train loss", "final_train_loss"),
)


def key_findings(found: Comparison) -> Iterator[Block]:
    """Who has the best value, and how far the fastest is ahead of the slowest."""
    told = {name: facts(curves) for name, curves in found.runs.items()}
    for label, get in (
        ("Best Val PPL", "best_val_ppl"),
        ("Best Val Loss", "best_val_loss"),
        ("Lowest final train loss", "final_train_loss"),
    ):
        values = {name: value for name, f in told.items() if (value := getattr(f, get)) is not None}
        if values:
            best = min(values, key=lambda name: values[name])
            tied = sum(value == values[best] for value in values.values()) > 1
            yield Prose(f"{label}: {best} ({values[best]:.4g})" + (", tied" if tied else ""))
    yield from _fastest({name: f.mean_throughput for name, f in told.items() if f.mean_throughput})


def _fastest(speeds: dict[str, float | None]) -> Iterator[Block]:
    known = {name: speed for name, speed in speeds.items() if speed}
    if len(known) < 2:
        return
    fast, slow = max(known, key=lambda n: known[n] or 0.0), min(known, key=lambda n: known[n] or 0.0)
    ratio = (known[fast] or 0.0) / (known[slow] or 1.0)
    if f"{ratio:.2f}" == "1.00":
        yield Prose("Throughput: all runs are alike (within 1 %)")
    else:
        yield Prose(f"Throughput: {fast} is {ratio:.2f}x faster than {slow}")


def data(found: Comparison) -> dict[str, Any]:
    """The JSON of the comparison with the facts of every run."""
    from fastlogs._compare.document import finite

    told = {name: finite(facts(curves).to_dict()) for name, curves in found.runs.items()}
    return {**found.to_dict(), "runs": told}


def save(found: Comparison, folder: str | os.PathLike[str], prefix: str = "") -> list[Path]:
    """Writes the text report and the JSON into a folder, made if need be; says what was written."""
    into = Path(folder)
    into.mkdir(parents=True, exist_ok=True)
    texts = {
        "comparison_report.txt": render(whole(found, prefix), "text"),
        "comparison_report.md": render(whole(found, prefix), "md"),
        "comparison_data.json": json.dumps(data(found), indent=2, ensure_ascii=False) + "\n",
    }
    for name, text in texts.items():
        (into / name).write_text(text, encoding="utf-8")
    return [into / name for name in texts]
