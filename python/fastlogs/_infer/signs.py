"""A format for a log that no rule can say: a sign to know it by, and a piece of the log as its example."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastlogs._formats import Format
from fastlogs._infer.rules import Example, quoted
from fastlogs._infer.settle import Draft, corrected
from fastlogs._shapes import OTHER, cut, escaped

# Lines of the log tried as its sign, and lines of it that its example has.
_SIGNS = 12
_SHOWN = (6, 12, 30, 80)


def signed(name: str, about: str, head: bytes, measured: list[str]) -> Iterator[Format]:
    """Formats of the generic reader, known by a line of the log that no other prints."""
    text = head.decode("utf-8", "replace")
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", text)]
    first = next((k for k, line in enumerate(lines) if measured and line == measured[0].rstrip()), 0)
    for sign, at in _signs(lines, first):
        for count in _SHOWN:
            begin = min(at, max(0, first - 3))
            shown = "\n".join(lines[begin : max(at, first) + count])
            if found := _format(name, about, sign, Example(shown, "", rows=1)):
                yield found
                return


def _format(name: str, about: str, sign: str, example: Example) -> Format | None:
    regex, literal = _pattern(sign)
    head = "\n".join(
        [
            f"name   = {quoted(name)}",
            f"about  = {quoted(about)}",
            'reader = "generic"',
            f"needs  = [{quoted(literal)}]",
            f"sign   = {quoted(regex)}\n",
        ]
    )
    draft = Draft(name, head, examples=[example])
    return None if corrected(draft) else Format(name, about, draft.toml())


def _signs(lines: list[str], first: int) -> Iterator[tuple[str, int]]:
    """Lines with words, those of the measurements and the header right above them first."""
    near = [*range(first, min(first + 4, len(lines))), *range(first - 1, max(-1, first - 6), -1)]
    worded = [k for k in near if len(re.findall(r"[^\W\d_]{2,}", lines[k])) >= 1]
    for k in sorted(worded, key=lambda k: -len(re.findall(r"[^\W\d_]{2,}", lines[k])))[:_SIGNS]:
        yield lines[k], k


def _pattern(line: str) -> tuple[str, str]:
    """A regex for lines like this one, and a literal of them."""
    pieces, _ = cut(line)
    words = [word for piece in pieces for word in piece.split() if any(c.isalpha() for c in word)]
    regex = OTHER.join(escaped(piece) for piece in pieces)
    return f"{regex.rstrip()}\\s*$", max(words, key=len, default="")
