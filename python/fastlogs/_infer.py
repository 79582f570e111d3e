"""A format written for a log that none describes: what the generic reader found, as rules with their examples."""

from __future__ import annotations

import io
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from fastlogs import _core
from fastlogs._formats import Format, formats
from fastlogs.errors import NoMetricsFound, UnknownFormat

# Enough to know the line shapes by.
_LINES = 20_000
_RULES = 40
# The numbers that a shorthand NUM takes.
_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:\d+(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?:[KMBT](?![A-Za-z]))?"
    r"|(?<![\w.])[-+]?(?i:nan|inf)(?![A-Za-z])"
)
OTHER = r"(?:[-+]?[0-9.][0-9.,]*(?:[eE][-+]?[0-9]+)?[KMBT]?|[-+]?(?i:nan|inf))"
_PREFIX = re.compile(
    r"(?:\s*(?:\[?\d{4}[-/]\d\d[-/]\d\d[T_ ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:?\d\d)?\]?"
    r"|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?|\[?(?:INFO|DEBUG|WARNING)\]?(?::\w[\w.]*:)?"
    r"|\[[\w./]+\.py:\d+\]|\[rank\d+\]:?|\((?:\w+ )?pid=\d+\)|__main__|root)"
    r"(?:\s*[-:|,]\s|\s|:)?)+"
)
_ANY = r"^(?:.*[\s:|\])])?"
_INK = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# Kinds that a format calls by another word.
_KINDS = {"eval": "val", "dev": "val"}


@dataclass
class Line:
    """A line of the log and what was read of it."""

    text: str
    values: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    step: float | None = None
    epoch: float | None = None


@dataclass
class Rule:
    """A line shape: which of its numbers is what."""

    name: str
    samples: list[Line]
    pieces: list[str]
    # By the number's place in the line.
    roles: dict[int, str]
    kind: str | None
    # What stands before: blanks, or a prefix that no envelope takes off.
    lead: str = r"^\s*"

    def literal(self) -> str:
        """A word that every line of this shape holds: blanks between words may differ."""
        return max((word for piece in self.pieces for word in piece.split()), key=len)

    def regex(self) -> str:
        parts = []
        for at, piece in enumerate(self.pieces):
            parts.append(escaped(piece))
            if at < len(self.pieces) - 1:
                parts.append(self._number(at))
        return f"{self.lead}{''.join(parts)}\\s*$"

    def _number(self, at: int) -> str:
        if (role := self.roles.get(at)) is None:
            return OTHER
        whole = role in ("@step", "@done") and all(_NUMBER.findall(line.text)[at].isdigit() for line in self.samples)
        return f"{{{self.capture(role)}:{'INT' if whole else 'NUM'}}}"

    def capture(self, role: str) -> str:
        if role.startswith("@"):
            return role[1:]
        own = self.own(role)
        return own if re.fullmatch(r"[A-Za-z_]\w*", own, re.ASCII) else f"m{list(self.roles.values()).index(role)}"

    def own(self, role: str) -> str:
        """The name without the kind that the rule puts in front."""
        return role.removeprefix(f"{self.kind}_") if self.kind else role

    def toml(self) -> str:
        names = {self.capture(role): self.own(role) for role in self.metrics()}
        renamed = {capture: name for capture, name in names.items() if capture != name}
        out = [f"[[line]]\nname  = {_text(self.name)}\nregex = {_raw(self.regex())}"]
        if renamed:
            out.append("names = { " + ", ".join(f"{c} = {_text(n)}" for c, n in renamed.items()) + " }")
        if self.kind:
            out.append(f"kind  = {_text(self.kind)}")
        return "\n".join(out) + "\n"

    def metrics(self) -> list[str]:
        return [role for _, role in sorted(self.roles.items()) if not role.startswith("@")]

    def example(self) -> str:
        line = self.samples[0]
        numbers = [_value(m[0]) for m in _NUMBER.finditer(line.text)]
        at = {r[1:]: numbers[k] for k, r in sorted(self.roles.items()) if r.startswith("@")}
        said = [f"{name} = {_printed(value)}" for name, value in at.items()]
        said += [f"kind = {_text(self.kind)}"] if self.kind else []
        row = ", ".join(f"{_text(name)} = {_printed(line.values[name])}" for name in self.metrics())
        context = f"at   = {{ {', '.join(said)} }}\n" if said else ""
        return f"[[example]]\nline = {_text(line.text)}\nis   = {_text(self.name)}\n{context}row  = {{ {row} }}\n"


