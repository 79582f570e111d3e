"""Statistics of numbers: no runs, no frames, no files; each name loads its module when first used.

>>> from fastlogs.stats import welch
>>> welch([3.30, 3.31, 3.29], [3.28, 3.27, 3.29]).method
'welch'
"""

from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fastlogs.stats import naive
    from fastlogs.stats.adaptive import Drift, drifts
    from fastlogs.stats.converge import Convergence, state
    from fastlogs.stats.correlation import Correlation, correlation
    from fastlogs.stats.describe import Description, describe
    from fastlogs.stats.effect import Effect, Prospect, detectable, hedges, more_seeds, seeds_needed
    from fastlogs.stats.extrapolate import Extrapolation, extrapolate, schedule_settled
    from fastlogs.stats.failures import Rate, Shared, rates, shared, wilson
    from fastlogs.stats.final import Final, final
    from fastlogs.stats.importance import Importance, importance
    from fastlogs.stats.interaction import Interaction, interactions
    from fastlogs.stats.leaderboard import Leaderboard, leaderboard
    from fastlogs.stats.many import benjamini_hochberg, holm
    from fastlogs.stats.moderated import Prior, moderated, prior
    from fastlogs.stats.overfit import Gap, Overfitting, gap, overfitting
    from fastlogs.stats.parameter import Parameter, parameter
    from fastlogs.stats.pareto import Pareto, pareto
    from fastlogs.stats.progress import Stage, TimeToTarget, progression, time_to_target
    from fastlogs.stats.rungs import Rung, rung
    from fastlogs.stats.seeds import Estimate, Spread, between, floor, paired, permutation, prediction, spread, welch
    from fastlogs.stats.sequence import Look, look
    from fastlogs.stats.shape import Shape, shape
    from fastlogs.stats.smooth import ema, moving_average, running_median
    from fastlogs.stats.tasks import Aggregate, aggregate, improvement, iqm
    from fastlogs.stats.verdict import Excluded, Margin, Verdict, direction, excluded, negligible, settled, verdict

__all__ = [
    "Aggregate",
    "Convergence",
    "Correlation",
    "Description",
    "Drift",
    "Effect",
    "Estimate",
    "Excluded",
    "Extrapolation",
    "Final",
    "Gap",
    "Importance",
    "Interaction",
    "Leaderboard",
    "Look",
    "Margin",
    "Overfitting",
    "Parameter",
    "Pareto",
    "Prior",
    "Prospect",
    "Rate",
    "Rung",
    "Shape",
    "Shared",
    "Spread",
    "Stage",
    "TimeToTarget",
    "Verdict",
    "aggregate",
    "benjamini_hochberg",
    "between",
    "correlation",
    "describe",
    "detectable",
    "direction",
    "drifts",
    "ema",
    "excluded",
    "extrapolate",
    "final",
    "floor",
    "gap",
    "hedges",
    "holm",
    "importance",
    "improvement",
    "interactions",
    "iqm",
    "leaderboard",
    "look",
    "moderated",
    "more_seeds",
    "moving_average",
    "naive",
    "negligible",
    "overfitting",
    "paired",
    "parameter",
    "pareto",
    "permutation",
    "prediction",
    "prior",
    "progression",
    "rates",
    "rung",
    "running_median",
    "schedule_settled",
    "seeds_needed",
    "settled",
    "shape",
    "shared",
    "spread",
    "state",
    "time_to_target",
    "verdict",
    "welch",
    "wilson",
]

# Where each name lives.
_HOMES = {
    "Aggregate": "tasks",
    "Convergence": "converge",
    "Correlation": "correlation",
    "Description": "describe",
    "Drift": "adaptive",
    "Effect": "effect",
    "Estimate": "seeds",
    "Excluded": "verdict",
    "Extrapolation": "extrapolate",
    "Final": "final",
    "Gap": "overfit",
    "Importance": "importance",
    "Interaction": "interaction",
    "Leaderboard": "leaderboard",
    "Look": "sequence",
    "Margin": "verdict",
    "Overfitting": "overfit",
    "Parameter": "parameter",
    "Pareto": "pareto",
    "Prior": "moderated",
    "Prospect": "effect",
    "Rate": "failures",
    "Rung": "rungs",
    "Shape": "shape",
    "Shared": "failures",
    "Spread": "seeds",
    "Stage": "progress",
    "TimeToTarget": "progress",
    "Verdict": "verdict",
    "aggregate": "tasks",
    "benjamini_hochberg": "many",
    "between": "seeds",
    "correlation": "correlation",
    "describe": "describe",
    "detectable": "effect",
    "direction": "verdict",
    "drifts": "adaptive",
    "ema": "smooth",
    "excluded": "verdict",
    "extrapolate": "extrapolate",
    "final": "final",
    "floor": "seeds",
    "gap": "overfit",
    "hedges": "effect",
    "holm": "many",
    "importance": "importance",
    "improvement": "tasks",
    "interactions": "interaction",
    "iqm": "tasks",
    "leaderboard": "leaderboard",
    "look": "sequence",
    "moderated": "moderated",
    "more_seeds": "effect",
    "moving_average": "smooth",
    "negligible": "verdict",
    "overfitting": "overfit",
    "paired": "seeds",
    "parameter": "parameter",
    "pareto": "pareto",
    "permutation": "seeds",
    "prediction": "seeds",
    "prior": "moderated",
    "progression": "progress",
    "rates": "failures",
    "rung": "rungs",
    "running_median": "smooth",
    "schedule_settled": "extrapolate",
    "seeds_needed": "effect",
    "settled": "verdict",
    "shape": "shape",
    "shared": "failures",
    "spread": "seeds",
    "state": "converge",
    "time_to_target": "progress",
    "verdict": "verdict",
    "welch": "seeds",
    "wilson": "failures",
}


class _Names(ModuleType):
    """A package whose functions may bear the name of their module: importing the module does not hide them."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Names


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'fastlogs.stats' has no attribute {name!r}")
    from importlib import import_module

    home = import_module(f"fastlogs.stats.{_HOMES.get(name, name)}")
    # What scripts print stays behind the word: `stats.naive.student_t`.
    found = getattr(home, name) if name in _HOMES else home
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
