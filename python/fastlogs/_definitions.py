"""Patterns of one value each, as SageMaker, Katib and Guild have them: all are looked for in every line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from fastlogs._patterns import NAMED, Triple

# Shapes of lines that are joined, at most.
_SHAPES = 64


def joined(triples: Sequence[Triple], lines: Iterable[str]) -> list[Triple]:
    """A pattern for each set of values that stands together in lines, in their order; then those of one value each.

    The engine gives a line to the first pattern that matches, and a definition reads one value: joined, a line gives
    them all. Definitions that Python cannot compile, and those that overlap another in a line, stay alone.
    """
    compiled = [_compiled(regex) for _, regex, _ in triples]
    seen: Counter[tuple[int, ...]] = Counter()
    for line in lines:
        if order := _order(compiled, line):
            seen[order] += 1
    shapes = sorted(seen, key=lambda order: (-len(order), -seen[order]))[:_SHAPES]
    return [_join([triples[k] for k in order]) for order in shapes if len(order) > 1] + list(triples)


def _compiled(regex: str) -> re.Pattern[str] | None:
    try:
        return re.compile(regex)
    except re.error:
        return None


def _order(compiled: Sequence[re.Pattern[str] | None], line: str) -> tuple[int, ...]:
    """Which patterns a line holds, from left to right; of two that overlap the one that ends first."""
    found = [(m.span(), k) for k, pattern in enumerate(compiled) if pattern and (m := pattern.search(line))]
    order: list[int] = []
    end = 0
    for (start, stop), k in sorted(found, key=lambda one: one[0][1]):
        if start >= end:
            order.append(k)
            end = stop
    return tuple(order)


def _join(parts: Sequence[Triple]) -> Triple:
    taken: set[str] = set()
    regexes: list[str] = []
    types: list[tuple[str, str]] = []
    for _, regex, hints in parts:
        groups = set(NAMED.findall(regex))
        if groups & taken:
            continue
        taken |= groups
        regexes.append(f"(?:{regex})" if "|" in regex else regex)
        types += hints
    return "", ".*?".join(regexes), types