def written(path: str, head: bytes) -> Format:
    """The format of a log that only the generic reader reads; refuses where no line can be said by a rule.

    >>> lines = [f"step {n} cost {1 / n:.3f}" for n in range(1, 20)]
    >>> written("run.log", "\\n".join(lines).encode()).check()
    []
    """
    found = list(_lines(head))
    wanted = sum(len(line.values) for line in found)
    best = _checked(path, list(_rules(found))[:_RULES])
    if best is None or _read_by(best, head) < 0.9 * wanted:
        led = [replace(rule, lead=_ANY) for rule in list(_rules(found))[:_RULES]]
        best = max((f for f in (best, _checked(path, led)) if f), key=lambda f: _read_by(f, head), default=None)
    if best is None:
        raise UnknownFormat(
            f"no line of {path} could be said by a rule",
            help="the generic reader reads it all the same; docs/formats.md says how to write a format",
        )
    return best


def _read_by(format: Format, head: bytes) -> int:
    """How many values of the log a format reads."""
    options = _core.Options(toml=(format.toml, f"{format.name}.toml"), layout="long", restarts="keep")
    try:
        return sum(len(batch) for batch in _core.open([("", "x", io.BytesIO(head))], options))
    except NoMetricsFound:
        return 0


def _checked(path: str, rules: list[Rule]) -> Format | None:
    """The format of those rules that pass its checks together."""
    name = _name(path)
    while rules:
        toml = _toml(name, path, rules)
        problems = _core.check_format(toml, f"{name}.toml")
        if not problems:
            return Format(name, f"learned from {Path(path).name}", toml)
        rules = _without(rules, toml, problems)
    return None


def rules_of(head: bytes) -> list[Rule]:
    """The line shapes found, for those who write them down in another way."""
    return list(_rules(list(_lines(head))))[:_RULES]


def _name(path: str) -> str:
    stem = re.sub(r"\W+", "_", Path(path).stem, flags=re.ASCII).strip("_").lower() or "log"
    taken = {f.name for f in formats()} | {"generic"}
    return f"{stem}_log" if stem in taken or stem[0].isdigit() else stem


def _toml(name: str, path: str, rules: list[Rule]) -> str:
    about = f"learned from {Path(path).name}"
    needs = ", ".join(dict.fromkeys(_text(rule.literal()) for rule in rules))
    head = f"name  = {_text(name)}\nabout = {_text(about)}\nneeds = [{needs}]\n"
    return "\n".join([head, *(rule.toml() for rule in rules), *(rule.example() for rule in rules)])


def _without(rules: list[Rule], toml: str, problems: list[str]) -> list[Rule]:
    """The rules but one that has a problem: a shape that two rules claim loses the rarer."""
    lines = toml.splitlines()
    bad = set()
    for problem in problems:
        if found := re.search(r"\.toml:(\d+)", problem):
            below = lines[int(found[1]) - 1 :]
            bad |= {m[1] for line in below[:3] if (m := re.match(r'(?:is   |name  )= "(.*)"', line))}
    guilty = [rule for rule in rules if rule.name in bad] or rules[-1:]
    worst = min(guilty, key=lambda rule: len(rule.samples))
    if len(worst.samples) > 1 and len(guilty) == 1 and len({s.text for s in worst.samples}) > 1:
        worst.samples = worst.samples[1:4]
        return rules
    return [rule for rule in rules if rule is not worst]


