"""Reports: blocks in order, and a renderer for each form; a renderer never computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from fastlogs._report.blocks import Block

# form -> where its `render(blocks) -> str` lives.
_HOMES = {"table": "terminal", "text": "text", "csv": "commas", "md": "markdown", "latex": "latex"}


def render(blocks: Iterable[Block], form: str) -> str:
    """Blocks as `table` (for a terminal), `text` (for a file), `csv`, `md` or `latex`.

    >>> from fastlogs._report.blocks import Heading
    >>> render([Heading("Loss")], "md")
    '# Loss\\n'
    """
    renderer: Callable[[Iterable[Block]], str] = import_module(f"fastlogs._report.{_HOMES[form]}").render
    return renderer(blocks)
