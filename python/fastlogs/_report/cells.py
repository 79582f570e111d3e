"""Values as people read them."""

from __future__ import annotations

from typing import Any


def plain(text: str) -> str:
    """Without control characters: names and lines of a log must not steer a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)


def cell(value: Any) -> str:
    """Six digits of a number, nothing for nothing.

    >>> cell(1234567), cell(0.1234567), cell(None)
    ('1,234,567', '0.123457', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return f"{value:.6g}"
