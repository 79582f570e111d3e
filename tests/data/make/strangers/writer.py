"""The writer of the handwritten logs, with what else strangers print: clocks, bars, curves that fall."""

from __future__ import annotations

import random
from collections.abc import Callable

from data.make.handwritten.writer import Log
from data.make.handwritten.writer import Writer as _Writer

LOGS: dict[str, Callable[[Writer], None]] = {}


class Raw(str):
    """Printed as it is, whatever the spec."""

    def __format__(self, spec: str) -> str:
        return str(self)


OTHERS: dict[str, list[dict[str, list]]] = {}


class Writer(_Writer):
    def finals(self, per: int, *names: str, step: Callable[[int], tuple[float | None, ...]]) -> None:
        """Another truth: of a bar drawn over itself only the last state is kept; `step` of the bar's number."""
        other = dict(self.series)
        for name in names:
            other[name] = [(step(k), value) for k, (_, value) in enumerate(self.series[name][per - 1 :: per])]
        self.others.append(other)

    def acc(self, step: float, top: float = 0.95, half: float = 3.0) -> float:
        """A score that saturates."""
        return top * (step + 0.4) / (step + 0.4 + half) + self.noise.uniform(-0.008, 0.008)

    def fall(self, step: float, first: float, last: float, half: float = 5.0) -> float:
        """A loss from first to last."""
        return last + (first - last) / (1 + step / half) * self.noise.uniform(0.93, 1.07)

    def near(self, value: float, share: float = 0.05) -> float:
        return value * self.noise.uniform(1 - share, 1 + share)

    def int(self, low: int, high: int) -> int:
        return self.noise.randint(low, high)

    def ok(self, *names: str) -> None:
        self.known.update(names)

    def joined(self, first: int, sep: str = "\r") -> None:
        """The lines from `first` on become one, as a carriage return leaves them."""
        self.lines[first:] = [sep.join(self.lines[first:])]


def log(make: Callable[[Writer], None]) -> Callable[[Writer], None]:
    assert make.__name__ not in LOGS
    LOGS[make.__name__] = make
    return make


def written(name: str, seed: int = 0) -> Log:
    writer = Writer(random.Random(f"stranger {name} {seed}"))
    writer.others = []
    LOGS[name](writer)
    OTHERS[name] = writer.others
    return Log(name, "\n".join(writer.lines) + "\n", writer.series, writer.known)


def clock(seconds: float) -> str:
    """hh:mm:ss of a day."""
    s = int(seconds)
    return f"{s // 3600 % 24:02d}:{s // 60 % 60:02d}:{s % 60:02d}"


def mmss(seconds: float) -> str:
    """As tqdm writes it."""
    s = int(seconds)
    return f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}" if s >= 3600 else f"{s // 60:02d}:{s % 60:02d}"


def hms(seconds: float) -> str:
    """As `str(timedelta)` writes it."""
    s = int(seconds)
    return f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}"


def bar(n: int, total: int, rate: float, blocks: int = 10) -> str:
    """tqdm's bar up to the rate, with the bracket left open."""
    cells = n / total * blocks
    full = int(cells)
    part = " ▏▎▍▌▋▊▉"[int((cells - full) * 8)] if full < blocks else ""
    shown = ("█" * full + part).ljust(blocks)
    speed = f"{rate:5.2f}it/s" if rate >= 1 else f"{1 / rate:5.2f}s/it"
    return f"{100 * n / total:3.0f}%|{shown}| {n}/{total} [{mmss(n / rate)}<{mmss((total - n) / rate)}, {speed}"
