"""What a read matched and what it left, and how that is said."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

from fastlogs._looks import look_at
from fastlogs.errors import LinesLeft, NoMetricsFound

if TYPE_CHECKING:
    import polars as pl

    from fastlogs import _core

# What LinesLeft counts, and the words for it.
_LOSSES = {
    "near_misses": ("line looks like metrics but did not match", "lines look like metrics but did not match"),
    "bad_values": ("value is no number", "values are no numbers"),
    "clipped": ("line was cut at the length limit", "lines were cut at the length limit"),
    "damaged": ("source is damaged", "sources are damaged"),
    "resumes": ("resume", "resumes"),
    "superseded": ("row was written again by a resume", "rows were written again by a resume"),
    "new_starts": ("new start", "new starts"),
}


@dataclass(frozen=True)
class Coverage:
    """What a read matched and what it left, a source at a time in `sources`."""

    sources: tuple[_core.Coverage, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Everything that was left or changed, by name; zeros too."""
        if len(self.sources) == 1:
            return _counts(self.sources[0])
        total = dict.fromkeys([*_LOSSES, "repeated", "unfinished", "converted", "recoded", "holes"], 0)
        for source in self.sources:
            for name, count in _counts(source).items():
                total[name] += count
        return total

    @property
    def rows(self) -> int:
        return sum(s.rows for s in self.sources)

    @property
    def lines(self) -> int:
        return sum(s.lines for s in self.sources)

    @property
    def table(self) -> pl.DataFrame:
        """A row a source."""
        import polars as pl

        return pl.DataFrame(
            [
                {"source": s.source, "format": s.format, "encoding": s.encoding, "codec": s.codec, "bytes": s.bytes}
                | {"lines": s.lines, "rows": s.rows, "step": s.step}
                | _counts(s)
                for s in self.sources
            ]
        )

    def _left(self) -> dict[str, int]:
        """What a caller should hear of."""
        return {name: count for name, count in self.counts.items() if name in _LOSSES and count}

    def words(self) -> list[str]:
        """One line a fact, for people."""
        said = [fact for source in self.sources for fact in _facts(source)]
        return [*said, *(say(name, count) for name, count in self._left().items())]

    def __repr__(self) -> str:
        return "\n".join(line if len(line) <= 80 else line[:77] + "..." for line in self.words())

    def _repr_html_(self) -> str:
        from html import escape

        return "<pre>" + escape("\n".join(self.words())) + "</pre>"


def _counts(source: _core.Coverage) -> dict[str, int]:
    return {
        "near_misses": source.near_misses[0],
        "bad_values": source.bad_values[0],
        "clipped": source.clipped[0],
        "damaged": int(bool(source.damage)),
        "resumes": source.resumes,
        "superseded": source.superseded,
        "new_starts": source.new_starts,
        "repeated": source.repeated,
        "unfinished": source.unfinished,
        "converted": source.converted,
        "recoded": source.recoded,
        "holes": source.holes,
    }


def _facts(source: _core.Coverage) -> list[str]:
    form = source.format or "not recognised"
    bits = [form, source.encoding, source.codec if source.codec not in ("", "none", "plain") else ""]
    matched = sum(lines for _, lines in source.rules)
    facts = [f"{source.source}: {', '.join(b for b in bits if b)}"]
    # A bar that is drawn again and again in one line is matched each time.
    lines = (
        f"{matched:,} of {source.lines:,}" if matched <= source.lines else f"{matched:,} drawings in {source.lines:,}"
    )
    facts.append(f"  {_plural(source.rows, 'row')} from {lines} lines, step: {source.step}")
    claimed = [f"{shorten(rule, 60, placeholder=' ...')} {lines:,}" for rule, lines in source.rules if lines]
    if claimed:
        facts.append(f"  rules: {', '.join(claimed[:8])}{' ...' if len(claimed) > 8 else ''}")
    for name, (count, samples) in (("near miss", source.near_misses), ("bad value", source.bad_values)):
        facts += [f"  {name} at byte {offset}: {text.strip()}" for offset, text in samples[:3] if count]
    if source.twins:
        facts.append(f"  the same as in another file of the run, counted once: {', '.join(source.twins[:8])}")
    if source.damage:
        facts.append(f"  damaged: {source.damage}")
    return facts


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def say(name: str, count: int) -> str:
    """One count of `Coverage.counts` in words."""
    one, many = _LOSSES[name]
    return f"{count:,} {one if count == 1 else many}"


