"""`fastlogs plot NAME PATH...`: one figure as a file."""

from __future__ import annotations

from typing import Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import find, rendering
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Table, Text
from fastlogs.errors import UsageError


@click.command(
    "plot",
    short_help=COMMANDS["plot"],
    epilog="Example: fastlogs plot loss_comparison base.log new.log -o loss.svg",
)
@click.argument("name")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("-o", "--output", "--output-dir", metavar="FILE", help="x.png, x.svg or x.pdf; else NAME.png here.")
@click.option("-m", "--metric", "metrics", multiple=True, metavar="NAME", help="Show these: name, glob or @role.")
@click.option("--labels", multiple=True, metavar="NAME", help="Names of the runs, in order; repeatable.")
@click.option("--smooth", type=int, metavar="N", help="Points to average over; 0 is the raw curve.")
@click.option("--log/--linear", default=None, help="The scale of values; else what suits them.")
@click.option("--no-validation", is_flag=True, help="Training alone.")
@click.option(
    "--x", type=click.Choice(["step", "tokens", "samples", "time", "epoch"]), default="step", help="Draw along."
)
@click.option("--warmup-steps", type=int, metavar="N", help="Steps greyed in times; else found.")
@click.option("--max-steps", type=int, metavar="N", help="Draw no further than this step.")
@click.option("--title", metavar="TEXT", help="The title.")
@click.option("--title-prefix", default="", metavar="TEXT", help="Stands before the figure's own title.")
@click.option("--dpi", type=int, default=150, metavar="N", help="Dots an inch.")
@click.option("--base-dir", default=".", metavar="DIR", help="Where names that are no paths are looked up.")
@rendering
def COMMAND(
    name: str,
    paths: tuple[str, ...],
    output: str | None,
    labels: tuple[str, ...],
    no_validation: bool,
    title_prefix: str,
    base_dir: str,
    form: str,
    **options: Any,
) -> None:
    """Draw one figure of runs; `fastlogs plot list` shows which there are.

    An arm is a run file, a run folder, or a folder of runs that differ by seed.
    """
    if name == "list":
        show(_listed(), form)
        return
    if not paths:
        raise UsageError(f"no run to draw as '{name}'", help=f"fastlogs plot {name} PATH...")
    into = output or f"{name}.png"
    options |= {"validation": not no_validation, "prefix": title_prefix}
    _draw(name, [find(path, base_dir) for path in paths], into, list(labels) or None, options)
    show(Outcome("plot", (Text(f"wrote {into}"),), {"figure": name, "path": into}), form)


def _draw(name: str, paths: list[str], into: str, labels: list[str] | None, options: dict[str, Any]) -> None:
    import warnings

    from fastlogs.errors import LinesLeft
    from fastlogs.plot import plot
    from fastlogs.plot.write import form_of

    # Told before the work and not after it.
    form_of(into)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinesLeft)
        plot(name, *paths, output=into, labels=labels, **options)


def _listed() -> Outcome:
    """Our figures, and those of installed packages."""
    from fastlogs.plot.drawn import FIGURES, others

    rows = [*FIGURES.items(), *((name, f"of {point.value}") for name, point in others().items())]
    document = {"figures": [{"name": name, "about": about} for name, about in rows]}
    return Outcome("plot", (Table(("figure", "shows"), rows),), document)
