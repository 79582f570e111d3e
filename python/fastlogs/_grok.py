"""Grok patterns, `%{NUMBER:loss:float}`, written out as regular expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastlogs.errors import PatternError

_USE = re.compile(r"%\{(\w+)(?::([\w@.\[\]-]+))?(?::(\w+))?\}")
_DEPTH = 20
_TYPES = {"int": "int", "long": "int", "integer": "int", "float": "float", "double": "float", "string": "str"}
_NUMERIC = {"NUMBER": "float", "BASE10NUM": "float", "INT": "int", "POSINT": "int", "NONNEGINT": "int"}

# Of our own writing: the names that log shippers share, as patterns of linear time.
PATTERNS = {
    "NUMBER": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?i:nan|inf)",
    "BASE10NUM": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "INT": r"[+-]?[0-9]+",
    "POSINT": r"[1-9][0-9]*",
    "NONNEGINT": r"[0-9]+",
    "BASE16NUM": r"[+-]?(?:0x)?[0-9A-Fa-f]+",
    "WORD": r"\w+",
    "NOTSPACE": r"\S+",
    "SPACE": r"\s*",
    "DATA": r".*?",
    "GREEDYDATA": r".*",
    "QUOTEDSTRING": r"\"[^\"]*\"|'[^']*'",
    "QS": r"%{QUOTEDSTRING}",
    "LOGLEVEL": r"(?i:trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|alert|emerg(?:ency)?)",
    "YEAR": r"[0-9]{4}|[0-9]{2}",
    "MONTHNUM": r"0?[1-9]|1[0-2]",
    "MONTHDAY": r"0?[1-9]|[12][0-9]|3[01]",
    "HOUR": r"[01]?[0-9]|2[0-3]",
    "MINUTE": r"[0-5][0-9]",
    "SECOND": r"[0-5]?[0-9]|60",
    "TIME": r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?",
    "ISO8601_TIMEZONE": r"Z|[+-][0-9]{2}:?[0-9]{2}",
    "DATE_ISO8601": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "TIMESTAMP_ISO8601": r"%{DATE_ISO8601}[T ]%{TIME}(?:%{ISO8601_TIMEZONE})?",
    "UUID": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "IP": r"[0-9A-Fa-f:.]+",
    "HOSTNAME": r"[0-9A-Za-z][0-9A-Za-z.-]*",
    "PATH": r"[^\s:]+",
}


def is_grok(text: str) -> bool:
    return _USE.search(text) is not None


def expand(text: str, own: Mapping[str, str] | None = None) -> tuple[str, dict[str, str]]:
    """The regex of a Grok pattern and the types of its groups; `own` are more patterns, by name.

    >>> expand("loss %{INT:step}")
    ('loss (?P<step>[+-]?[0-9]+)', {'step': 'int'})
    """
    types: dict[str, str] = {}
    return _written(text, {**PATTERNS, **(own or {})}, types, 0), types


def _written(text: str, known: Mapping[str, str], types: dict[str, str], depth: int) -> str:
    if depth > _DEPTH:
        raise PatternError(f"the Grok pattern {text!r} is defined by itself")

    def one(found: re.Match[str]) -> str:
        syntax, name, kind = found.groups()
        if syntax not in known:
            raise PatternError(f"no Grok pattern {syntax!r}", help=f"there are {', '.join(sorted(known))}")
        inside = _written(known[syntax], known, types if name is None else {}, depth + 1)
        if name is None:
            return inside if re.fullmatch(r"\\?\w|\[[^]]*\][+*]?", inside) else f"(?:{inside})"
        group = re.sub(r"\W+", "_", name).strip("_")
        if kind is not None and kind not in _TYPES:
            raise PatternError(f"wanted int or float for the Grok field {name!r}, found {kind!r}")
        if guess := _TYPES.get(kind or "", _NUMERIC.get(syntax)):
            types[group] = guess
        return f"(?P<{group}>{inside})"

    return _USE.sub(one, text)
