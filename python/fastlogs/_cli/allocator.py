"""Keeps freed memory for the next array: the system would zero each page again, a sixth of a long comparison's time."""

from __future__ import annotations

import sys

# Numbers of glibc's mallopt, and what it is to hold back: a few arrays of a million values.
_TRIM, _MMAP, _HELD = -1, -3, 64 << 20


def keep_freed() -> None:
    """Asks the C library for it, where that is glibc; elsewhere nothing changes."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM, _HELD)
        # The largest threshold that it takes.
        mallopt(_MMAP, _HELD // 2)
