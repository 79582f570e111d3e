"""Rules and examples as a format file writes them, for line shapes whose numbers are known."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field

from fastlogs._shapes import ANY, OTHER, Line, escaped

_CLOCK = "[0-9]+(?::[0-9]+)+(?:[.,][0-9]+)?"
_STAMP = r"[0-9/-]+[T_ ][0-9:.,]+(?:Z|[-+][0-9:]+)?"
# Groups that a rule takes for something else than a metric.
_TAKEN = {
    *("step", "epoch", "epochs", "done", "batch", "all", "total", "wall_time", "elapsed", "rank", "kind"),
    *("pairs", "payload", "metric", "value", "unit"),
}
_RESERVED = {*_TAKEN.intersection(("step", "epoch", "rank", "wall_time", "elapsed", "kind", "metric", "value"))}
_RESERVED |= {"run", "attempt", "text", "offset"}
WHOLE = ("@step", "@done", "@all", "@rank")


@dataclass
class Example:
    """Lines that a rule claims, and what the row must be."""

    text: str
    rule: str
    at: dict[str, float | str] = field(default_factory=dict)
    row: dict[str, float | str] = field(default_factory=dict)
    rows: int | None = None

    def toml(self) -> str:
        out = [f"[[example]]\nline = {_lines(self.text)}"]
        out += [f"is   = {quoted(self.rule)}"] if self.rule else []
        out += [f"rows = {self.rows}"] if self.rows is not None else []
        out += [f"at   = {_table(self.at)}"] if self.at else []
        out += [f"row  = {_table(self.row)}"] if self.row else []
        return "\n".join(out) + "\n"


@dataclass
class Rule:
    """A line shape: which of its numbers is what."""

    name: str
    lines: list[Line]
    pieces: tuple[str, ...]
    # By the number's place in the line: a metric's name, or a word of context behind an @.
    roles: dict[int, str]
    kind: str | None = None
    units: dict[str, str] = field(default_factory=dict)
    # What stands before: blanks, or a prefix that no envelope takes off.
    lead: str = r"^\s*"
    carries: bool = False
    shown: int = 0

    def literal(self) -> str:
        """A word that every line of this shape holds: blanks between words may differ."""
        words = [word for piece in self.pieces for word in piece.split() if ANY not in word]
        return max(words, key=len, default="")

    def regex(self) -> str:
        parts, left = [], list(self.pieces)
        for at in range(len(left)):
            parts.append(escaped(left[at]))
            if at < len(left) - 1:
                taken, left[at + 1] = self._number(at, left[at + 1])
                parts.append(taken)
        return f"{self.lead}{''.join(parts)}\\s*$"

    def _number(self, at: int, behind: str) -> tuple[str, str]:
        """The pattern of a number, and what is left of the piece behind it."""
        role, kinds = self.roles.get(at), {line.tokens[at].kind for line in self.lines[:50]}
        if role is None:
            other = f"{{_{at}:NUM}}" if kinds == {"number"} else f"(?:{_CLOCK}|{OTHER})"
            return (_STAMP if "time" in kinds else other), behind
        name = self.capture(role)
        if kinds != {"number"}:
            return ("{wall_time:TIME}" if role == "@wall_time" else f"(?P<{name}>{_CLOCK})"), behind
        if role in WHOLE and all(line.tokens[at].text.isdigit() for line in self.lines):
            return f"{{{name}:INT}}", behind
        return self._measured(name, self.units.get(role, ""), behind)

    def _measured(self, name: str, unit: str, behind: str) -> tuple[str, str]:
        rest = behind.lstrip()
        blanks = behind.removesuffix(rest)
        if not unit or not rest.startswith(unit) or rest[len(unit) :][:1].isalnum() or ANY in unit:
            return f"{{{name}:NUM}}", behind
        pattern = f"{{{name}:NUM}}{escaped(blanks)}(?P<{name}_unit>{escaped(unit)})"
        plain = not blanks and re.fullmatch(r"[\w%/]+", unit, re.ASCII)
        return (f"{{{name}:NUM{unit}}}" if plain and unit != "?" else pattern), rest[len(unit) :]

    def capture(self, role: str) -> str:
        if role.startswith("@"):
            return role[1:]
        own = self.printed(role)
        stem = own.rstrip("0123456789")
        plain = re.fullmatch(r"[A-Za-z]\w*", own, re.ASCII) and not own.endswith("_unit")
        return own if plain and not {own, stem} & _TAKEN else f"m{sorted(self.roles.values()).index(role)}"

    def printed(self, role: str) -> str:
        """The name without the kind that the rule puts in front, and without what a reserved one gets behind."""
        own = role.removeprefix(f"{self.kind}_") if self.kind else role
        return own[:-1] if own.endswith("_") and own[:-1] in _RESERVED else own

    def metrics(self) -> list[str]:
        return [role for _, role in sorted(self.roles.items()) if not role.startswith("@")]

    def context(self) -> list[str]:
        return [role[1:] for _, role in sorted(self.roles.items()) if role.startswith("@")]

    def toml(self) -> str:
        renamed = {self.capture(role): self.printed(role) for role in self.metrics()}
        renamed = {capture: name for capture, name in renamed.items() if capture != name}
        out = [f"[[line]]\nname  = {quoted(self.name)}\nregex = {_raw(self.regex())}"]
        if renamed:
            out.append("names = { " + ", ".join(f"{c} = {quoted(n)}" for c, n in renamed.items()) + " }")
        if self.carries:
            out.append(f"carry = {json.dumps(self.context())}")
        elif self.kind:
            out.append(f"kind  = {quoted(self.kind)}")
        return "\n".join(out) + "\n"

    def example(self) -> Example:
        line = self.lines[self.shown]
        at: dict[str, float | str] = {
            role[1:]: _context(line, k) for k, role in sorted(self.roles.items()) if role.startswith("@")
        }
        if self.kind and not self.carries:
            at["kind"] = self.kind
        return Example(line.text, self.name, at, {name: line.values[name] for name in self.metrics()})


def _context(line: Line, at: int) -> float | str:
    token = line.tokens[at]
    return token.values[0] if token.values else token.text


def printed(value: float | str) -> str:
    if isinstance(value, str):
        return quoted(value)
    if math.isnan(value) or math.isinf(value):
        return str(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(values: dict[str, float | str]) -> str:
    names = (name if re.fullmatch(r"[\w-]+", name, re.ASCII) else quoted(name) for name in values)
    said = (f"{name} = {printed(value)}" for name, value in zip(names, values.values(), strict=True))
    return f"{{ {', '.join(said)} }}"


def _lines(text: str) -> str:
    if "\n" not in text:
        return quoted(text)
    return f"'''\n{text}\n'''" if "'''" not in text and "\t" not in text and "\r" not in text else quoted(text)


def _raw(value: str) -> str:
    return f"'''{value}'''" if "'''" not in value and not value.endswith("'") else quoted(value)
