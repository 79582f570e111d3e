"""`fastlogs infer PATH`: the format of a log, and its patterns as other tools write them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import rendering
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Text
from fastlogs._whole import written

_FORMS = ("toml", "sagemaker", "katib", "guild")


@click.command("infer", short_help=COMMANDS["infer"], epilog="Example: fastlogs infer train.log -o mine.toml")
@click.argument("path")
@click.option(
    "--as", "wanted", type=click.Choice(_FORMS), default="toml", help="As a format file, or for another tool."
)
@click.option("-o", "--output", metavar="FILE", help="Write it to FILE.")
@rendering
def COMMAND(path: str, wanted: str, output: str | None, form: str) -> None:
    """Write the format of a log: the catalogue's, or one learned from its lines, which are its examples.

    It reads the log as fastlogs does without it; what it cannot say is counted in comments above it. `--as sagemaker`,
    `katib` and `guild` write a pattern a metric instead, and name on stderr what the tool has no words for.
    """
    text, document = _toml(path, output) if wanted == "toml" else _exported(path, wanted)
    if output:
        written(Path(output), text)
    show(Outcome("infer", (Text(f"wrote {output}" if output else text),), document), form)


def _toml(path: str, output: str | None) -> tuple[str, dict[str, Any]]:
    from fastlogs._infer import confessions
    from fastlogs._read import infer

    found = infer(path)
    lost = confessions(found)
    if output and Path(output).suffix == ".toml":
        found = found.renamed(Path(output).stem)
    return found.toml, {"name": found.name, "about": found.about, "toml": found.toml, "not_said": lost}


def _exported(path: str, wanted: str) -> tuple[str, dict[str, Any]]:
    from fastlogs._read import definitions

    found, lost = definitions(path, wanted)
    for line in lost:
        click.echo(f"not said: {line}", err=True)
    return json.dumps(found, indent=2, ensure_ascii=False), {"as": wanted, wanted: found, "not_said": lost}
