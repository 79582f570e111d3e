"""What to run next, and why: every hint with its evidence, none without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastlogs._sweep.groups import shown
from fastlogs._sweep.words import stretch, told_shared

if TYPE_CHECKING:
    from fastlogs._sweep.swept import Sweep
    from fastlogs.stats.parameter import Parameter

_TOP = 5
_SEEDS = 3
_GROUPS = 20
# A run may be stopped when this share of the way foretells the end.
_RUNG = 0.5


@dataclass(frozen=True, slots=True)
class Hint:
    """What to do, what speaks for it, what may come of it, and the runs or groups it is about."""

    kind: str
    action: str
    evidence: str
    gain: str = "not known"
    about: tuple[str, ...] = ()


_HINTS: list[Callable[[Sweep], Iterator[Hint]]] = []


def hint(function: Callable[[Sweep], Iterator[Hint]]) -> Callable[[Sweep], Iterator[Hint]]:
    """Registers a source of hints; they come in the order of this file."""
    _HINTS.append(function)
    return function


def hints(sweep: Sweep) -> tuple[Hint, ...]:
    """All hints."""
    return tuple(found for one in _HINTS for found in one(sweep))


@hint
def replicate(sweep: Sweep) -> Iterator[Hint]:
    """The first tier is not told apart: more seeds of it would."""
    board = sweep.board
    if len(board.standings) < 2:
        return
    top = (board.tier(1) or board.order)[:_TOP]
    about = tuple(_named(sweep, at) for at in top)
    if board.noise is None:
        evidence = f"{board.reason}; the order of the top {len(top)} may be luck"
        yield Hint("replicate", f"run the top {len(top)} again with {_SEEDS} seeds each", evidence, about=about)
        return
    if len(board.tier(1)) < 2 or board.regret is None:
        return
    evidence = f"{len(board.tier(1))} of {len(board.order)} cannot be told from the leader at 5 %"
    gain = f"{board.regret[0]:.3g} ± {board.regret[1]:.2g} in {sweep.metric}, if the best of them is not the leader"
    yield Hint("replicate", f"run these {len(top)} with {_SEEDS} more seeds each", evidence, gain, about)


def _named(sweep: Sweep, at: int) -> str:
    group = sweep.seed_groups[sweep.standings.groups[at]]
    settings = " ".join(f"{key}={shown(value)}" for key, value in group.settings.items())
    return f"{group.name} ({settings})" if settings and settings != group.name else group.name


@hint
def measure_seeds(sweep: Sweep) -> Iterator[Hint]:
    """Without seeds nothing can be claimed."""
    if sweep.board.noise is None and len(sweep.board.standings) >= 2:
        action = f"run some {min(_GROUPS, len(sweep.board.standings))} settings, cheap ones too, with {_SEEDS} seeds"
        yield Hint("seeds", action, "the spread between seeds is what every claim is measured by; it is not known here")


@hint
def extend(sweep: Sweep) -> Iterator[Hint]:
    """The best runs crowd at an edge of what was tried."""
    from fastlogs.stats.failures import fisher
    from fastlogs.stats.shape import binned

    y = sweep.standings.means * (-1 if sweep.goal == "high" else 1)
    for one in sweep.parameters if len(y) >= 20 else ():
        if one.words or one.distinct < 3 or one.name not in sweep.weighed.named:
            continue
        good = (y <= np.quantile(y, 0.25)) & one.known
        bins = np.full(len(y), -1)
        bins[one.known] = binned(one.values[one.known])
        for edge, side in ((0, "below"), (bins.max(), "above")):
            inside = bins == edge
            hits = int((good & inside).sum())
            p = fisher(hits, int(inside.sum()), int(good.sum()), int(one.known.sum()))
            if p < 0.025 and _is_best(bins, y, int(edge)):
                yield _edge(one, inside, hits, int(good.sum()), side)


def _is_best(bins: np.ndarray, y: np.ndarray, edge: int) -> bool:
    """Whether no other stretch has a better middle."""
    middles = {at: float(np.median(y[bins == at])) for at in np.unique(bins[bins >= 0])}
    return middles[edge] == min(middles.values())


def _edge(one: Parameter, inside: np.ndarray, hits: int, good: int, side: str) -> Hint:
    low, high = float(one.values[inside].min()), float(one.values[inside].max())
    end = low if side == "below" else high
    crowd = f"{hits} of the best {good} have {one.name} {stretch(one, low, high)}"
    evidence = f"{crowd}, as do {int(inside.sum())} of {len(inside)} in all"
    return Hint("extend", f"try {one.name} {side} {one.told(end)}", evidence)


@hint
def fix(sweep: Sweep) -> Iterator[Hint]:
    """Settings that showed no importance beside those that did."""
    found = sweep.weighed
    idle = tuple(weight.name for weight in found.weights if not weight.named)
    if found.matters and found.named and idle:
        widest = max(weight.high for weight in found.weights if not weight.named)
        evidence = f"each explains at most {max(widest, 0.0):.0%} of the ranks of {sweep.metric} ({found.n} results)"
        yield Hint(
            "fix", f"leave {', '.join(idle)} as {'they are' if len(idle) > 1 else 'it is'}", evidence, about=idle
        )


@hint
def avoid(sweep: Sweep) -> Iterator[Hint]:
    """Where runs fail."""
    for one in sweep.shared[:3]:
        yield Hint("avoid", f"leave out {told_shared(sweep, one)}", _rates(one), "runs that would fail")


def _rates(one: object) -> str:
    from fastlogs.stats.failures import Shared

    assert isinstance(one, Shared)
    there, rest = one.inside, one.outside
    return (
        f"{there.failed} of {there.n} failed there ({there.low:.0%} to {there.high:.0%}), "
        f"{rest.failed} of {rest.n} elsewhere ({rest.low:.0%} to {rest.high:.0%})"
    )


@hint
def again(sweep: Sweep) -> Iterator[Hint]:
    """Runs that were ended by something else than their settings."""
    ended = [at for at, one in enumerate(sweep.triage) if one.state in ("crashed", "killed")]
    if ended:
        lost = sum(one.state == "diverged" for one in sweep.triage)
        evidence = f"{len(ended)} ended by no fault of the loss" + (
            f"; the {lost} that diverged would again" * bool(lost)
        )
        names = tuple(sweep.glances[at].run for at in ended)
        yield Hint("rerun", f"run {len(ended)} again once their cause is mended", evidence, about=names)


@hint
def unapplied(sweep: Sweep) -> Iterator[Hint]:
    """Runs whose settings differ and whose values do not."""
    from fastlogs._sweep.triage import twins

    for at, first in twins(sweep.glances).items():
        a, b = sweep.configs[first], sweep.configs[at]
        apart = [key for key in sweep.design.varied if a.get(key) != b.get(key)]
        if apart:
            names = (sweep.glances[first].run, sweep.glances[at].run)
            evidence = f"{names[1]} is value for value {names[0]}, though {', '.join(apart[:3])} differ"
            yield Hint("check", f"see whether {apart[0]} reaches the program", evidence, about=names)
            return


@hint
def stop(sweep: Sweep) -> Iterator[Hint]:
    """Runs still under way that surely trail, if this place foretells the end."""
    from fastlogs.stats.rungs import rung

    running = [at for at, one in enumerate(sweep.triage) if one.state == "running"]
    finished = [at for at, one in enumerate(sweep.triage) if one.finished]
    if not running:
        return
    found = rung([sweep.glances[at].curve.at(_RUNG) for at in finished], [_value(sweep, at) for at in finished])
    if not found.foretells:
        told = found.reason or f"the order half-way agrees with the end by {found.agreement:.2f}, 0.7 is needed"
        yield Hint("stop", "too early to stop any run", told)
        return
    behind = tuple(sweep.glances[at].run for at in running if _trails(sweep, at, finished))
    if behind:
        evidence = (
            f"each is behind the middle finished run for sure; half-way foretells the end by {found.agreement:.2f}"
        )
        yield Hint("stop", f"stop {len(behind)} runs", evidence, "their remaining steps", behind)


def _value(sweep: Sweep, at: int) -> float:
    value = sweep.values[at].value
    return float("nan") if value is None else value


def _trails(sweep: Sweep, at: int, finished: list[int]) -> bool:
    """Whether a run, over its second half so far, is behind the median of finished runs at the same steps."""
    from fastlogs.stats.bins import bin_means
    from fastlogs.stats.rungs import trails

    curve = sweep.glances[at].curve
    late = curve.x > curve.x[0] + 0.5 * (curve.x[-1] - curve.x[0]) if len(curve.x) else np.zeros(0, dtype=bool)
    if late.sum() < 24 or curve.x[-1] < _RUNG * np.median([sweep.glances[one].curve.x[-1] for one in finished]):
        return False
    others = [np.interp(curve.x[late], sweep.glances[one].curve.x, sweep.glances[one].curve.y) for one in finished]
    gaps = (curve.y[late] - np.median(others, axis=0)) * (-1 if sweep.goal == "high" else 1)
    return trails(bin_means(gaps, min(len(gaps) // 2, 30)))
