"""Options that several verbs share, each written once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import click

from fastlogs.errors import UsageError

Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]

OUTPUT_FORMATS = ("table", "json", "csv", "md", "latex")


def together(*decorators: Decorator) -> Decorator:
    def apply(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return apply


class Spread(click.Command):
    """A command some of whose options take every word up to the next option: `--compare a.log b.log`."""

    def __init__(self, *args: Any, spread: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spread = spread

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        told: list[str] = []
        taking = ""
        for word in args:
            if word.startswith("-") and word != "-":
                taking = word if word in self.spread else ""
                told += [] if taking else [word]
            else:
                told += [taking, word] if taking else [word]
        return super().parse_args(ctx, told)


def rendering_as(*forms: str) -> Decorator:
    return together(
        click.option("--format", "form", type=click.Choice(forms), default="table", help="Form of the output."),
        click.option("--json", "form", flag_value="json", help="Short for --format json."),
    )


rendering = rendering_as(*OUTPUT_FORMATS)

engine = click.option("--engine", type=click.Choice(["ray"]), help="Read the runs as tasks of a Ray cluster.")

reading = together(
    click.option("--log-format", metavar="NAME|FILE", help="Read by this format instead of finding it."),
    click.option(
        "-p", "--regex", multiple=True, metavar="REGEX", help="Read by a regex with named groups; repeatable."
    ),
    click.option("-m", "--metric", "metrics", multiple=True, metavar="NAME", help="Only these: name, glob or @role."),
    click.option("--restarts", type=click.Choice(["stitch", "keep"]), default="stitch", help="Rows a resume rewrote."),
    click.option("--strict", is_flag=True, help="Fail when lines are left or rows were rewritten."),
    click.option("--base-dir", default=".", metavar="DIR", help="Where names that are no paths are looked up."),
)


def request_options(
    log_format: str | None, regex: tuple[str, ...], metrics: tuple[str, ...], **rest: Any
) -> dict[str, Any]:
    """The keywords of `read` for the shared options."""
    return {"format": log_format, "pattern": list(regex) or None, "metrics": list(metrics) or None, **rest}


def find(name: str, base_dir: str) -> str:
    """A path as given; else the one entry of the base folder of that name, or with that in its name."""
    if name == "-" or os.path.exists(name) or any(c in name for c in "*?[=") or "://" in name:
        return name
    try:
        entries = sorted(os.listdir(base_dir))
    except OSError:
        return name
    found = [e for e in entries if e == name] or [e for e in entries if name in e]
    if len(found) > 1:
        raise UsageError(f"'{name}' is ambiguous in {base_dir}", help="it could be " + ", ".join(found[:8]))
    return str(Path(base_dir) / found[0]) if found else name
