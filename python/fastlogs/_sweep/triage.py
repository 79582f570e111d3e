"""How each run ended, judged by a glance at it and by the other runs of the sweep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from fastlogs._metrics import Goal, role_of
from fastlogs._sweep.last_words import last_words
from fastlogs.stats.final import Final

if TYPE_CHECKING:
    from fastlogs._sweep.glance import Glance

State = Literal[
    "ok", "crashed", "oom", "killed", "diverged", "spiking", "dead", "plateau", "slow", "running", "duplicate", "broken"
]
STATES: tuple[State, ...] = get_args(State)
# Runs that came to an end that counts; of the others the result says nothing.
FINISHED: frozenset[State] = frozenset({"ok", "spiking", "dead", "plateau", "slow"})
FAILED: frozenset[State] = frozenset({"crashed", "oom", "killed", "diverged", "broken"})

# A log written to so many seconds ago may still grow.
_FRESH = 600.0
# A run that made this share of its steps has ended.
_ENDED = 0.95
_SLOW = 0.05
_LOST = 1.5
_SPIKES = 3
_QUARTER = 0.25


@dataclass(frozen=True, slots=True)
class Triage:
    """The state of one run, the evidence, and what its failure has in common with others'."""

    state: State
    why: str = ""
    cause: str = ""
    where: str = ""

    @property
    def finished(self) -> bool:
        return self.state in FINISHED

    @property
    def failed(self) -> bool:
        return self.state in FAILED


@dataclass(frozen=True)
class _Sweep:
    """What one run is held against."""

    glances: Sequence[Glance]
    values: Sequence[Final]
    goal: Goal
    now: float
    planned: Mapping[int, int]
    twins: Mapping[int, int]
    slow: Mapping[int, str]
    quarter: float | None


_JUDGES: list[Callable[[int, _Sweep], Triage | None]] = []


def judge(function: Callable[[int, _Sweep], Triage | None]) -> Callable[[int, _Sweep], Triage | None]:
    """Registers a judge: the first that answers decides, in the order of this file."""
    _JUDGES.append(function)
    return function


def triage(
    glances: Sequence[Glance], values: Sequence[Final], goal: Goal, groups: Sequence[Sequence[int]], now: float
) -> tuple[Triage, ...]:
    """The state of each run; `groups` are runs of the same settings."""
    sweep = _Sweep(
        glances, values, goal, now, _planned(glances), twins(glances), _slow(glances, groups), _quarter(values, goal)
    )
    return tuple(_judged(at, sweep) for at in range(len(glances)))


def _judged(at: int, sweep: _Sweep) -> Triage:
    return next((found for one in _JUDGES if (found := one(at, sweep)) is not None), Triage("ok"))


@judge
def _ended_in_words(at: int, sweep: _Sweep) -> Triage | None:
    """Its log ends with an exception, or with what a scheduler or the kernel said."""
    glance = sweep.glances[at]
    words = last_words(glance.tail) if glance.tail else None
    # What is said after the last step changes nothing of the result.
    if words is None or _is_complete(at, sweep):
        return None
    return Triage(words.kind, words.told, words.cause, words.where)


def _is_complete(at: int, sweep: _Sweep) -> bool:
    """Whether a run made the steps that it was to make, as far as that is known."""
    last, planned = sweep.glances[at].last_step, sweep.planned.get(at)
    return last is not None and planned is not None and last + 1 >= _ENDED * planned


@judge
def _diverged(at: int, sweep: _Sweep) -> Triage | None:
    glance = sweep.glances[at]
    if glance.curve.ends_bad:
        return Triage("diverged", f"{glance.metric} is not finite at the end", "not finite")
    told = next((f for f in glance.findings if f.kind == "diverged"), None)
    if told is not None:
        return Triage("diverged", told.evidence, "diverged")
    return _fell_back(glance, sweep.goal)


def _fell_back(glance: Glance, goal: Goal) -> Triage | None:
    """Its end is far worse than its own best, and still worsening."""
    from fastlogs.stats.bins import bin_means

    if goal == "none" or len(glance.curve.y) < 20:
        return None
    bins = bin_means(glance.curve.y, 20)
    best = float(bins.min() if goal == "low" else bins.max())
    last, before = float(bins[-1]), float(bins[-3])
    worse = last > _LOST * best and last > before if goal == "low" else last < best / _LOST and last < before
    if best <= 0 or not worse:
        return None
    return Triage("diverged", f"{glance.metric} ends near {last:.4g}, its best was near {best:.4g}", "diverged")


@judge
def _no_table(at: int, sweep: _Sweep) -> Triage | None:
    glance = sweep.glances[at]
    if glance.broken or not glance.summary:
        return Triage("broken", glance.broken or "no metrics", glance.broken or "no metrics")
    if not glance.curve.points:
        return Triage("broken", "the metric that decides is not in its log", "no such metric")
    return None


@judge
def _running(at: int, sweep: _Sweep) -> Triage | None:
    glance, planned = sweep.glances[at], sweep.planned.get(at)
    if planned is None or _is_complete(at, sweep) or glance.written is None:
        return None
    ago = sweep.now - glance.written
    if ago > _FRESH:
        return None
    return Triage("running", f"{(glance.last_step or 0):,} of {planned:,} steps, written to {max(ago, 0):.0f} s ago")