def _lines(head: bytes) -> Iterator[Line]:
    """The lines of which the generic reader reads values."""
    import polars as pl

    opened = _core.open([("", "x", io.BytesIO(head))], _core.Options(format="generic", layout="long", restarts="keep"))
    rows: dict[int, Line] = {}
    for row in pl.DataFrame(opened).iter_rows(named=True):
        if row["value"] is None or len(rows) > _LINES:
            continue
        if (line := rows.get(row["offset"])) is None:
            end = re.compile(rb"[\r\n]|$").search(head, row["offset"])
            text = head[row["offset"] : end.start() if end else None].decode("utf-8", "replace")
            text = _INK.sub("", text)
            line = rows[row["offset"]] = Line(text[(m.end() if (m := _PREFIX.match(text)) else 0) :].strip())
        line.values[row["metric"]] = row["value"]
        line.kinds[row["metric"]] = row["kind"]
        line.step, line.epoch = row["step"], row.get("epoch")
    yield from rows.values()


def _rules(lines: list[Line]) -> Iterator[Rule]:
    """One rule a shape, the commonest first."""
    shapes: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in lines:
        shapes[tuple(re.sub(r"\s+", " ", piece) for piece in _NUMBER.split(line.text))].append(line)
    names: set[str] = set()
    for pieces, group in sorted(shapes.items(), key=lambda shape: -len(shape[1])):
        kept = [line for line in group if line.values.keys() == group[0].values.keys()]
        roles = _roles(kept)
        metrics = [role for role in roles.values() if not role.startswith("@")]
        if not metrics or not any(c.isalpha() for c in "".join(pieces)):
            continue
        kinds = {kept[0].kinds[m] for m in metrics}
        kind = kinds.pop() if len(kinds) == 1 else "train"
        name = _rule_name(metrics, names)
        names.add(name)
        yield Rule(name, kept[:20], list(pieces), roles, None if kind == "train" else _KINDS.get(kind, kind))


def _rule_name(metrics: list[str], taken: set[str]) -> str:
    stem = re.sub(r"\W+", "_", metrics[0], flags=re.ASCII).strip("_") or "line"
    return next(name for k in range(1, len(taken) + 2) if (name := stem if k == 1 else f"{stem}_{k}") not in taken)


def _roles(lines: list[Line]) -> dict[int, str]:
    """Which number of the line is which metric, step or epoch: the one that is it in every line."""
    numbers = [[_value(m[0]) for m in _NUMBER.finditer(line.text)] for line in lines[:50]]
    width = len(numbers[0])
    roles: dict[int, str] = {}

    def claim(role: str, wanted: list[float | None]) -> None:
        for at in range(width):
            if at not in roles and all(
                w is not None and _same(row[at], w) for row, w in zip(numbers, wanted, strict=True)
            ):
                roles[at] = role
                return

    sample = lines[:50]
    moving = len({line.step for line in sample}) > 1 or len(sample) == 1
    batch = [line.values.get("batch") for line in sample]
    if None not in batch:
        claim("@epoch", [line.epoch for line in sample])
        claim("@done", batch)
    elif moving and not all(line.epoch is not None and line.epoch == line.step for line in sample):
        claim("@step", [line.step for line in sample])
    claim("@epoch", [line.epoch for line in sample])
    for metric in lines[0].values:
        if metric not in ("batch", "epoch_"):
            claim(metric, [line.values[metric] for line in sample])
    return dict(sorted(roles.items()))


def _value(text: str) -> float:
    scale = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}.get(text[-1:], 1.0)
    return float(text.rstrip("KMBT").replace(",", "")) * scale


def _same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or a == b or math.isclose(a, b, rel_tol=1e-12)


def escaped(piece: str) -> str:
    """The literal text of a pattern; blanks match any number of them."""
    return re.sub(r"\s+", r"\\s+", re.sub(r"([\\.^$|?*+()\[\]{}])", r"\\\1", piece)) if piece else ""


def _printed(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        return str(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _raw(value: str) -> str:
    return f"'''{value}'''" if "'''" not in value and not value.endswith("'") else _text(value)
