"""`fastlogs check RUN...`: what went wrong, and whether golden values still hold."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import OUTPUT_FORMATS, find, reading, rendering_as, request_options
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Block, Table, Text
from fastlogs.errors import UsageError

if TYPE_CHECKING:
    from fastlogs._findings import Findings
    from fastlogs._run import Run

CI = ("junit", "github")
_COLUMNS = ("severity", "kind", "run", "metric", "first_step", "last_step", "value", "evidence")


@click.command(
    "check",
    short_help=COMMANDS["check"],
    epilog="Example: fastlogs check train.log --golden base.json --tolerance 0.1%",
)
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option("--golden", metavar="REF", help="A golden file or run to compare with.")
@click.option("--tolerance", multiple=True, metavar="[NAME=]X", help="0.1% of golden, or X in its unit.")
@click.option("--skip-steps", type=click.IntRange(min=0), default=0, metavar="N", help="Leave out the first N steps.")
@click.option("--update", is_flag=True, help="Write the run's values to the golden file.")
@click.option("--fail-on", multiple=True, metavar="WHAT", help="error (default), warning, never or a kind.")
@reading
@rendering_as(*OUTPUT_FORMATS, *CI)
def COMMAND(
    runs: tuple[str, ...],
    golden: str | None,
    tolerance: tuple[str, ...],
    skip_steps: int,
    update: bool,
    fail_on: tuple[str, ...],
    form: str,
    base_dir: str,
    metrics: tuple[str, ...],
    **options: Any,
) -> None:
    """Look for what went wrong; compare with golden values."""
    from fastlogs._check import check, runs_of

    _require_known(fail_on)
    asked = request_options(metrics=(), **options)
    given = [run for name in runs for run in runs_of(find(name, base_dir), **asked)]
    allowed = _tolerances(tolerance) | {"metrics": metrics or None, "skip_steps": skip_steps}
    if update:
        found, said = _update(given, golden, metrics or None, fail_on)
    else:
        target = golden and find(golden, base_dir)
        found, said = check(given, golden=target, **allowed), ""
    paths = {run.name: run.path for run in given}
    show(_outcome(found, form, fail_on, paths, said), "table" if form in CI else form)


def _outcome(found: Findings, form: str, fail_on: tuple[str, ...], paths: dict[str, str], said: str) -> Outcome:
    blocks = _blocks(found, form, fail_on, paths) + ((Text(said),) if said and form == "table" else ())
    document = found.to_dict() | ({"updated": said} if said else {})
    return Outcome("check", blocks, document, failed=found.fails(*fail_on))


def _blocks(found: Findings, form: str, fail_on: tuple[str, ...], paths: dict[str, str]) -> tuple[Block, ...]:
    from fastlogs._cli import ci

    if form == "junit":
        return (Text(ci.junit(found, fail_on or ("error",))),)
    if form == "github":
        return (Text(ci.github(found, paths)),)
    if form == "table":
        return (Text("\n".join(found.words())),)
    return (Table(_COLUMNS, [[getattr(f, name) for name in _COLUMNS] for f in found]),)


def _tolerances(given: tuple[str, ...]) -> dict[str, Any]:
    """`0.1%` and `loss=0.001` as the options of `check`; a name given twice has both parts."""
    from fastlogs._difference import Tolerance, tolerance

    found: dict[str, Tolerance] = {}
    for text in given:
        name, _, amount = text.rpartition("=")
        one, before = tolerance(amount), found.get(name, Tolerance())
        found[name] = Tolerance(max(before.relative, one.relative), max(before.absolute, one.absolute))
    default = found.pop("", Tolerance())
    return {"rtol": default.relative, "atol": default.absolute, "tolerances": found}


def _require_known(fail_on: tuple[str, ...]) -> None:
    from fastlogs._check import kinds
    from fastlogs._findings import SEVERITIES

    known = (*reversed(SEVERITIES), "never", *kinds())
    for name in fail_on:
        if name not in known:
            raise UsageError(f"wanted --fail-on of a known kind, found '{name}'", help=f"one of {', '.join(known)}")


def _update(
    given: list[Run], golden: str | None, metrics: tuple[str, ...] | None, fail_on: tuple[str, ...]
) -> tuple[Findings, str]:
    """Writes the golden file anew, unless the run fails its own check: that would make a failure the rule."""
    from fastlogs._check import check, new_golden
    from fastlogs._golden import golden_of, write

    if golden is None or len(given) != 1:
        raise UsageError(f"wanted --golden FILE and one run to update it with, found {len(given)}")
    before = golden_of(golden) if os.path.exists(golden) else None
    if before is not None and not before.ours:
        raise UsageError(f"{golden} was not written by --update", help="name another file: nothing is written over it")
    found = check(given, metrics=metrics)
    if found.fails(*fail_on):
        return found, f"{golden} is as it was: the run itself fails (--fail-on never writes it all the same)"
    fresh = new_golden(given[0], metrics, before)
    write(Path(golden), fresh)
    return found, f"wrote {golden}: {', '.join(f'{name} at {t.height:,} steps' for name, t in fresh.series.items())}"
