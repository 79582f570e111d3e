"""A format written for a log: rules for what detection reads of it, with lines of the log as their examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastlogs._formats import GENERIC, Format, formats
from fastlogs._infer.rules import Rule
from fastlogs._infer.settle import settled
from fastlogs._infer.signs import signed
from fastlogs._infer.states import state_rules
from fastlogs._infer.unsaid import Reading, reading, unsaid
from fastlogs._shapes import Line, bare, by_shape, others, text_at, whole
from fastlogs.errors import UnknownFormat

# Enough to know the line shapes by.
_LINES = 20_000
_RULES = 40
_ANY_LEAD = r"^(?:.*[\s:|\])])?"
_BLANK_LEAD = r"^\s*"


@dataclass(frozen=True)
class Way:
    """One way to write a log's lines down; several are tried, and what reads most is kept."""

    text: Callable[[str], str]
    lead: str
    # Whether the number behind a slash is the total that a counter runs to.
    totals: bool


_WAYS = tuple(
    Way(text, lead, totals)
    for text, lead in ((bare, _BLANK_LEAD), (whole, _BLANK_LEAD), (bare, _ANY_LEAD))
    for totals in (True, False)
)


def written(path: str, head: bytes) -> Format:
    """The format of a log, which reads it as detection does; what it cannot say stands above it as comments.

    Of the catalogue, where that reads all; else with rules for the other lines; else with rules of its own; else, for
    tables and what no rule can say, a sign to know the log by. Refuses a log that measures nothing.

    >>> lines = [f"step {n} cost {1 / n:.3f}" for n in range(1, 20)]
    >>> written("run.log", "\\n".join(lines).encode()).check()
    []
    """
    wanted = reading(head)
    best: tuple[int, Format, Reading] | None = None
    for format in _tried(path, head, wanted):
        found = reading(head, toml=(format.toml, f"{format.name}.toml"))
        score = 2 * wanted.same(found) - found.measures()
        if score == wanted.measures() and not unsaid(wanted, found):
            return format if _has_rules(format) or best is None else _explained(format, wanted, best[2])
        if best is None or score > best[0]:
            best = (score, format, found)
    if best is None or best[0] <= -best[2].measures():
        raise UnknownFormat(
            f"no line of {path} could be said by a rule",
            help="the generic reader reads it all the same; docs/formats.md says how to write a format",
        )
    return _confessed(best[1], wanted, best[2])


def _tried(path: str, head: bytes, wanted: Reading) -> Iterator[Format]:
    """The formats worth trying, the plainest first."""
    known = {f.name: f for f in formats()}
    named = [known[part] for part in wanted.format.split(" + ") if part in known]
    yield from named[:1]
    lines = list(_lines(head, wanted))
    if named and not _has_rules(named[0]):
        return
    if named:
        yield from _extended(named[0], head, wanted, lines)
    name, about = _name(path), f"learned from {Path(path).name}"
    for way in _WAYS:
        if found := settled(name, about, _rules(head, lines, wanted, way)):
            yield found
    if GENERIC in wanted.format:
        yield from signed(name, about, head, [line.text for line in lines])


def _extended(base: Format, head: bytes, wanted: Reading, lines: list[Line]) -> Iterator[Format]:
    """A format of the catalogue with rules for the lines that it leaves."""
    read = reading(head, format=base.name).rows
    taken = set(read["offset"]) if "offset" in read.columns else set()
    left = [line for line in lines if line.offset not in taken]
    for way in _WAYS:
        if found := settled(base.name, base.about, _rules(head, left, wanted, way), base=base):
            yield found


def _has_rules(format: Format) -> bool:
    return "[[line]]" in format.toml


def _confessed(format: Format, wanted: Reading, found: Reading) -> Format:
    """The format with what it cannot say above it."""
    lost = unsaid(wanted, found)
    by = f" ({wanted.format} reads them)" if " + " in wanted.format else ""
    head = "".join(f"# not said by these rules{by}: {line}\n" for line in lost)
    return replace(format, toml=head + format.toml)


def _explained(format: Format, wanted: Reading, found: Reading) -> Format:
    """A format known by its sign, with why it has no rules above it."""
    head = "".join(f"# rules would not say: {line}\n" for line in unsaid(wanted, found))
    return replace(format, toml=head + format.toml)


def confessions(format: Format) -> list[str]:
    """What a written format says that it cannot say."""
    return [line.split(": ", 1)[1] for line in format.toml.splitlines() if line.startswith("# not said")]


def rules_of(head: bytes) -> list[Rule]:
    """The line shapes found, for those who write them down in another way."""
    wanted = reading(head)
    return _rules(head, list(_lines(head, wanted)), wanted, _WAYS[0])


def _name(path: str) -> str:
    stem = re.sub(r"\W+", "_", Path(path).stem, flags=re.ASCII).strip("_").lower() or "log"
    taken = {f.name for f in formats()} | {GENERIC}
    return f"{stem}_log" if stem in taken or stem[0].isdigit() else stem


