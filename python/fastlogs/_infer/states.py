"""Lines that measure nothing and lend their epoch or step to the lines below: `Epoch 3/10`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from fastlogs._infer.rules import Rule
from fastlogs._shapes import Line, by_shape

_WORDS = re.compile(r"epoch|step|iter|round|batch|update|episode|fold", re.IGNORECASE)
# What may be lent, and where a row has it.
_LENT = ("epoch", "step", "done")
_SHAPES = 60


def state_rules(rules: Sequence[Rule], left: Iterable[Line], lead: str) -> list[Rule]:
    """Rules of the lines, of those that measure nothing, that lend rows what the rows do not say themselves."""
    shapes = by_shape(left)[:_SHAPES]
    shapes.sort(key=lambda group: _WORDS.search("".join(group[0].pieces)) is None)
    found: dict[int, dict[int, str]] = {}
    for role in _LENT:
        if place := _lender(shapes, _needing(rules, role), found):
            shape, at = place
            found.setdefault(shape, {})[at] = f"@{role}"
    named = enumerate(found.items())
    return [_rule(f"state_{n + 1}" if n else "state", shapes[k], roles, lead) for n, (k, roles) in named]


def _rule(name: str, group: list[Line], roles: dict[int, str], lead: str) -> Rule:
    pieces = group[0].pieces
    for at, role in list(roles.items()):
        if role == "@done" and at + 1 < len(group[0].tokens) and pieces[at + 1].strip() in ("/", "of"):
            roles.setdefault(at + 1, "@all")
    return Rule(name, group, pieces, dict(sorted(roles.items())), lead=lead, carries=True)


def _needing(rules: Sequence[Rule], role: str) -> list[tuple[int, float | None]]:
    """(offset, what the row has) of the rows whose lines do not say it; nothing where all do, or none has it."""
    said = ("@epoch",) if role == "epoch" else ("@step", "@done")
    lines = [line for rule in rules if not set(said) & set(rule.roles.values()) for line in rule.lines]
    rows = sorted((line.offset, _has(line, role)) for line in lines)
    if all(has is None for _, has in rows) or (role == "step" and all(_counted(line) for line in lines)):
        return []
    return rows


def _has(line: Line, role: str) -> float | None:
    return line.values.get("batch") if role == "done" else line.context.get(role)


def _counted(line: Line) -> bool:
    """Its step is its epoch, which says it already, or follows from its batch."""
    return line.context.get("step") == line.context.get("epoch") or "batch" in line.values


def _lender(
    shapes: list[list[Line]], rows: list[tuple[int, float | None]], found: dict[int, dict[int, str]]
) -> tuple[int, int] | None:
    """The shape, and the number in it, that is what every row below it has."""
    if not rows:
        return None
    for k, group in enumerate(shapes):
        if not any(c.isalpha() for piece in group[0].pieces for c in piece):
            continue
        for at in range(len(group[0].tokens)):
            if at not in found.get(k, {}) and _lends(group, at, rows):
                return k, at
    return None


def _lends(group: list[Line], at: int, rows: list[tuple[int, float | None]]) -> bool:
    states = sorted((line.offset, line.tokens[at].values[:1]) for line in group)
    offsets = [offset for offset, _ in states]
    for offset, has in rows:
        before = bisect_right(offsets, offset)
        lent = states[before - 1][1] if before else ()
        if lent != (() if has is None else (has,)):
            return False
    return True
