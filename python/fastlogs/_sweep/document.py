"""A sweep as JSON has it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastlogs._sweep.swept import Sweep
    from fastlogs.stats.importance import Importance


def document(sweep: Sweep) -> dict[str, Any]:
    """Everything that was found, a list of rows a table."""
    board = sweep.board
    return {
        "schema": "fastlogs.sweep/1",
        "metric": sweep.metric,
        "goal": sweep.goal,
        "score": sweep.options.score,
        "words": sweep.words(),
        "counts": sweep.counts,
        "settings": _design(sweep),
        "seed_spread": None if board.noise is None else board.noise.sd,
        "claims": board.reason or (board.noise.told if board.noise else ""),
        "optimism": board.optimism,
        "leaderboard": sweep.leaderboard.to_dicts(),
        "importance": _importance(sweep.weighed),
        "failure_importance": _importance(sweep.failing),
        "failures": sweep.failures.to_dicts(),
        "shared_by_failed": [asdict(one) for one in sweep.shared],
        "correlation": sweep.correlation.to_dicts(),
        "cost": None if sweep.cost is None else sweep.cost.name,
        "pareto": sweep.pareto.to_dicts(),
        "hints": [asdict(one) for one in sweep.hints],
        "groups": sweep.groups.to_dicts(),
        "runs": sweep.runs.to_dicts(),
    }


def _design(sweep: Sweep) -> dict[str, Any]:
    found = sweep.design
    aliases = {name: list(same) for name, same in found.aliases.items() if same}
    return {"varied": list(found.varied), "aliases": aliases, "seeds": list(found.seeds), "left_out": dict(found.left)}


def _importance(found: Importance) -> dict[str, Any]:
    return {**asdict(found), "named": list(found.named)}
