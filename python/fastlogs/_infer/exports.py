"""Rules as other tools write them: SageMaker MetricDefinitions, Katib filters, Guild output-scalars."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fastlogs._definitions import joined
from fastlogs._infer.rules import Rule
from fastlogs._infer.unsaid import Reading, reading
from fastlogs._patterns import triples
from fastlogs._shapes import ANY, OTHER, escaped
from fastlogs.errors import PatternError

# Where a value of a metric stands: a line shape, and the place of the number in it.
Places = dict[str, list[tuple[Rule, int]]]

_PLAIN = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"
_ANY_PLAIN = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_WORDS = re.compile(r"([^\W\d][\w./@-]*(?: [^\W\d][\w./@-]*)*)([\s:=]*)$")
# Raw counters that a row keeps beside its step.
_COUNTERS = ("batch", "epoch_")
_STEPLESS = {
    "sagemaker": "SageMaker puts values in the order of their time",
    "katib": "Katib puts values in the order of their time",
    "guild": "no number of a line is the step by itself",
}
# Lines by which a pattern is tried.
_TRIED = 4000


def exported(rules: Sequence[Rule], form: str, head: bytes) -> Any:
    """The rules as other tools write them: `sagemaker`, `katib` or `guild`; `head` is the log they are tried on."""
    return {"sagemaker": _sagemaker, "katib": _katib, "guild": _guild}[form](rules, _lines(head))


def lost(head: bytes, found: Any, form: str, rules: Sequence[Rule]) -> list[str]:
    """What the definitions do not say of the log, a line each: they are read back, and held against the log itself."""
    lines = head.decode("utf-8", "replace").splitlines()
    try:
        patterns = joined(triples(found), lines)
    except PatternError:
        patterns = []
    back = _series(reading(head, patterns=patterns), _plain) if patterns else {}
    out = [f"steps: {_STEPLESS[form]}"] if form != "guild" or "step" not in found["output-scalars"] else []
    for name, values in _series(reading(head)).items():
        called = _words_of(name, rules) if form == "katib" else name
        if name in _COUNTERS:
            continue
        if values != back.get(_plain(called)):
            told = Counter(back.get(_plain(called), []))
            out.append(f"{(Counter(values) - told).total() or len(values):,} of {len(values):,} values of {name}")
        elif _plain(called) != _plain(name):
            out.append(f"the name {name}: Katib takes it from the line, {called!r}")
    return out


def _series(found: Reading, called: Callable[[str], str] = str) -> dict[str, list[str]]:
    """The values of each metric in order."""
    series: dict[str, list[str]] = defaultdict(list)
    if found.measures():
        for name, value in zip(found.rows["metric"], found.rows["value"], strict=True):
            series[called(name)].append(repr(value))
    return series


def _plain(name: str) -> str:
    """A name as all tools can spell it."""
    return re.sub(r"\W+", "_", name).strip("_").lower()


def _words_of(name: str, rules: Sequence[Rule]) -> str:
    """What the lines call a metric, where that stands before its number."""
    places = _places(rules).get(name, [])
    words = [found[1] for rule, at in places if (found := _WORDS.search(rule.pieces[at]))]
    return words[0] if words else name


def _lines(head: bytes) -> list[tuple[int, str]]:
    found, at = [], 0
    for raw in re.split(rb"[\r\n]", head)[: 2 * _TRIED]:
        if raw.strip():
            found.append((at, raw.decode("utf-8", "replace")))
        at += len(raw) + 1
    return found[:_TRIED]


def _places(rules: Sequence[Rule]) -> Places:
    places: Places = defaultdict(list)
    for rule in rules:
        for at, role in rule.roles.items():
            if not role.startswith("@"):
                places[role].append((rule, at))
    return places


def _before(rule: Rule, at: int, level: int) -> str:
    """What must stand before a number: the text up to the number before it; all of the line; and its beginning."""
    own = rule.pieces[at].lstrip(" ,;|\t")
    if level == 0 and own.strip():
        return escaped(own)
    parts = [escaped(piece) + (OTHER if k < at else "") for k, piece in enumerate(rule.pieces[: at + 1])]
    said = "".join(parts).replace("(?i:nan|inf)", "(?:nan|inf)")
    return (r"^\s*" if level == 2 and rule.lead == r"^\s*" else "") + said


def _number(places: list[tuple[Rule, int]]) -> str | None:
    """The pattern of a metric's numbers; nothing where no float is printed, such as `1,234` and `0:10:00`."""
    texts = {line.tokens[at].text for rule, at in places for line in rule.lines}
    words = sorted({text for text in texts if re.fullmatch(r"[-+]?(?i:nan|inf)", text)})
    for pattern in (_PLAIN, _ANY_PLAIN):
        if all(re.fullmatch(pattern, text) for text in texts.difference(words)):
            return f"(?:{pattern}|{'|'.join(map(re.escape, words))})" if words else pattern
    return None