@judge
def _stopped_short(at: int, sweep: _Sweep) -> Triage | None:
    planned = sweep.planned.get(at)
    if planned is None or _is_complete(at, sweep):
        return None
    last = sweep.glances[at].last_step or 0
    said = f"ends at step {last:,} of {planned:,} without a word"
    return Triage("crashed", said, "ends without a word")


@judge
def _duplicate(at: int, sweep: _Sweep) -> Triage | None:
    twin = sweep.twins.get(at)
    if twin is None:
        return None
    return Triage("duplicate", f"value for value the same as {sweep.glances[twin].run}", "duplicate")


@judge
def _dead(at: int, sweep: _Sweep) -> Triage | None:
    told = next((f for f in sweep.glances[at].findings if f.kind == "dead" and _lasts(f.last_step, at, sweep)), None)
    return None if told is None else Triage("dead", told.evidence, "dead")


def _lasts(last: int | None, at: int, sweep: _Sweep) -> bool:
    """Whether something goes on to the end of the run."""
    end = sweep.glances[at].curve.x
    return last is not None and len(end) > 0 and last >= end[-1]


@judge
def _spiking(at: int, sweep: _Sweep) -> Triage | None:
    spikes = [f for f in sweep.glances[at].findings if f.kind == "loss_spike"]
    if len(spikes) < _SPIKES:
        return None
    return Triage("spiking", f"{len(spikes)} loss spikes, the first at step {spikes[0].first_step:,}", "spiking")


@judge
def _plateau(at: int, sweep: _Sweep) -> Triage | None:
    """It brought nothing more, and a quarter of the sweep came further."""
    told = next((f for f in sweep.glances[at].findings if f.kind == "plateau"), None)
    value = sweep.values[at].value
    if told is None or value is None or sweep.quarter is None:
        return None
    behind = value > sweep.quarter if sweep.goal == "low" else value < sweep.quarter
    return Triage("plateau", told.evidence, "plateau") if behind else None


@judge
def _is_slow(at: int, sweep: _Sweep) -> Triage | None:
    return Triage("slow", sweep.slow[at], "slow") if at in sweep.slow else None


def _planned(glances: Sequence[Glance]) -> dict[int, int]:
    """The steps each run was to make: of its settings; else as many as most runs of the sweep made."""
    lasts = Counter(glance.last_step for glance in glances if glance.last_step is not None)
    common, times = lasts.most_common(1)[0] if lasts else (None, 0)
    usual = common + 1 if common is not None and times >= 3 and 2 * times >= len(glances) else None
    found = {at: glance.planned or usual for at, glance in enumerate(glances)}
    return {at: steps for at, steps in found.items() if steps}


def twins(glances: Sequence[Glance]) -> dict[int, int]:
    """Runs whose values are those of a run before them."""
    first: dict[str, int] = {}
    found = {}
    for at, glance in enumerate(glances):
        if glance.curve.digest and glance.curve.points > 1:
            before = first.setdefault(glance.curve.digest, at)
            if before != at:
                found[at] = before
    return found


def _slow(glances: Sequence[Glance], groups: Sequence[Sequence[int]]) -> dict[int, str]:
    """Runs behind others of their own settings, or behind all where the settings do not change the speed."""
    rates = np.array([speed(glance) for glance in glances])
    found: dict[int, str] = {}
    known = rates[np.isfinite(rates)]
    everyone = [list(range(len(glances)))] if len(known) >= 4 and _is_tight(known) else []
    for members in [*groups, *everyone]:
        mine = rates[list(members)]
        usual = float(np.median(mine[np.isfinite(mine)])) if np.isfinite(mine).sum() >= 3 else np.nan
        for at in members:
            if rates[at] < (1 - _SLOW) * usual and at not in found:
                others = "runs of its settings" if len(members) < len(glances) else "the other runs"
                found[at] = f"{100 * (1 - rates[at] / usual):.0f} % slower than {others}"
    return found


def speed(glance: Glance) -> float:
    """How fast a run went, by its throughput, else by the time of a step; NaN when its log does not say."""
    for role, power in (("throughput", 1.0), ("step_time", -1.0)):
        for fact in glance.summary:
            found = role_of(fact["metric"])
            if found is not None and found.name == role and fact["mean"] and fact["mean"] > 0:
                return float(fact["mean"] ** power)
    return float("nan")


def _is_tight(known: np.ndarray) -> bool:
    """Whether the middle half of the runs is within a twentieth."""
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
    return bool(high - low <= _SLOW * middle)


def _quarter(values: Sequence[Final], goal: Goal) -> float | None:
    known = [one.value for one in values if one.value is not None]
    if len(known) < 4:
        return None
    return float(np.quantile(known, _QUARTER if goal != "high" else 1 - _QUARTER))


def causes(found: Sequence[Triage]) -> Iterator[tuple[State, str, tuple[int, ...]]]:
    """What runs failed of, the commonest first: state, cause, runs."""
    gathered: dict[tuple[State, str], list[int]] = {}
    for at, one in enumerate(found):
        if one.failed:
            place = f"{one.cause} at {one.where}" if one.where and one.state == "crashed" else one.cause
            gathered.setdefault((one.state, place), []).append(at)
    for (state, cause), members in sorted(gathered.items(), key=lambda pair: -len(pair[1])):
        yield state, cause, tuple(members)
