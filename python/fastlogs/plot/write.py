"""Writes a figure: whole or not at all, and the same bytes for the same figure."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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

_ALONE = threading.Lock()


def save(figure: Figure, path: str | os.PathLike[str], dpi: float | None = None) -> Path:
    """Writes a figure as PNG, SVG or PDF by the path's ending, and gives the path.

    >>> save(fastlogs.plot.plot("losses", "train.log"), "loss.svg").name
    'loss.svg'
    """
    into, form = Path(path), form_of(path)
    part = into.with_name(f".{into.name[:100]}.{os.getpid()}.part")
    try:
        with _salted() if form == "svg" else nullcontext():
            figure.savefig(part, format=form, dpi=dpi or figure.dpi, metadata=_METADATA[form])
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)
    return into


@contextmanager
def _salted() -> Iterator[None]:
    """Names within an SVG are drawn by lot unless salted. Only a setting says so: it is set while one SVG is written."""
    import matplotlib

    with _ALONE, matplotlib.rc_context({"svg.hashsalt": "fastlogs"}):
        yield


def form_of(path: str | os.PathLike[str]) -> str:
    """The form that a path's ending says; refuses what is none of ours.

    >>> form_of("loss.SVG")
    'svg'
    """
    form = Path(path).suffix.lower().lstrip(".")
    if form not in _METADATA:
        raise UsageError(f"wanted a path that ends in .png, .svg or .pdf, found {Path(path).name}")
    return form
