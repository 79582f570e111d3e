"""Which metrics a comparison covers, and which one decides it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from fastlogs._compare.arms import Arm
from fastlogs._metrics import role_of, wanted
from fastlogs.errors import UnknownMetric

# Roles that can decide, best first; val_loss goes before all when it was logged often enough.
_DECIDING = ("loss", "perplexity", "bits", "error", "accuracy", "reward", "test_loss", "val_loss")
# Roles that describe the schedule or the clock: never a quality.
_CONTEXT = ("lr", "epoch", "tokens", "step_time", "throughput", "mfu", "clock")
# A family larger than this is compared only when asked for.
_FAMILY = 12
# Half of a run must hold this many evaluations for them to decide.
_ENOUGH = 50


def named_as(baseline: Arm, candidate: Arm) -> Arm:
    """The candidate with the baseline's names for roles in which they have no name in common: `lm_loss` for `loss`."""
    theirs, ours = _by_role(baseline.metrics), _by_role(candidate.metrics)
    aliases = {
        theirs[role][0]: names[0]
        for role, names in ours.items()
        if role in theirs and not set(names) & set(theirs[role]) and theirs[role][0] not in candidate.metrics
    }
    if not aliases:
        return candidate
    return Arm(candidate.name, tuple(replace(curves, aliases=aliases, _made={}) for curves in candidate.curves))


def _by_role(names: Sequence[str]) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {}
    for name in names:
        if role := role_of(name):
            roles.setdefault(role.name, []).append(name)
    return roles


def primary(baseline: Arm, candidate: Arm, asked: Sequence[str]) -> str:
    """The metric that decides: the first asked for, else the val loss when logged often enough, else the train loss."""
    there = shared(baseline, candidate)
    if asked:
        return matching(asked, there)[0]
    named = _by_role(there)
    for role_name, rare in (("val_loss", False), *((name, True) for name in _DECIDING)):
        names = named.get(role_name, [])
        # Of several of a role one that was logged often: an evaluation may print the train loss too.
        often = (name for name in names if _often(baseline, name) and _often(candidate, name))
        if (found := next(often, None)) is not None:
            return found
        if names and rare:
            return max(names, key=lambda name: min(_points(baseline, name), _points(candidate, name)))
    few = ", ".join(there[:8]) or "none"
    raise UnknownMetric("no metric has a role that decides", help=f"name one with metric=; both arms have {few}")


def covered(baseline: Arm, candidate: Arm, asked: Sequence[str], first: str) -> list[str]:
    """The deciding metric first, then what was asked for; by default those with a role, and small families."""
    there = shared(baseline, candidate)
    if asked:
        chosen = matching(asked, there)
    else:
        small = {name for family in families(there).values() if len(family) <= _FAMILY for name in family}
        chosen = [name for name in there if _is_quality(name) or (name in small and not _is_context(name))]
    return [first, *(name for name in chosen if name != first)]


def shared(baseline: Arm, candidate: Arm) -> list[str]:
    return [name for name in baseline.metrics if name in candidate.metrics]


def matching(asked: Sequence[str], there: Sequence[str]) -> list[str]:
    """The names that globs, roles and names mean; refuses one that means nothing."""
    found: list[str] = []
    for name in asked:
        globs = wanted([name], there) or []
        fits = [metric for glob in globs for metric in there if fnmatchcase(metric, glob)]
        if not fits:
            few = ", ".join(there[:8]) + (" ..." if len(there) > 8 else "")
            raise UnknownMetric(f"no metric '{name}' in both arms", help=f"both have {few or 'none'}")
        found += [metric for metric in fits if metric not in found]
    return found


def families(names: Sequence[str]) -> dict[str, list[str]]:
    """Metrics alike but for a number, or for what stands behind a slash.

    >>> families(["loss", "mode1_ppl", "mode2_ppl"])
    {'mode*_ppl': ['mode1_ppl', 'mode2_ppl']}
    """
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_family(name), []).append(name)
    return {key: members for key, members in alike.items() if len(members) > 1 and "*" in key}


def _family(name: str) -> str:
    if any(c.isdigit() for c in name):
        return re.sub(r"\d+", "*", name)
    return name.rsplit("/", 1)[0] + "/*" if "/" in name else name


def _often(arm: Arm, metric: str) -> bool:
    """Whether the last half of the axis holds enough points in every run."""
    for curves in arm.curves:
        x = curves.series(metric).x
        if x.size < 2 or (x > (x[0] + x[-1]) / 2).sum() < _ENOUGH:
            return False
    return True


def _points(arm: Arm, metric: str) -> int:
    """How many values the shortest run has."""
    return min(curves.series(metric).x.size for curves in arm.curves)


def _is_quality(name: str) -> bool:
    return (role := role_of(name)) is not None and role.name not in _CONTEXT


def _is_context(name: str) -> bool:
    return (role := role_of(name)) is not None and role.name in _CONTEXT
