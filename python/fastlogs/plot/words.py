"""Text in figures: any name made fit to be drawn, numbers made short."""

from __future__ import annotations

import math
import unicodedata
from functools import cache

# What a drawn name may be made of besides letters, numbers, marks, punctuation and symbols.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MAGNITUDES = ((1e12, 1e12, "T"), (1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
FONT = "DejaVu Sans"
# What systems have for other scripts and for pictures; the first that are there fill in for letters that ours has not.
_FILLING = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Noto Sans JP", "Source Han Sans SC", "PingFang SC",
    "Hiragino Sans", "Hiragino Sans GB", "Microsoft YaHei", "Yu Gothic", "MS Gothic", "SimHei", "Malgun Gothic",
    "Apple SD Gothic Neo", "Noto Sans KR", "NanumGothic", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei",
    "Droid Sans Fallback", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans Symbols2", "Noto Sans Symbols",
    "Segoe UI Symbol", "Apple Symbols", "Noto Emoji", "Symbola", "Unifont",
)  # fmt: skip


@cache
def fonts() -> tuple[str, ...]:
    """The font of the figures, and those of the system that fill in for it."""
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return (FONT, *(name for name in _FILLING if name in there))


def fitted(name: str, longest: int = 32) -> str:
    """A name on one line, cut in the middle when it is long; what no font here can draw is spelt out.

    >>> fitted("a\\nb"), fitted("x" * 99, 9)
    ('a b', 'xxxx…xxxx')
    """
    text = " ".join(drawn(name[: 40 * longest]).split())
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 2
    return f"{text[: longest - 1 - tail]}…{text[len(text) - tail :]}"


def drawn(text: str) -> str:
    """With what no font here can draw spelt out, each sign in its own way.

    >>> drawn("r\u00e9sum\u00e9"), drawn("\U0010fffd")
    ('résumé', '')
    """
    return text if text.isascii() and text.isprintable() else "".join(_drawable(c) for c in text)


def spelt_out(text: str) -> bool:
    """Whether a name has a letter or sign that no font here can draw."""
    return not text.isascii() and any(ord(c) not in _glyphs() for c in text if unicodedata.category(c) not in _UNSEEN)


def _drawable(c: str) -> str:
    if c.isascii():
        return c if c.isprintable() else " "
    if unicodedata.category(c) in _UNSEEN:
        return " " if c in "\u2028\u2029" else ""
    if ord(c) in _glyphs():
        return c
    plain = unicodedata.normalize("NFKD", c)
    if plain != c and all(ord(part) in _glyphs() for part in plain):
        return plain
    if unicodedata.category(c) == "So" and (said := unicodedata.name(c, "")):
        return f":{said.lower().replace(' ', '_')}:"
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"


@cache
def _glyphs() -> frozenset[int]:
    from matplotlib import font_manager

    return frozenset(
        code for font in map(font_manager.findfont, fonts()) for code in font_manager.get_font(font).get_charmap()
    )


def short(value: float, _: object = None) -> str:
    """A number for a tick: 2,500, 10k, 1.5M, 3e-05.

    >>> short(2500), short(15000), short(1.5e6), short(0.00003), short(-0.25)
    ('2,500', '15k', '1.5M', '3e-05', '−0.25')
    """
    return _spelt(value).replace("-", "−") if value < 0 else _spelt(value)


def _spelt(value: float) -> str:
    size = abs(value)
    if not math.isfinite(value):
        return str(value)
    if size == 0:
        return "0"
    if size < 1e-3 or size >= 1e15:
        return f"{value:.3g}"
    for least, magnitude, letter in _MAGNITUDES:
        if size >= least:
            return f"{value / magnitude:.6g}{letter}"
    return f"{value:,.6g}"


def power(value: float, _: object = None) -> str:
    """A number for a tick of a log axis: 0.01 to 9,000 as they are, else powers of ten.

    >>> power(100), power(1e-4), power(2e6)
    ('100', '10⁻⁴', '2·10⁶')
    """
    if value <= 0 or not math.isfinite(value):
        return ""
    if 1e-2 <= value < 1e4:
        return f"{value:,.6g}"
    exponent = math.floor(math.log10(value) + 1e-9)
    digit = value / 10.0**exponent
    raised = "10" + str(exponent).translate(_POWERS)
    return raised if abs(digit - 1) < 1e-6 else f"{digit:.3g}·{raised}"


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "run"), counted(1200, "run")
    ('1 run', '1,200 runs')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def labelled(metric: str, unit: str | None) -> str:
    """A metric's name for an axis, with its unit.

    >>> labelled("time", "ms"), labelled("loss", None)
    ('time (ms)', 'loss')
    """
    return fitted(metric, 40) + (f" ({fitted(unit, 16)})" if unit else "")
