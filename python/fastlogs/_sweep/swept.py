"""`Sweep`: everything that was found in a sweep, each part made when it is asked for, nothing printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from fastlogs._findings import counts
from fastlogs._metrics import Goal, goal_of
from fastlogs._sweep import groups as settings
from fastlogs._sweep import tables
from fastlogs._sweep.costs import Cost, cost_of
from fastlogs._sweep.glance import Glance
from fastlogs._sweep.groups import Design, Group
from fastlogs._sweep.options import Options
from fastlogs._sweep.triage import STATES, Triage, causes, triage
from fastlogs._sweep.worth import worth
from fastlogs.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._configs import Settings
    from fastlogs._sweep.hints import Hint
    from fastlogs.stats.adaptive import Drift
    from fastlogs.stats.correlation import Correlation
    from fastlogs.stats.failures import Shared
    from fastlogs.stats.final import Final
    from fastlogs.stats.importance import Importance
    from fastlogs.stats.leaderboard import Leaderboard
    from fastlogs.stats.parameter import Parameter
    from fastlogs.stats.pareto import Pareto

_SHOWN = 5


@dataclass(frozen=True)
class Standings:
    """The groups with finished runs: their places in `groups`, their runs' values, and the leaderboard over them."""

    groups: tuple[int, ...]
    values: tuple[tuple[float, ...], ...]
    board: Leaderboard

    @property
    def means(self) -> np.ndarray:
        return np.array([one.value for one in self.board.standings])


