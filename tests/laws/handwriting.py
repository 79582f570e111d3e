"""How much of the hand-written logs is read: series, steps, junk; `python handwriting.py` prints it (in tests/laws)."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from data.make.handwritten import LOGS, Log, written
from data.make.handwritten.writer import Point
from reading import said

# Words that tell nothing, and those that stand first or last alike.
UNSAID, SPLITS = {"train", "training", "set"}, {"val", "test"}
SPELLINGS = {"valid": "val", "validation": "val", "learningrate": "lr"}


@dataclass
class Score:
    """Of one log."""

    log: Log
    wanted: int
    found: int = 0
    steps: int = 0
    rows: int = 0
    junk: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        complete = self.found == self.wanted == self.steps and self.junk <= 0.1 * self.rows
        return complete if self.wanted else self.rows == 0


def letters(name: str) -> str:
    """What tells a name: its words, of whatever split first; `loss (test)` is `test_loss`, `test set loss` too."""
    found = re.findall(r"[^\W_]+", name.lower().replace("learning_rate", "lr"))
    words = [SPELLINGS.get(word, word) for word in found if word not in UNSAID]
    return "".join(sorted(words, key=lambda word: word not in SPLITS))


def named(found: str, wanted: str) -> bool:
    """The same words; a lesser table may be told by a word before or after."""
    found, wanted = letters(found), letters(wanted)
    return found == wanted or (len(wanted) > 2 and (found.endswith(wanted) or found.startswith(wanted)))


def series_of(text: str, format: str | None) -> dict[str, tuple[list[float], list[float | None], list[float | None]]]:
    """By metric: values, steps, epochs, in file order."""
    out: dict[str, tuple[list[float], list[float | None], list[float | None]]] = {}
    options = {"format": format} if format else {}
    for row in said(text.encode(), **options).iter_rows(named=True):
        if row["value"] is not None:
            values, steps, epochs = out.setdefault(row["metric"], ([], [], []))
            values.append(row["value"])
            steps.append(row["step"])
            epochs.append(row["epoch"])
    return out


def same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9)


def stepped(points: list[Point], got: Iterable[list[float | None]]) -> bool:
    """Whether one of the good steps is that of every point."""
    goods = [
        [good[k] if k < len(good) else good[0] for good, _ in points] for k in range(max(len(g) for g, _ in points))
    ]
    return any(all(w is None or s == w for s, w in zip(steps, want, strict=True)) for steps in got for want in goods)


def score(log: Log, format: str | None = None) -> Score:
    """What `fastlogs` finds of a log, held against what is known of it."""
    out = Score(log, len(log.series))
    series = series_of(log.text, format)
    out.rows = sum(len(values) for values, _, _ in series.values())
    used: set[str] = set()
    for name, points in log.series.items():
        want = [value for _, value in points]
        fits = [
            key
            for key, (values, _, _) in series.items()
            if key not in used and len(values) == len(want) and all(map(same, values, want)) and named(key, name)
        ]
        if not fits:
            near = [(key, len(v[0]), v[0][:2]) for key, v in series.items() if named(key, name)]
            out.misses.append(f"{name}: want {len(want)} {want[:2]}, like-named {near}")
            continue
        best = min(fits, key=lambda key: letters(key) != letters(name))
        used.add(best)
        out.found += 1
        if stepped(points, series[best][1:]):
            out.steps += 1
        else:
            out.misses.append(
                f"{name}: steps want {[p[0] for p in points][:2]} got {series[best][1][:2]}, {series[best][2][:2]}"
            )
    for key, (values, _, _) in series.items():
        if key not in used and not any(named(key, name) for name in log.known):
            out.junk += len(values)
            out.misses.append(f"junk {key}: {len(values)} {values[:2]}")
    return out


@dataclass
class Total:
    """Shares of all logs that measure, and of those that do not."""

    series: float
    steps: float
    right: float
    junk: float
    silent: float


def total(scores: list[Score]) -> Total:
    measuring = [s for s in scores if s.wanted]
    nothing = [s for s in scores if not s.wanted]
    wanted = sum(s.wanted for s in measuring)
    return Total(
        series=sum(s.found for s in measuring) / max(wanted, 1),
        steps=sum(s.steps for s in measuring) / max(wanted, 1),
        right=sum(s.right for s in measuring) / max(len(measuring), 1),
        junk=sum(s.junk / s.rows for s in measuring if s.rows) / max(len(measuring), 1),
        silent=sum(s.rows == 0 for s in nothing) / max(len(nothing), 1),
    )


def main() -> None:
    """Misses of the open half; of the other only totals."""
    format = "generic" if "--generic" in sys.argv else None
    scores = [score(written(name), format) for name in LOGS]
    for s in scores:
        if not s.log.held_out and not s.right:
            print(f"{s.log.name}: {s.found}/{s.wanted} series, {s.steps} steps, junk {s.junk} of {s.rows}")
            print("".join(f"    {miss}\n" for miss in s.misses), end="")
    for name, held in (("open", False), ("held out", True)):
        print(
            f"{name}: {len([s for s in scores if s.log.held_out == held])} logs, {total([s for s in scores if s.log.held_out == held])}"
        )


if __name__ == "__main__":
    main()
