"""What went wrong along the runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastlogs._report.blocks import Block, Table

if TYPE_CHECKING:
    from fastlogs._compare import Comparison


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