def warn(coverage: Coverage, label: str, *, strict: bool, level: int) -> None:
    """Says once what was left; raises it when the caller is strict."""
    left = coverage._left()
    if not left:
        return
    said = ", ".join(say(name, count) for name, count in left.items())
    message = f"{label}: {said}; fastlogs.load({label!r}).coverage shows them"
    if strict:
        raise LinesLeft(message, left)
    warnings.warn(LinesLeft(message, left), stacklevel=level + 1)


# How coverage marks a format that is known by name and has no reader.
UNREAD = " (not read yet)"


def nothing_found(sources: Sequence[_core.Coverage], label: str) -> NoMetricsFound:
    """The error for a source without metrics: what its lines look like, and what to type."""
    lines = sum(s.lines for s in sources)
    shapes = [text for s in sources for _, text in s.shapes][:3]
    damage = "; ".join(s.damage for s in sources if s.damage)
    unread = sorted({s.format.removesuffix(UNREAD) for s in sources if s.format.endswith(UNREAD)})
    counted = f" ({lines:,} lines)" if lines else ""
    looks = next(filter(None, (look_at(s.source) for s in sources)), "")
    told = (f", which looks like {looks}" if looks else "") + (f": {damage}" if damage else "")
    found = f"no metrics found in {label}{counted}{told}"
    if sources and not any(s.bytes for s in sources) and not damage:
        return NoMetricsFound(f"{found}: it is empty", help="was anything written yet?", path=label)
    if unread and not shapes:
        what = f"{found}: a {' and a '.join(unread)}, which is not read yet"
        return NoMetricsFound(what, help="export it as csv or JSON lines, or read the text log beside it", path=label)
    if not shapes:
        # Of records it is known what they are.
        held = ", ".join(f"{rule} {n:,}" for s in sources if s.encoding == "binary" for rule, n in s.rules if n)
        return NoMetricsFound(
            f"{found}: it holds {held}" if held else found,
            help="is it the right file? pattern= reads a log that nothing recognises",
            path=label,
        )
    common = "\n".join(f"    {shape.strip()[:100]}" for shape in shapes)
    return NoMetricsFound(f"{found}; its commonest lines:\n{common}", help=suggestion(shapes), path=label)


# A word, what stands between, a number.
_PAIR = re.compile(r"([A-Za-z_][\w./]*)([^\w\s]{0,2}\s{0,3})([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)")


def suggestion(lines: Sequence[str]) -> str:
    r"""What to type for lines like these: a pattern that takes the numbers after words.

    >>> print(suggestion(["cost<2.5>"]))
    name what to read: fastlogs.read(path, pattern=r'cost<(?P<cost>[\d.eE+-]+)'), or -p in the shell
    """
    pattern = next((p for p in map(_pattern, lines) if p), r"step (?P<step>\d+) loss (?P<loss>\S+)")
    return f"name what to read: fastlogs.read(path, pattern=r'{pattern}'), or -p in the shell"


def _pattern(line: str) -> str:
    """A regex for the first few named numbers of a line; nothing when it has none."""
    parts: list[str] = []
    names, at = set[str](), 0
    for pair in list(_PAIR.finditer(line))[:4]:
        name = re.sub(r"\W", "_", pair[1]).lower()
        if name in names:
            break
        between = re.sub(r"\d+", r"\\d+", re.escape(line[at : pair.start()]).replace(r"\ ", " ")) if parts else ""
        parts.append(f"{between}{re.escape(pair[1])}{re.escape(pair[2])}(?P<{name}>[\\d.eE+-]+)".replace(r"\ ", " "))
        names.add(name)
        at = pair.end()
    return "".join(parts).replace("'", ".")
