"""What each run came to, side by side, and who is ahead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastlogs._compare.facts import Facts, facts
from fastlogs._report.blocks import Block, Prose, Table

if TYPE_CHECKING:
    from fastlogs._compare import Comparison

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
    for label, get in _BESTS:
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
        yield Prose("Throughput: all runs are alike (within 0.5 %)")
    else:
        yield Prose(f"Throughput: {fast} is {ratio:.2f}x faster than {slow}")
