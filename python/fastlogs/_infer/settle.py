"""A format file of rules that passes its checks: its examples say what the checks find, and a rule that fails goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fastlogs import _core
from fastlogs._formats import Format
from fastlogs._infer.rules import Example, Rule, quoted

_PLACE = re.compile(r"\.toml:(\d+)")
_NEEDS = re.compile(r"^needs\s*=\s*\[(.*?)\]", re.MULTILINE | re.DOTALL)
_WANTED = re.compile(r"error: (at|row): wanted (\S+) = .*, found (.+)$", re.MULTILINE)
_MORE = re.compile(r"error: (at|row): (\S+) = (.+) is not in the example", re.MULTILINE)
_CLAIMS = re.compile(r"claimed by (?:\d+ rules: |rule ')([\w ]+)")
_REJECT = re.compile(r"^\[\[reject\]\]\n.*?(?=^\[\[|\Z)", re.MULTILINE | re.DOTALL)
_ROWS = re.compile(r"error: an example wants \d+ rows, found (\d+)")
# A row has so many values, at most, that an example may have to be corrected in.
_CORRECTIONS = 400


@dataclass
class Draft:
    """A format file being written: its head, and the rules and examples below it."""

    name: str
    head: str
    rules: list[Rule] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)

    def toml(self) -> str:
        parts = [rule.toml() for rule in self.rules] + [example.toml() for example in self.examples]
        return "\n".join([self.head, *parts])

    def problems(self) -> list[str]:
        return _core.check_format(self.toml(), f"{self.name}.toml")

    def at(self, problem: str) -> Rule | Example | None:
        """The rule or example of which a problem speaks."""
        found = _PLACE.search(problem)
        line = int(found[1]) if found else 0
        begins = self.head.count("\n") + 2
        parts: list[Rule | Example] = [*self.rules, *self.examples]
        for part in parts:
            ends = begins + part.toml().count("\n") + 1
            if begins <= line < ends:
                return part
            begins = ends
        return None


def settled(name: str, about: str, rules: Sequence[Rule], base: Format | None = None) -> Format | None:
    """The format of those rules that pass its checks together, below those of another format if one is given."""
    rules = list(rules)
    while any(not rule.carries for rule in rules):
        draft = _draft(name, about, rules, base)
        problems = corrected(draft)
        if not problems:
            return Format(name, about, draft.toml())
        if base and any("a rejected line" in problem for problem in problems):
            # What the format passes over on purpose is read all the same where nothing else reads the log.
            base = replace(base, toml=_REJECT.sub("", base.toml))
        elif not _without(rules, draft, problems):
            return None
    return None


def _draft(name: str, about: str, rules: list[Rule], base: Format | None) -> Draft:
    needs = list(dict.fromkeys(quoted(rule.literal()) for rule in rules))
    if base is None:
        head = f"name  = {quoted(name)}\nabout = {quoted(about)}\nneeds = [{', '.join(needs)}]\n"
    else:
        head = _NEEDS.sub(lambda m: f"needs = [{', '.join([m[1].strip().rstrip(','), *needs])}]", base.toml, count=1)
        taken = set(re.findall(r'^name\s*=\s*"(.*)"', head, re.MULTILINE))
        for rule in rules:
            rule.name = next(n for k in range(99) if (n := rule.name + "_" * k) not in taken)
    return Draft(name, head, rules, [rule.example() for rule in rules])


def corrected(draft: Draft) -> list[str]:
    """Lets the examples say what the checks find of them; what is wrong beside that."""
    for _ in range(_CORRECTIONS):
        problems = draft.problems()
        corrections = [
            _correct(part, problem) for problem in problems if isinstance(part := draft.at(problem), Example)
        ]
        if not any(corrections):
            break
    return problems


def _correct(example: Example, problem: str) -> bool:
    if found := _ROWS.search(problem):
        example.rows = int(found[1])
        return example.rows > 0
    if found := _WANTED.search(problem):
        which = example.at if found[1] == "at" else example.row
        if found[3] == "nothing":
            del which[found[2]]
        else:
            which[found[2]] = _value(found[3])
        return True
    if found := _MORE.search(problem):
        (example.at if found[1] == "at" else example.row)[found[2]] = _value(found[3])
        return True
    return False


def _value(text: str) -> float | str:
    return text[1:-1] if text.startswith("'") else float(text)


def _without(rules: list[Rule], draft: Draft, problems: list[str]) -> bool:
    """Takes away one rule that has a problem, or shows it by another line; whether there was one."""
    names: set[str] = set()
    for problem in problems:
        part, claims = draft.at(problem), _CLAIMS.search(problem)
        if part:
            names.add(part.name if isinstance(part, Rule) else part.rule)
        elif claims:
            names.update(claims[1].split())
    guilty = [rule for rule in rules if rule.name in names] or rules[-1:]
    if not guilty:
        return False
    worst = min(guilty, key=lambda rule: len(rule.lines))
    again = next((k for k in range(worst.shown + 1, min(4, len(worst.lines)))), None)
    if len(guilty) == 1 and again is not None and worst.lines[again].text != worst.lines[worst.shown].text:
        worst.shown = again
    else:
        rules.remove(worst)
    return True
