"""What a caller gives as a pattern, as the (name, regex, types) triples the engine compiles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from fastlogs._grok import expand, is_grok
from fastlogs.errors import PatternError

Triple: TypeAlias = tuple[str, str, list[tuple[str, str]]]

_FLAGS = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s", re.VERBOSE: "x"}
NAMED = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")
_WRAPPERS = ("source", "filter", "metricsFormat", "output-scalars", "MetricDefinitions", "metric_definitions")
# Guild's words for what a group is.
_ALIASES = {
    r"(\step)": "(?P<step>[0-9]+)",
    r"(\value)": r"([-+]?(?:[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?|nan|inf))",
    r"(\key)": r"([^ \t:=]+)",
}
_TYPES = {"int": "int", "float": "float", "str": "str", "datetime": "datetime"}


def triples(given: Any) -> list[Triple]:
    """One triple a pattern; a name in a dict labels the rows' kind, or the one unnamed group of its regex."""
    found = list(_each("", given))
    if not found:
        raise PatternError("wanted at least one pattern, found none")
    return found


def alone(given: Any) -> bool:
    """Whether each pattern reads one value by a group without a name, so that a line may hold several of them."""
    if isinstance(given, str | re.Pattern):
        return not NAMED.search(_source(given)) and not is_grok(_source(given))
    if _is_pair(given):
        return False
    if isinstance(given, Mapping):
        definition = _definition(given)
        return alone(definition[1]) if definition else all(alone(value) for value in given.values())
    return isinstance(given, Iterable) and all(alone(value) for value in given)


def _each(name: str, given: Any) -> Iterable[Triple]:
    if isinstance(given, str | re.Pattern):
        yield _triple(name, given, {})
    elif _is_pair(given):
        yield _triple(name, given[0], given[1])
    elif isinstance(given, Mapping) and _inner(given) is not None:
        yield from _each(name, _inner(given))
    elif isinstance(given, Mapping) and "patterns" in given and "pattern_definitions" in given:
        for pattern in given["patterns"]:
            yield _triple(name, *expand(pattern, given["pattern_definitions"]))
    elif isinstance(given, Mapping) and _definition(given):
        title, regex = _definition(given)
        yield _triple(title, regex, {})
    elif isinstance(given, Mapping):
        for key, value in given.items():
            yield from _each(str(key), value)
    elif isinstance(given, Iterable) and not isinstance(given, bytes):
        for value in given:
            yield from _each(name, value)
    else:
        raise PatternError(f"wanted a regex with named groups, found {type(given).__name__}")


def _is_pair(given: Any) -> bool:
    """(regex, {group: type})"""
    return (
        isinstance(given, tuple)
        and len(given) == 2
        and isinstance(given[0], str | re.Pattern)
        and isinstance(given[1], Mapping)
    )


def _definition(given: Mapping[Any, Any]) -> tuple[str, str]:
    """SageMaker's {"Name": ..., "Regex": ...}, in either case; else nothing."""
    keys = {str(k).lower(): v for k, v in given.items()}
    if set(keys) == {"name", "regex"} and all(isinstance(v, str) for v in keys.values()):
        return keys["name"], keys["regex"]
    return ()  # type: ignore[return-value]


def _inner(given: Mapping[Any, Any]) -> Any:
    """What Katib, SageMaker and Guild wrap their patterns in; else nothing."""
    if len(given) != 1:
        return None
    ((key, value),) = given.items()
    return value if key in _WRAPPERS else None


def _triple(name: str, regex: str | re.Pattern[Any], types: Mapping[str, Any]) -> Triple:
    text = _source(regex)
    if is_grok(text):
        text, found = expand(text)
        types = {**found, **types}
    for alias, written in _ALIASES.items():
        text = text.replace(alias, written)
    if not NAMED.search(text):
        text, name = _filter(text, name)
    groups = NAMED.findall(text)
    if not groups:
        text, groups, name = _name_the_group(text, name)
    hints = [(group, _type(group, kind)) for group, kind in types.items()]
    if unknown := [group for group, _ in hints if group not in groups]:
        raise PatternError(f"no group '{unknown[0]}' in the pattern {text!r}", help=f"it has {', '.join(groups)}")
    return name, text, hints


def _source(regex: str | re.Pattern[Any]) -> str:
    """The text of a regex, with the flags of a compiled one in front."""
    if isinstance(regex, str):
        return regex
    text = regex.pattern if isinstance(regex.pattern, str) else regex.pattern.decode()
    flags = "".join(letter for flag, letter in _FLAGS.items() if regex.flags & flag)
    return f"(?{flags}){text}" if flags else text


def _name_the_group(text: str, name: str) -> tuple[str, list[str], str]:
    """`{"loss": "loss: ([0-9.]+)"}`: the name is the one group's, not the kind's."""
    at = _first_group(text)
    group = re.sub(r"\W+", "_", name).strip("_")
    if at is None or not group:
        raise PatternError(
            f"the pattern {text!r} has no named group",
            help="name what you want to read: (?P<loss>[0-9.]+)",
        )
    group = f"_{group}" if group[0].isdigit() else group
    return f"{text[:at]}(?P<{group}>{text[at + 1 :]}", [group], ""


def _filter(text: str, name: str) -> tuple[str, str]:
    """Katib's `(loss)=([0-9.]+)`: the first group is the name of the second."""
    at = _groups(text)
    if len(at) < 2 or name:
        return text, name
    end = text.find(")", at[0])
    printed = text[at[0] + 1 : end].replace("\\s+", " ").replace("\\", "")
    if not re.fullmatch(r"[\w ./@-]+", printed):
        raise PatternError(
            f"the filter {text!r} names its metrics by what it finds",
            help="write a filter a metric: (loss)=([0-9.]+)",
        )
    return f"{text[: at[0]]}(?:{text[at[0] + 1 : at[1]]}({text[at[1] + 1 :]}", printed


def _first_group(text: str) -> int | None:
    """Where the first capturing parenthesis is."""
    return next(iter(_groups(text)), None)


def _groups(text: str) -> list[int]:
    """Where capturing parentheses are, outside classes and escapes."""
    found = []
    inside = False
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 1
        elif inside:
            inside = char != "]"
        elif char == "[":
            inside = True
        elif char == "(" and text[at + 1 : at + 2] != "?":
            found.append(at)
        at += 1
    return found


def _type(group: str, kind: Any) -> str:
    word = kind if isinstance(kind, str) else getattr(kind, "__name__", "")
    if word not in _TYPES:
        raise PatternError(f"wanted int, float, str or datetime for group '{group}', found {kind!r}")
    return _TYPES[word]
