"""The findings of a sweep as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastlogs._findings import counts

if TYPE_CHECKING:
    from fastlogs._sweep.swept import Sweep
    from fastlogs.stats.failures import Shared
    from fastlogs.stats.importance import Importance, Weight
    from fastlogs.stats.parameter import Parameter

_STATES = {"oom": "out of memory", "running": "still running", "broken": "without a table", "plateau": "on a plateau"}
_MANY = 4


def sentences(sweep: Sweep) -> list[str]:
    """Triage, leader, what matters, what fails, each in a line or two."""
    return [
        *_triage(sweep),
        leader(sweep),
        *matters(sweep.weighed, sweep.metric, sweep),
        *failing(sweep),
        *cautions(sweep),
    ]


def _triage(sweep: Sweep) -> Iterator[str]:
    told = ", ".join(f"{n:,} {_STATES.get(state, state)}" for state, n in sweep.counts.items())
    seeds = sum(len(group.members) > 1 for group in sweep.seed_groups)
    more = f" with several seeds in {seeds:,}" if seeds else ", none with two seeds"
    yield f"{counts(len(sweep), 'run')}: {told}; {counts(len(sweep.seed_groups), 'setting')}{more}"


def leader(sweep: Sweep) -> str:
    """Who leads, how much of that is luck, and from whom it cannot be told."""
    board = sweep.board
    if not board.order:
        return "no run finished: there is no leader"
    best = board.standings[board.order[0]]
    name = sweep.seed_groups[sweep.standings.groups[board.order[0]]].name
    said = f"best {sweep.metric}: {best.value:.5g} by {name}"
    if board.noise is None or best.shrunken is None or best.p_best is None:
        return f"{said}; no claim: {board.reason}"
    together = len(board.tier(1)) - 1
    peers = f"{counts(together, 'other')} cannot be told from it" if together else "alone in its tier"
    return (
        f"{said}; probably {best.shrunken:.5g} ({best.low:.5g} to {best.high:.5g}) once more: the top value is too "
        f"good by about {board.optimism:.2g}; the best there is with a chance of {best.p_best:.0%}; {peers}"
    )


def matters(found: Importance, target: str, sweep: Sweep | None = None) -> list[str]:
    """Which settings matter, or that nothing does; with the sweep, where each is best."""
    if found.matters is None or found.r2 is None or found.p is None:
        return [f"what matters is not known: {found.reason}"]
    tested = f"R2 {found.r2:.2f} out of bag, shuffled results reach {max(found.null):.2f}, p = {found.p:.2f}"
    if not found.matters:
        return [f"nothing that was varied is seen to matter for {target} ({tested}; {found.n} results)"]
    if not found.named:
        return [f"settings matter for {target} ({tested}), but no single one can be named"]
    named = [one for one in found.weights if one.named]
    said = [f"what matters for {target}: {', '.join(_weight(one, sweep) for one in named)} ({tested})"]
    pairs = [f"{one.a} with {one.b} ({one.share:.0%})" for one in found.interactions if one.named]
    return said + ([f"together rather than alone: {', '.join(pairs)}"] if pairs else [])


def _weight(one: Weight, sweep: Sweep | None) -> str:
    best = None if sweep is None else one.shape.best(high=sweep.goal == "high")
    if best is None or sweep is None or one.shape.word in ("flat", "unknown"):
        return f"{one.name} ({one.drop:.2f}, {one.shape.word})"
    where = stretch(next(p for p in sweep.parameters if p.name == one.name), best.first, best.last)
    return f"{one.name} ({one.drop:.2f}, {one.shape.word}, best {where})"


def failing(sweep: Sweep) -> Iterator[str]:
    """What runs failed of, and what those that failed have in common."""
    if sweep.causes:
        told = [f"{len(of)} x {cause}" for _, cause, of in sweep.causes[:_MANY]]
        more = f" and {len(sweep.causes) - _MANY} more" if len(sweep.causes) > _MANY else ""
        yield f"failed of: {'; '.join(told)}{more}"
    for one in sweep.shared[:2]:
        there, rest = one.inside, one.outside
        yield (
            f"runs with {told_shared(sweep, one)} fail: {there.failed} of {there.n} "
            f"({there.low:.0%} to {there.high:.0%}), elsewhere {rest.failed} of {rest.n}, p = {one.p:.1g}"
        )


def told_shared(sweep: Sweep, one: Shared) -> str:
    """`lr of 0.01 and more`."""
    parameter = sweep.parameter(one.name)
    return f"{one.name} {stretch(parameter, one.inside.first, one.inside.last)}"


def stretch(parameter: Parameter, first: float, last: float) -> str:
    """A stretch of a setting in words: a value, an open end, or from one to another."""
    known = parameter.values[parameter.known]
    if first == last:
        return f"= {parameter.told(first)}"
    if last >= known.max():
        return f"of {parameter.told(first)} and more"
    if first <= known.min():
        return f"up to {parameter.told(last)}"
    return f"from {parameter.told(first)} to {parameter.told(last)}"


def cautions(sweep: Sweep) -> Iterator[str]:
    """What a reader should know before believing the rest."""
    if sweep.drifts:
        names = ", ".join(drift.name for drift in sweep.drifts[:3])
        yield f"caution: {names} drifted over the runs, as if by an adaptive sampler: importance holds where it went"
    alike = {name: same for name, same in sweep.design.aliases.items() if same}
    for name, same in list(alike.items())[:3]:
        yield f"caution: {', '.join(same[:3])} never varied without {name}: what is said of it may be theirs"
    lone = [d for d in sweep.design.left.values() if d.startswith("another text")]
    if lone and not sweep.design.varied:
        yield "caution: no setting varies but texts that are different in nearly every run"