def _lines(head: bytes, wanted: Reading) -> Iterator[Line]:
    """The lines of which values are read."""
    rows: dict[int, Line] = {}
    for row in wanted.rows.iter_rows(named=True):
        if row["value"] is None or row["offset"] is None or len(rows) > _LINES:
            continue
        if (line := rows.get(row["offset"])) is None:
            line = rows[row["offset"]] = Line(text_at(head, row["offset"]), row["offset"])
            line.stamped = row.get("wall_time") is not None
            names = ("step", "epoch", "rank", "elapsed")
            line.context = {name: row[name] for name in names if row.get(name) is not None}
        line.values[row["metric"]] = row["value"]
        line.kinds[row["metric"]] = row["kind"]
    yield from rows.values()


def _rules(head: bytes, lines: Sequence[Line], wanted: Reading, way: Way) -> list[Rule]:
    """One rule a shape, the commonest first, and those of the lines that lend them their epoch or step."""
    lines = [replace(line, text=way.text(line.text)).cut() for line in lines]
    several = len({line.context.get("rank") for line in lines}) > 1
    rules: list[Rule] = []
    for group in by_shape(lines, of=lambda line: tuple(line.values)):
        if rule := _rule(group, {rule.name for rule in rules}, wanted.units, way, several):
            rules.append(rule)
    if not rules:
        return []
    left = (Line(way.text(text), at).cut() for at, text in others(head, {line.offset for line in lines}))
    return rules[:_RULES] + state_rules(rules, (line for line in left if line.tokens), way.lead)


def _rule(group: list[Line], names: set[str], units: dict[str, str], way: Way, several: bool) -> Rule | None:
    roles = _roles(group, way.totals, several)
    metrics = [role for role in roles.values() if not role.startswith("@")]
    if not metrics or not any(c.isalpha() for c in "".join(group[0].pieces)):
        return None
    kinds = {group[0].kinds[name] for name in metrics}
    kind = kinds.pop() if len(kinds) == 1 else "train"
    name = _rule_name(metrics, names)
    own = {metric: units[metric] for metric in metrics if metric in units}
    return Rule(name, group, group[0].pieces, roles, None if kind == "train" else kind, own, way.lead)


def _rule_name(metrics: list[str], taken: set[str]) -> str:
    stem = re.sub(r"\W+", "_", metrics[0], flags=re.ASCII).strip("_") or "line"
    return next(name for k in range(1, len(taken) + 2) if (name := stem if k == 1 else f"{stem}_{k}") not in taken)


def _roles(lines: list[Line], totals: bool, several: bool) -> dict[int, str]:
    """Which number of the line is which metric, step or epoch: the one that is it in every line."""
    sample = lines[:50]
    width = len(sample[0].tokens)
    roles: dict[int, str] = {}

    def claim(role: str, wanted: list[float | None]) -> None:
        for at in range(width):
            if at not in roles and all(
                w is not None and any(_same(v, w) for v in line.tokens[at].values)
                for line, w in zip(sample, wanted, strict=True)
            ):
                roles[at] = role
                if totals and role in _TOTALS and at + 1 < width and _is_total(sample[0].pieces[at + 1]):
                    roles[at + 1] = _TOTALS[role]
                return

    def of(name: str) -> list[float | None]:
        return [line.context.get(name) for line in sample]

    _claim_stamp(sample, roles)
    if several:
        claim("@rank", of("rank"))
    moving = len({line.context.get("step") for line in sample}) > 1 or len(sample) == 1
    batch = [line.values.get("batch") for line in sample]
    if None not in batch:
        claim("@epoch", of("epoch"))
        claim("@done", batch)
    elif moving and not all(e is not None and e == s for e, s in zip(of("epoch"), of("step"), strict=True)):
        claim("@step", of("step"))
    claim("@epoch", of("epoch"))
    for metric in sample[0].values:
        if metric not in ("batch", "epoch_"):
            claim(metric, [line.values[metric] for line in sample])
    if any(token.kind == "clock" for token in sample[0].tokens):
        claim("@elapsed", of("elapsed"))
    return dict(sorted(roles.items()))


_TOTALS = {"@done": "@all", "@epoch": "@epochs"}


def _is_total(piece: str) -> bool:
    return piece.strip() in ("/", "of", "out of")


def _claim_stamp(sample: list[Line], roles: dict[int, str]) -> None:
    if sample[0].stamped:
        stamps = [at for at, token in enumerate(sample[0].tokens) if token.kind == "time"]
        roles.update(dict.fromkeys(stamps[:1], "@wall_time"))


def _same(a: float, b: float) -> bool:
    return a == b or abs(a - b) <= 1e-12 * max(abs(a), abs(b)) or (a != a and b != b)
