"""Writes a figure: whole or not at all, and the same bytes for the same figure."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from fastlogs.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What each form would otherwise say of the clock and the version.
_METADATA = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def save(figure: Figure, path: str | os.PathLike[str], dpi: float | None = None) -> Path:
    """Writes a figure as PNG, SVG or PDF by the path's ending, and gives the path.

    >>> save(figure, "loss.svg")
    PosixPath('loss.svg')
    """
    import matplotlib

    into = Path(path)
    form = into.suffix.lower().lstrip(".")
    if form not in _METADATA:
        raise UsageError(f"wanted a path that ends in .png, .svg or .pdf, found {into.name}")
    part = into.with_name(f".{into.name[:100]}.{os.getpid()}.part")
    try:
        # Names within an SVG are drawn by lot unless salted; only a setting says so, and only while this is written.
        with matplotlib.rc_context({"svg.hashsalt": "fastlogs"}):
            figure.savefig(part, format=form, dpi=dpi or figure.dpi, metadata=_METADATA[form])
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)
    return into
