"""How fast two arms step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastlogs._report.blocks import Table

if TYPE_CHECKING:
    from fastlogs._compare import Pair
    from fastlogs.stats.speed import Pace as Told
    from fastlogs.stats.speed import Speed


def speeds(pair: Pair) -> Table:
    """Step times of both arms after the warm-up, and their ratio."""
    pace = pair.pace
    assert pace is not None
    arms = (pair.baseline.name, pace.speed.baseline), (pair.candidate.name, pace.speed.candidate)
    rows = [_speed(name, told, pace.speed, at) for at, (name, told) in enumerate(arms) if told is not None]
    unit = f" ({pace.unit})" if pace.unit else ""
    columns = ("run", f"mean{unit}", "sd", "median", "p95", "steps", "warm-up", "stalls", "lost")
    ratio = f"; speed-up {pace.typical.ratio:.3f}x" if pace.typical.ratio else ""
    return Table(columns, rows, f"Time of a step, by {pace.metric}{ratio}")


def _speed(name: str, told: Told, speed: Speed, at: int) -> list[Any]:
    figures = [f"{told.mean:.4g}", f"{told.sd:.2g}", f"{told.median:.4g}", f"{told.p95:.4g}"]
    stalls = speed.stalls[at] if speed.stalls else None
    lost = (stalls.count, f"{100 * stalls.share:.1f}%") if stalls else (None, None)
    return [name, *figures, told.steps, speed.skipped[at], *lost]
