"""Writes a log and, with every number of it, what the number is."""

from __future__ import annotations

import random
import re
import string
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

Point = tuple[tuple[float | None, ...], float]
LOGS: dict[str, Callable[[Writer], None]] = {}


@dataclass
class Log:
    """A text, its series by name (every point: the good steps, the value), and the names that may be there too."""

    name: str
    text: str
    series: dict[str, list[Point]]
    known: set[str]

    @property
    def held_out(self) -> bool:
        """Half of the logs are looked at only in totals."""
        return zlib.crc32(self.name.encode()) % 2 == 1


@dataclass
class Writer:
    """What a printing program has at hand: noise, and lines of which it knows the truth."""

    noise: random.Random
    lines: list[str] = field(default_factory=list)
    series: dict[str, list[Point]] = field(default_factory=dict)
    known: set[str] = field(default_factory=lambda: {"batch", "epoch"})

    def say(self, text: str) -> None:
        """A line that measures nothing."""
        self.lines.append(text)

    def row(self, form: str, step: float | tuple[float | None, ...] | None = None, /, **values: object) -> None:
        """A line of measurements; names that begin with an underscore are context, not metrics."""
        good = step if isinstance(step, tuple) else (step,)
        line = ""
        for literal, name, spec, _ in string.Formatter().parse(form):
            line += literal
            if name is None:
                continue
            shown = format(values[name], spec or "")
            line += shown
            if name.startswith("ok_"):
                self.known.add(name[3:])
            elif not name.startswith("_"):
                self.series.setdefault(name, []).append((good, number(shown)))
        self.lines.append(line)

    def loss(self, step: float) -> float:
        return 0.4 + 3 / (1 + step / 7) + self.noise.random() / 9

    def x(self, low: float = 0.0, high: float = 1.0) -> float:
        return low + (high - low) * self.noise.random()


def number(text: str) -> float:
    """A number as a person reads it: thousands apart, a comma for a point where it can be nothing else."""
    if re.fullmatch(r"[+-]?\d+,\d+", text) and not re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text):
        return float(text.replace(",", "."))
    return float(text.replace(",", "").strip())


def log(make: Callable[[Writer], None]) -> Callable[[Writer], None]:
    LOGS[make.__name__] = make
    return make


def written(name: str, seed: int = 0) -> Log:
    """The log of that name."""
    writer = Writer(random.Random(f"{name} {seed}"))
    LOGS[name](writer)
    text = "\n".join(writer.lines) + "\n"
    return Log(name, text, writer.series, writer.known)
