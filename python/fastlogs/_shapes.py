"""The lines of a log cut at their numbers: lines that differ in nothing else have one shape."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

# A stamp, a duration or a number, as the shorthands TIME and NUM of a format take them.
_TOKEN = re.compile(
    r"(?P<time>(?:\d{4}[-/]\d\d[-/]\d\d|\d\d/\d\d/\d{4})[T_ ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:?\d\d)?)"
    r"|(?P<clock>(?<![\w.:])\d+:\d\d(?::\d\d)?(?:[.,]\d+)?(?![\w:]))"
    r"|(?P<number>(?<![\w.])[-+]?(?:\d+(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?:[KMBT](?![A-Za-z]))?"
    r"|(?<![\w.])[-+]?(?i:nan|inf)(?![A-Za-z]))",
    re.ASCII,
)
_SCALE = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
# What loggers and launchers put in front, most of which envelopes take off.
_PREFIX = re.compile(
    r"(?:\s*(?:\[?\d{4}[-/]\d\d[-/]\d\d[T_ ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:?\d\d)?\]?"
    r"|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?|\[?(?:INFO|DEBUG|WARNING)\]?(?::\w[\w.]*:)?"
    r"|\[[\w./]+\.py:\d+\]|\[rank\d+\]:?|\((?:\w+ )?pid=\d+\)|__main__|root)"
    r"(?:\s*[-:|,]\s|\s|:)?)+"
)
_INK = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_END = re.compile(rb"[\r\n]|$")
# Any number, where no name is needed.
OTHER = r"(?:[-+]?[0-9.][0-9.,]*(?:[eE][-+]?[0-9]+)?[KMBT]?|[-+]?(?i:nan|inf))"
# Stands in a piece for a word that differs from line to line.
ANY = "\0"


@dataclass(frozen=True, slots=True)
class Token:
    """What stands between two pieces of a line, and the numbers it may be read as: `1.6M` is 1,600,000, or 1.6 of M."""

    text: str
    kind: str
    values: tuple[float, ...]


@dataclass(slots=True)
class Line:
    """A line of the log, cut at its numbers, and what was read of it."""

    text: str
    offset: int = 0
    pieces: tuple[str, ...] = ()
    tokens: tuple[Token, ...] = ()
    values: dict[str, float] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    # Step, epoch, rank and elapsed, as far as the row has them.
    context: dict[str, float] = field(default_factory=dict)
    stamped: bool = False

    def cut(self) -> Line:
        self.pieces, self.tokens = cut(self.text)
        return self


def cut(text: str) -> tuple[tuple[str, ...], tuple[Token, ...]]:
    """The pieces of a line and the numbers between them: one piece more than numbers.

    >>> cut("step 3 loss 0.5")[0]
    ('step ', ' loss ', '')
    """
    pieces, tokens, end = [], [], 0
    for found in _TOKEN.finditer(text):
        pieces.append(text[end : found.start()])
        tokens.append(Token(found[0], found.lastgroup or "", _values(found.lastgroup, found[0])))
        end = found.end()
    return (*pieces, text[end:]), tuple(tokens)


def _values(kind: str | None, text: str) -> tuple[float, ...]:
    if kind == "time":
        return ()
    if kind == "clock":
        seconds = 0.0
        for part in text.replace(",", ".").split(":"):
            seconds = 60 * seconds + float(part)
        return (seconds,)
    plain = float(text.rstrip("KMBT").replace(",", ""))
    return (plain * _SCALE[text[-1]], plain) if text[-1] in _SCALE else (plain,)


def escaped(piece: str) -> str:
    """The literal text of a pattern; blanks match any number of them, a word that differs is any word."""
    literal = re.sub(r"([\\.^$|?*+()\[\]{}])", r"\\\1", piece)
    return re.sub(r"\s+", r"\\s+", literal).replace(ANY, r"\S+")


def bare(text: str) -> str:
    """A line without its colours and without what a logger put in front."""
    text = _INK.sub("", text)
    return text[(m.end() if (m := _PREFIX.match(text)) else 0) :].strip()


def whole(text: str) -> str:
    """A line without its colours."""
    return _INK.sub("", text).strip()


def text_at(head: bytes, offset: int) -> str:
    end = _END.search(head, offset)
    return head[offset : end.start() if end else None].decode("utf-8", "replace")


def others(head: bytes, taken: set[int]) -> Iterator[tuple[int, str]]:
    """(offset, text) of the lines that are not taken and hold a number."""
    at = 0
    for raw in re.split(rb"[\r\n]", head):
        if at not in taken and 0 < len(raw) < 400 and re.search(rb"\d", raw):
            yield at, raw.decode("utf-8", "replace")
        at += len(raw) + 1


def by_shape(lines: Iterable[Line], of: Callable[[Line], Sequence[object]] = lambda _: ()) -> list[list[Line]]:
    """Lines of one shape together, the commonest first; `of` is what else they must share.

    Where a shape falls into many because of a word, such as a file's name, that word stands for any.
    """
    shapes: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        shapes[*of(line), *(re.sub(r"\s+", " ", piece) for piece in line.pieces)].append(line)
    frames: dict[tuple[object, ...], list[list[Line]]] = defaultdict(list)
    for group in shapes.values():
        frames[*of(group[0]), *(len(piece.split(" ")) for piece in _spaced(group[0].pieces))].append(group)
    found = [one for groups in frames.values() for one in (_joined(groups) if len(groups) > _MANY else groups)]
    return sorted(found, key=lambda group: -len(group))


# Shapes that differ in words only, at most, before those words stand for any.
_MANY = 4


def _spaced(pieces: Sequence[str]) -> list[str]:
    return [re.sub(r"\s+", " ", piece) for piece in pieces]


def _joined(groups: list[list[Line]]) -> list[list[Line]]:
    """The groups as one, each word that differs among them written as any."""
    rows = [[piece.split(" ") for piece in _spaced(group[0].pieces)] for group in groups]
    joined = []
    for at, words in enumerate(rows[0]):
        same = [len({row[at][k] for row in rows}) == 1 for k in range(len(words))]
        joined.append(" ".join(word if alike else ANY for word, alike in zip(words, same, strict=True)))
    if sum(piece.count(ANY) for piece in joined) > 3 or not any(c.isalpha() for c in "".join(joined)):
        return groups
    lines = sorted((line for group in groups for line in group), key=lambda line: line.offset)
    lines[0].pieces = tuple(joined)
    return [lines]
