"""`fastlogs report PATH...`: runs as one document: what each came to, its curves, its figures."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import find, rendering
from fastlogs._cli.output import Outcome, show, wrote
from fastlogs.errors import TooFew, UsageError

if TYPE_CHECKING:
    from fastlogs._report.report import Report


@click.command(
    "report",
    short_help=COMMANDS["report"],
    epilog="Example: fastlogs report train.log -o train.html",
)
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("-o", "--output", "--output-dir", metavar="OUT", help="x.html, x.pdf, x.md, x.txt, x.json, or a folder.")
@click.option("--no-html", is_flag=True, help="Into a folder: all but report.html.")
@click.option("--all", "root", metavar="ROOT", help="Every run below this folder.")
@click.option("--pattern", default="*", metavar="GLOB", help="With --all: only runs whose path fits.")
@click.option("--compare", "compared", is_flag=True, help="Compare them too; the first is the baseline.")
@click.option("--title", metavar="TEXT", help="The title.")
@click.option("--base-dir", default=".", metavar="DIR", help="Where names that are no paths are looked up.")
@rendering
def COMMAND(
    paths: tuple[str, ...],
    output: str | None,
    no_html: bool,
    root: str | None,
    pattern: str,
    compared: bool,
    title: str | None,
    base_dir: str,
    form: str,
) -> None:
    """Write runs as one document; without -o, show it here.

    A folder gets the document in every form, and every figure as PNG.
    """
    import warnings

    from fastlogs._report.report import for_screen
    from fastlogs.errors import LinesLeft

    with warnings.catch_warnings():
        # What was left of each run is told in the document.
        warnings.simplefilter("ignore", LinesLeft)
        given = [find(path, base_dir) for path in paths] + _below(root, pattern)
        made = _made(given, compared, title, screen=for_screen(output, not no_html))
        show(_outcome(made, output), form)


def _below(root: str | None, pattern: str) -> list[Any]:
    """Every run below a folder."""
    from fastlogs._runs import discover

    if root is None:
        return []
    found = list(discover(root, pattern))
    if not found:
        raise TooFew(f"no run below {root} whose path fits '{pattern}'", help=f"fastlogs discover {root} says why")
    return found


def _made(given: list[Any], compared: bool, title: str | None, *, screen: bool) -> Report:
    from fastlogs._compare import compare
    from fastlogs._report.report import composed

    if not given:
        raise UsageError("no run to report", help="fastlogs report PATH..., or --all ROOT")
    return composed([compare(*given), *given] if compared else given, title=title, screen=screen)


def _outcome(made: Report, output: str | None) -> Outcome:
    if output is None:
        return Outcome("report", tuple(made.told()), made.to_dict())
    files = made.save(output)
    return Outcome("report", (wrote(files),), {"title": made.title, "wrote": [os.fspath(path) for path in files]})
