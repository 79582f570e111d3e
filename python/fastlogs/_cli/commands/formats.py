"""`fastlogs formats list|show|check|detect`: what is read without being told, and files of your own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import rendering
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Table, Text

if TYPE_CHECKING:
    from fastlogs._read import Candidate


@click.group("formats", short_help=COMMANDS["formats"])
def COMMAND() -> None:
    """List, show, check or detect log formats."""


@COMMAND.command("list", epilog="Example: fastlogs formats list --json")
@rendering
def _list(form: str) -> None:
    """List the formats that are read without being told."""
    from fastlogs._formats import formats

    known = formats()
    rows = [(f.name, f.about) for f in known]
    document = {"formats": [{"name": f.name, "about": f.about} for f in known]}
    show(Outcome("formats", (Table(("name", "about"), rows),), document), form)


@COMMAND.command("show", epilog="Example: fastlogs formats show nanogpt")
@click.argument("name")
@rendering
def _show(name: str, form: str) -> None:
    """Print a format's file: a start for one of your own."""
    from fastlogs._formats import Format

    found = Format.named(name)
    document = {"name": found.name, "about": found.about, "toml": found.toml}
    show(Outcome("formats", (Text(found.toml),), document), form)


@COMMAND.command("check", epilog="Example: fastlogs formats check my.toml")
@click.argument("files", nargs=-1, required=True, type=click.Path())
@rendering
def _check(files: tuple[str, ...], form: str) -> None:
    """Check format files: the words that ours are held to."""
    from pathlib import Path

    from fastlogs import _core

    found: dict[str, list[str]] = {}
    for file in files:
        found[file] = _core.check_format(Path(file).read_text(encoding="utf-8"), file)
    said = [line for file, problems in found.items() for line in (problems or [f"{file}: ok"])]
    document: dict[str, Any] = {"files": [{"path": f, "problems": p} for f, p in found.items()]}
    show(Outcome("formats", (Text("\n".join(said)),), document, failed=any(found.values())), form)


@COMMAND.command("detect", epilog="Example: fastlogs formats detect train.log")
@click.argument("paths", nargs=-1, required=True)
@rendering
def _detect(paths: tuple[str, ...], form: str) -> None:
    """Say which format each log has, which of its lines say so, and which others claim some."""
    from fastlogs._read import candidates, recognise

    found = [one for path in paths for one in recognise(path)]
    ranked = {file: best for path in paths for file, best in candidates(path)}
    rows = [row for file, name, why in found for row in _ranking(file, name, why, ranked.get(file, []))]
    document = {"files": [_document(file, name, why, ranked.get(file, [])) for file, name, why in found]}
    failed = any(not form for _, form, _ in found)
    show(Outcome("formats", (Table(("path", "format", "score", "why"), rows),), document, failed=failed), form)


def _ranking(file: str, name: str, why: str, ranked: list[Candidate]) -> list[tuple[str, str, str, str]]:
    """What is chosen first, then the others with the line that speaks for each."""
    scores = {one.format: f"{one.score:.0%}" for one in ranked}
    chosen = name.split(" + ")
    others = [one for one in ranked if one.format not in chosen]
    first = (file, name, scores.get(chosen[0], ""), why)
    return [first, *((file, one.format, scores[one.format], f"{one.rule}: {one.line.strip()}") for one in others)]


def _document(file: str, name: str, why: str, ranked: list[Candidate]) -> dict[str, Any]:
    told = [
        {"format": one.format, "lines": one.lines, "of": one.total, "rule": one.rule, "line": one.line}
        for one in ranked
    ]
    return {"path": file, "format": name, "why": why, "candidates": told}
