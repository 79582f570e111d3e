"""Bars on stderr for what takes over half a second."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastlogs import _core

_QUIET_SECONDS = 0.5


@contextmanager
def watched(stream: _core.Stream) -> Iterator[None]:
    """Draws how far a stream is while the body reads it; nothing at all when stderr is no terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    done = threading.Event()
    drawing = threading.Thread(target=_draw, args=(stream, done), daemon=True)
    drawing.start()
    try:
        yield
    finally:
        done.set()
        drawing.join(1.0)


def _draw(stream: _core.Stream, done: threading.Event) -> None:
    if done.wait(_QUIET_SECONDS):
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (
        TextColumn("reading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TextColumn("{task.fields[rows]} rows"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None, rows="0")
        while not done.wait(0.1):
            read, total, rows = stream.progress()
            progress.update(task, completed=read, total=total or None, rows=f"{rows:,}")


@contextmanager
def counted(noun: str) -> Iterator[Callable[[int, int], None]]:
    """A function `(done, of)` that draws a bar with rate and time left; nothing at all when stderr is no terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _, __: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(noun), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn()
    )  # fmt: skip
    begun = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=False) as progress:
        task = progress.add_task(noun, total=None, rate="", visible=False)

        def tell(done: int, of: int) -> None:
            spent = time.monotonic() - begun
            rate = f"{done / spent:,.0f} {noun}/s" if spent > 0 else ""
            progress.update(task, completed=done, total=of, rate=rate, visible=spent > _QUIET_SECONDS)

        yield tell
