"""What runs came to, when nothing is compared: a line a run, what differs in their settings, what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fastlogs._compare.facts import facts
from fastlogs._report.blocks import Block, Prose, Table
from fastlogs._report.cells import cell

if TYPE_CHECKING:
    from fastlogs._compare.series import Curves
    from fastlogs._findings import Findings

_FACTS = (
    ("steps", "total_steps"),
    ("tokens (M)", "total_tokens_m"),
    ("final loss", "final_train_loss"),
    ("mean of last 100", "mean_last_100_train_loss"),
    ("best val loss", "best_val_loss"),
    ("final perplexity", "final_train_ppl"),
    ("best val perplexity", "best_val_ppl"),
    ("mean throughput", "mean_throughput"),
    ("mean grad norm", "mean_grad_norm"),
    ("hours", "duration_hours"),
)
_MOST_SETTINGS = 60
_MOST_COLUMNS = 12


def overview(runs: Mapping[str, Curves]) -> Table:
    """A line a run; a column that no run knows is left out."""
    told = {name: facts(curves) for name, curves in runs.items()}
    known = [(label, key) for label, key in _FACTS if any(getattr(f, key) is not None for f in told.values())]
    rows = [(name, *(getattr(f, key) for _, key in known)) for name, f in told.items()]
    return Table(("run", *(label for label, _ in known)), rows, f"{len(rows):,} runs" if len(rows) > 1 else "")


def settings(runs: Mapping[str, Curves]) -> Iterator[Block]:
    """The settings of one run, or what differs between several."""
    configs = {name: dict(curves.run.config) for name, curves in runs.items()}
    keys = list(dict.fromkeys(key for config in configs.values() for key in config))
    if len(runs) == 1:
        rows: list[tuple[Any, ...]] = [
            (key, cell(value)) for config in configs.values() for key, value in config.items()
        ]
        if rows:
            yield Table(("setting", "value"), rows[:_MOST_SETTINGS], f"{len(rows):,} settings")
        return
    apart = [key for key in keys if len({repr(config.get(key)) for config in configs.values()}) > 1]
    if not apart:
        return
    shown = apart[:_MOST_COLUMNS]
    more = f"; {len(apart) - len(shown)} more in the JSON" if len(apart) > len(shown) else ""
    rows = [(name, *(cell(config.get(key)) for key in shown)) for name, config in configs.items()]
    yield Table(("run", *shown), rows, f"Settings that differ ({len(apart)}{more})")


def found(findings: Findings) -> Iterator[Block]:
    """What `check` found, the worst first."""
    yield Prose(findings.headline)
    columns = ("severity", "kind", "run", "where", "evidence", "at lines")
    rows = [(f.severity, f.kind, f.run, f.where, f.evidence, ", ".join(map(str, f.lines[:5]))) for f in findings]
    if rows:
        yield Table(columns, rows)
