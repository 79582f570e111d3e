"""Writes a figure: whole or not at all, and the same bytes for the same figure."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING

from fastlogs._whole import whole
from fastlogs.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What each form would otherwise say of the clock and the version.
_METADATA: dict[str, dict[str, None]] = {
    "png": {},
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
    with whole(into) as part:
        if form == "png":
            png(figure, part, dpi or figure.dpi)
        else:
            with _salted() if form == "svg" else nullcontext():
                figure.savefig(part, format=form, metadata=_METADATA[form])
    return into


def png(figure: Figure, into: Path | IO[bytes], dpi: float) -> None:
    """Draws once and writes: `savefig` would draw all twice, the first time for the layout alone."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    own = figure.dpi
    figure.set_dpi(dpi)
    try:
        canvas = FigureCanvasAgg(figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        # The paper is white: what shines through need not be kept.
        picture = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBA", 0, 1)  # type: ignore[no-untyped-call]
        picture.convert("RGB").save(into, "PNG", dpi=(dpi, dpi))
    finally:
        figure.set_dpi(own)


@contextmanager
def _salted() -> Iterator[None]:
    """Names within an SVG are drawn by lot unless a setting says otherwise: it is set while one SVG is written."""
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
