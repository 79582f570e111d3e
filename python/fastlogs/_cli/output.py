"""Shows what a verb answers, in the form that was asked for."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import click

from fastlogs._report import render
from fastlogs._report.blocks import Block, Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verb's answer. `document` is the JSON without its schema; `failed` means exit code 1."""

    verb: str
    blocks: tuple[Block, ...]
    document: dict[str, Any] = field(default_factory=dict)
    failed: bool = False


def wrote(paths: Iterable[os.PathLike[str]]) -> Text:
    """Which files were written; of a folder its documents by name, its figures by number.

    >>> wrote([Path("out/report.md"), Path("out/a.png"), Path("out/b.png")]).text
    'wrote out/report.md and 2 figures'
    """
    files = [os.fspath(path) for path in paths]
    told = [file for file in files if not file.endswith(".png")]
    pictures = len(files) - len(told)
    more = f" and {pictures:,} figure{'s' * (pictures != 1)}" if pictures else ""
    return Text("wrote " + ", ".join(told) + more)


def show(outcome: Outcome, form: str) -> None:
    """Writes an outcome to stdout; exits 1 when the answer is no."""
    text = _json(outcome) if form == "json" else render(outcome.blocks, form)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    if outcome.failed:
        raise click.exceptions.Exit(1)


def _json(outcome: Outcome) -> str:
    document = {"schema": f"fastlogs.{outcome.verb}/1", **outcome.document}
    return json.dumps(_finite(document), indent=2, ensure_ascii=False, default=str)


def _finite(value: Any) -> Any:
    """JSON has no nan and no infinity: they are the words that Python and JavaScript read back."""
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value
