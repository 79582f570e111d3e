"""What a run cost: the time of a step, memory, tokens, or any metric that is named."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastlogs._metrics import role_of, wanted
from fastlogs.errors import UnknownMetric

if TYPE_CHECKING:
    from fastlogs._sweep.glance import Floats, Glance
    from fastlogs._sweep.swept import Sweep

# Tried in this order; what a summary says of a cost: its mean, or how high it went.
_ROLES = ("step_time", "throughput", "memory", "tokens")
_MOST = ("memory", "tokens")
_ENOUGH = 0.8


@dataclass(frozen=True)
class Cost:
    """A cost of each group of the leaderboard, with its error; NaN where it is not known. Low is good."""

    name: str
    unit: str
    values: Floats
    errors: Floats


def cost_of(sweep: Sweep) -> Cost | None:
    """The cost that was asked for, refused when no run has it; else the first that most groups have, or None."""
    asked = [sweep.options.cost] if sweep.options.cost else [f"@{role}" for role in _ROLES]
    for name in asked:
        found = _cost(sweep, name)
        if found is not None and (sweep.options.cost or _tells(found.values)):
            return found
    if sweep.options.cost:
        raise UnknownMetric(f"no metric '{sweep.options.cost}' in any of {len(sweep):,} runs")
    return None


def _tells(values: Floats) -> bool:
    """Whether enough is known, and not all the same."""
    known = values[np.isfinite(values)]
    return len(known) >= max(_ENOUGH * len(values), 3) and float(np.ptp(known)) > 0.02 * float(np.abs(known).mean())


def _cost(sweep: Sweep, name: str) -> Cost | None:
    facts = [_fact(glance, name) for glance in sweep.glances]
    first = next((fact for fact in facts if fact is not None), None)
    if first is None:
        return None
    role = role_of(first["metric"])
    inverse = role is not None and role.goal == "high"
    kind = "max" if role is not None and role.name in _MOST else "mean"
    members = [sweep.seed_groups[at].members for at in sweep.standings.groups]
    pairs = [_of_group([facts[at] for at in of if sweep.triage[at].finished], kind, inverse) for of in members]
    values, errors = (np.array(one, dtype=np.float64) for one in zip(*pairs, strict=True))
    told = f"1 / {first['metric']}" if inverse else first["metric"]
    return Cost(told, "" if inverse else first["unit"] or "", values, errors)


def _fact(glance: Glance, name: str) -> Mapping[str, Any] | None:
    names = [fact["metric"] for fact in glance.summary]
    meant = wanted([name], names) or []
    return glance.fact(meant[0] if meant else None)


def _of_group(facts: Sequence[Mapping[str, Any] | None], kind: str, inverse: bool) -> tuple[float, float]:
    """The mean over the seeds, and the error that the spread of steps leaves."""
    known = [fact for fact in facts if fact is not None and fact[kind] is not None]
    if not known:
        return math.nan, math.nan
    values = np.array([fact[kind] for fact in known], dtype=np.float64)
    spreads = [(fact["sd"] or 0.0) / math.sqrt(max(fact["n"], 1)) for fact in known]
    error = float(np.mean(spreads)) / math.sqrt(len(known)) if kind == "mean" else 0.0
    mean = float(values.mean())
    return (1 / mean, error / mean**2) if inverse and mean > 0 else (mean, error)
