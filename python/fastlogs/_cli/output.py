"""Shows what a verb answers, in the form that was asked for."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass, field
from typing import Any

import click

from fastlogs._report import render
from fastlogs._report.blocks import Block


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verb's answer. `document` is the JSON without its schema; `failed` means exit code 1."""

    verb: str
    blocks: tuple[Block, ...]
    document: dict[str, Any] = field(default_factory=dict)
    failed: bool = False


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