@dataclass(frozen=True)
class Sweep:
    """Runs whose settings vary on purpose: `runs`, `groups`, `leaderboard`, `importance`, `failures`, `pareto` ...

    Tables are polars frames; what they are made of is behind `standings`, `weighed`, `triage` and the like.

    >>> fastlogs.sweep("runs", metric="loss").leaderboard.columns[:3]
    ['rank', 'group', 'runs']
    """

    glances: tuple[Glance, ...]
    metric: str
    goal: Goal
    options: Options

    def __len__(self) -> int:
        return len(self.glances)

    @cached_property
    def configs(self) -> list[Settings]:
        """The settings of each run."""
        return settings.configs_of(self.glances)

    @cached_property
    def design(self) -> Design:
        """Which settings vary on purpose."""
        return settings.design(self.configs, self.options.ignore)

    @cached_property
    def seed_groups(self) -> tuple[Group, ...]:
        """Runs that differ by their seed only."""
        return settings.groups(self.glances, self.configs, self.design)

    @cached_property
    def values(self) -> tuple[Final, ...]:
        """What each run came to."""
        return tuple(worth(glance, self.goal, self.options.score) for glance in self.glances)

    @cached_property
    def triage(self) -> tuple[Triage, ...]:
        """How each run ended."""
        members = [group.members for group in self.seed_groups]
        return triage(self.glances, self.values, self.goal, members, self.options.now)

    @property
    def counts(self) -> dict[str, int]:
        """How many runs are in which state."""
        found = Counter(one.state for one in self.triage)
        return {state: found[state] for state in STATES if found[state]}

    @cached_property
    def causes(self) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
        """What runs failed of, the commonest first."""
        return tuple(causes(self.triage))

    @cached_property
    def standings(self) -> Standings:
        """The groups with finished runs, ranked."""
        from fastlogs.stats.leaderboard import leaderboard

        finished = [self._finished(group) for group in self.seed_groups]
        there = [at for at, values in enumerate(finished) if values]
        goal: Literal["low", "high"] = "high" if self.goal == "high" else "low"
        values = [finished[at] for at in there]
        board = leaderboard(values, goal=goal, sd=self.options.seed_std, seed=self.options.seed)
        return Standings(tuple(there), tuple(finished[at] for at in there), board)

    def _finished(self, group: Group) -> tuple[float, ...]:
        values = [(self.triage[at], self.values[at].value) for at in group.members]
        return tuple(value for one, value in values if one.finished and value is not None)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The settings that vary among the groups with finished runs."""
        standing = [self.configs[self.seed_groups[at].members[0]] for at in self.standings.groups]
        return settings.parameters(self.design.varied, standing)

    @cached_property
    def weighed(self) -> Importance:
        """Which settings matter for the metric, over groups."""
        from fastlogs.stats.importance import importance

        return importance(self.parameters, self.standings.means, seed=self.options.seed)

    @cached_property
    def failing(self) -> Importance:
        """Which settings matter for whether a run fails, over runs."""
        from fastlogs.stats.importance import Importance, importance

        failed = self.failed
        if min(failed.sum(), (~failed).sum()) < _SHOWN:
            return Importance(len(failed), reason=f"{int(failed.sum())} of {len(failed)} runs failed")
        return importance(self._all_parameters, failed.astype(np.float64), seed=self.options.seed)

    @cached_property
    def failed(self) -> np.ndarray:
        """Whether each run failed."""
        return np.array([one.failed for one in self.triage])

    @cached_property
    def _all_parameters(self) -> tuple[Parameter, ...]:
        return settings.parameters(self.design.varied, self.configs)

    @cached_property
    def shared(self) -> tuple[Shared, ...]:
        """What failed runs have in common."""
        from fastlogs.stats.failures import shared

        return shared(self._all_parameters, self.failed)

    def parameter(self, name: str) -> Parameter:
        """A varied setting over all runs."""
        found = next((one for one in self._all_parameters if one.name == name), None)
        if found is None:
            raise UsageError(f"no setting '{name}' varies", help="those that do: " + ", ".join(self.design.varied))
        return found

    @cached_property
    def drifts(self) -> tuple[Drift, ...]:
        """Settings that were sampled elsewhere later on: an adaptive sampler was at work."""
        from fastlogs.stats.adaptive import drifts

        return drifts(self._all_parameters)

    @cached_property
    def correlations(self) -> tuple[Correlation, ...]:
        from fastlogs.stats.correlation import correlation

        return tuple(correlation(one, self.standings.means) for one in self.parameters)

    @cached_property
    def cost(self) -> Cost | None:
        """What quality is held against; None where the logs say nothing of it."""
        return cost_of(self)

    @cached_property
    def front(self) -> Pareto | None:
        """Quality against cost, over the groups of the leaderboard."""
        from fastlogs.stats.pareto import pareto

        if self.cost is None:
            return None
        sign = -1.0 if self.goal == "high" else 1.0
        errors = [np.nan if one.se is None else one.se for one in self.board.standings]
        return pareto(sign * self.standings.means, self.cost.values, quality_se=errors, cost_se=self.cost.errors)

    @property
    def board(self) -> Leaderboard:
        return self.standings.board

    @cached_property
    def hints(self) -> tuple[Hint, ...]:
        """What to run next, each with its evidence."""
        from fastlogs._sweep.hints import hints

        return hints(self)

    @cached_property
    def runs(self) -> pl.DataFrame:
        """A row a run: state and why, value, settings, findings, the last values of its metrics."""
        return tables.runs(self)

    @cached_property
    def groups(self) -> pl.DataFrame:
        """A row a group of seeds."""
        return tables.groups(self)

    @cached_property
    def leaderboard(self) -> pl.DataFrame:
        """A row a group with finished runs, from the best."""
        return tables.leaderboard(self)

    @cached_property
    def importance(self) -> pl.DataFrame:
        """A row a setting, the weightiest first."""
        return tables.importance(self.weighed)

    @cached_property
    def failures(self) -> pl.DataFrame:
        """A row a cause."""
        return tables.failures(self)

    @cached_property
    def correlation(self) -> pl.DataFrame:
        """A row a setting: a footnote to `importance`."""
        return tables.correlation(self)

    @cached_property
    def pareto(self) -> pl.DataFrame:
        """A row a group: quality, cost, and its place."""
        return tables.pareto(self)

    @cached_property
    def summary(self) -> pl.DataFrame:
        """A row a run and metric."""
        return tables.summary(self)

    @property
    def curves(self) -> Mapping[str, Any]:
        """The curve of each run that has one."""
        return MappingProxyType({glance.run: glance.curve for glance in self.glances if glance.curve.points})

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON has it, under `schema: fastlogs.sweep/1`."""
        from fastlogs._sweep.document import document

        return document(self)

    def words(self) -> list[str]:
        """The findings as sentences."""
        from fastlogs._sweep.words import sentences

        return sentences(self)

    def __repr__(self) -> str:
        lines = [f"<Sweep of {counts(len(self), 'run')} by {self.metric}>", *(f"  {line}" for line in self.words())]
        return "\n".join(line if len(line) <= 80 else line[:77] + "..." for line in lines)

    def _repr_html_(self) -> str:
        from fastlogs._svg import paragraph, table

        said = "".join(paragraph(line) for line in self.words())
        shown = self.leaderboard.head(10)
        return f"{said}{table(shown.columns, shown.rows())}"


def of_glances(glances: Sequence[Glance], options: Options | None = None) -> Sweep:
    """The sweep of runs that somebody has looked at already; refuses a metric whose goal nobody knows.

    >>> of_glances([Glance("a", metric="loss")]).goal
    'low'
    """
    asked = options or Options()
    named = Counter(glance.metric for glance in glances if glance.metric)
    metric = named.most_common(1)[0][0] if named else "loss"
    goal = asked.goal or goal_of(metric)
    if goal == "none":
        unknown = f"nobody knows whether {metric} should be low or high"
        raise UsageError(unknown, help="say goal='low' or goal='high' (--goal low)")
    return Sweep(tuple(glances), metric, goal, asked)