def _best(written: Callable[[int], str], places: list[tuple[Rule, int]], lines: list[tuple[int, str]]) -> str:
    """The shortest of a pattern's forms that finds the metric's values and no others in the lines."""
    wanted = {line.offset: line.tokens[at].text for rule, at in places for line in rule.lines}

    def wrong(pattern: str) -> int:
        known = re.compile(pattern)
        found = ((offset, known.search(text)) for offset, text in lines)
        return sum((m[m.re.groups] if m else None) != wanted.get(offset) for offset, m in found)

    return min((written(level) for level in range(3)), key=wrong)


def _either(parts: Sequence[str]) -> str:
    parts = list(dict.fromkeys(parts))
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _values(rules: Sequence[Rule], lines: list[tuple[int, str]]) -> Iterator[tuple[str, str, str]]:
    """(metric, what stands before its number, its number's pattern)"""
    for name, places in _places(rules).items():
        if number := _number(places):

            def before(level: int, places: list[tuple[Rule, int]] = places) -> str:
                return _either([_before(rule, at, level) for rule, at in places])

            best = _best(lambda level, n=number: f"{before(level)}({n})", places, lines)  # type: ignore[misc]
            yield name, best.removesuffix(f"({number})"), number


def _sagemaker(rules: Sequence[Rule], lines: list[tuple[int, str]]) -> list[dict[str, str]]:
    return [{"Name": name, "Regex": f"{before}({number})"} for name, before, number in _values(rules, lines)]


def _guild(rules: Sequence[Rule], lines: list[tuple[int, str]]) -> dict[str, Any]:
    """`output-scalars`: a regex a scalar, and the step that later scalars take."""
    found = {}
    for role in ("@step", "@epoch"):
        steps = [(rule, at) for rule in rules for at, own in rule.roles.items() if own == role]
        if steps and not any("@done" in rule.roles.values() for rule in rules):
            found["step"] = _either([_before(rule, at, 1) for rule, at in steps]) + r"(\step)"
            break
    found |= {name: before + r"(\value)" for name, before, _ in _values(rules, lines)}
    return {"output-scalars": found}


def _katib(rules: Sequence[Rule], lines: list[tuple[int, str]]) -> dict[str, Any]:
    """Filters of two groups, the name as printed and the value."""
    found: dict[str, None] = {}
    for places in _places(rules).values():
        if (number := _number(places)) is None:
            continue
        for rule, at in places:
            words = _WORDS.search(rule.pieces[at])
            if words and ANY not in words[0]:
                tail = f"({escaped(words[1])}){escaped(words[2])}({number})"
                front = escaped(words[0])

                def pattern(
                    level: int, tail: str = tail, front: str = front, place: tuple[Rule, int] = (rule, at)
                ) -> str:
                    before = _before(*place, level)
                    return (before.removesuffix(front) if level and before.endswith(front) else "") + tail

                found[_best(pattern, [(rule, at)] if len(places) > 1 else places, lines)] = None
    return {"source": {"filter": {"metricsFormat": list(found)}}}
