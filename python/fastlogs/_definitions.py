"""Patterns of one value each, as SageMaker, Katib and Guild have them: all are looked for in every line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from fastlogs._patterns import NAMED, Triple
from fastlogs._shapes import OTHER, cut, escaped

# A definition, and what must stand between the value before and its own; nothing where it is looked for behind.
Step: TypeAlias = tuple[int, str | None]
Parts: TypeAlias = tuple[str, str, str]

# Shapes of lines that are joined, at most.
_SHAPES = 64


def joined(triples: Sequence[Triple], lines: Iterable[str]) -> list[Triple]:
    """A pattern for each set of values that stands together in lines, in their order; then those of one value each.

    The engine gives a line to the first pattern that matches, and a definition reads one value: joined, a line gives
    them all. Where two overlap (`loss: (.*)` and `loss: .* acc: (.*)`), what stands between their values in the line is
    what the joined pattern wants there. Definitions that Python cannot compile stay alone.
    """
    compiled = [_compiled(regex) for _, regex, _ in triples]
    split = [_split(regex) for _, regex, _ in triples]
    seen: Counter[tuple[Step, ...]] = Counter()
    for line in lines:
        if order := _order(compiled, split, line):
            seen[order] += 1
    shapes = sorted(seen, key=lambda order: (-len(order), -seen[order]))[:_SHAPES]
    return [_join(triples, split, order) for order in shapes if len(order) > 1] + list(triples)


def _compiled(regex: str) -> re.Pattern[str] | None:
    try:
        return re.compile(regex)
    except re.error:
        return None


def _order(compiled: Sequence[re.Pattern[str] | None], split: Sequence[Parts | None], line: str) -> tuple[Step, ...]:
    """Which patterns a line holds, in the order of their values; of two values that overlap the first to end."""
    found = [(m.span(1), m.span(), k) for k, pattern in enumerate(compiled) if pattern and (m := pattern.search(line))]
    order: list[Step] = []
    end = reach = firsts = 0
    for value, (start, stop), k in sorted(found, key=lambda one: (one[0][1], one[0][0])):
        apart = start >= reach
        if value[0] < end or not (apart or (split[k] and split[order[-1][0]])):
            continue
        order.append((k, None if apart else _between(line[end : value[0]])))
        firsts = firsts or value[0]
        end, reach = value[1], max(reach, stop)
    if any(between is not None for _, between in order):
        # What stands before the first value tells such a line from others.
        order[0] = (order[0][0], "^" + _between(line[:firsts]))
    return tuple(order)


def _between(text: str) -> str:
    """A pattern for what stands between two values, whatever its numbers."""
    pieces, tokens = cut(text)
    wants = [OTHER if token.kind == "number" else r"\S+(?: \S+)?" for token in tokens] + [""]
    return "".join(escaped(piece) + want for piece, want in zip(pieces, wants, strict=True))


def _split(regex: str) -> Parts | None:
    """What stands before its one group, the group, and what stands behind; nothing for `a|b`."""
    at = regex.find("(?P<")
    depth, begun, end = 0, -1, 0
    for k, char in _bare(regex):
        if char == "|" and depth == 0:
            return None
        if k == at:
            begun = depth
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == ")" and depth == begun and not end:
            end = k + 1
    return (regex[:at], regex[at:end], regex[end:]) if end else None


def _bare(regex: str) -> Iterator[tuple[int, str]]:
    """The characters of a pattern that are no escapes and in no class, and where they are."""
    inside, escape = False, False
    for k, char in enumerate(regex):
        if escape or char == "\\":
            escape = not escape
        elif inside:
            inside = char != "]"
        elif char == "[":
            inside = True
        else:
            yield k, char


def _join(triples: Sequence[Triple], split: Sequence[Parts | None], order: Sequence[Step]) -> Triple:
    taken: set[str] = set()
    text, tail = "", ""
    types: list[tuple[str, str]] = []
    for k, between in order:
        _, regex, hints = triples[k]
        groups = set(NAMED.findall(regex))
        if groups & taken:
            continue
        taken |= groups
        types += hints
        parts = split[k]
        if between is not None and parts:
            text, tail = f"{text}{between}{parts[1]}", parts[2]
            continue
        before, group, behind = parts or ("", f"(?:{regex})", "")
        text, tail = f"{text}{tail}.*?{before}{group}" if text else f"{before}{group}", behind
    return "", text + tail, types
