"""`fastlogs compare A B [C...]`: is B better than A, and how sure is that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.allocator import keep_freed
from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import Spread, find, rendering
from fastlogs._cli.output import Outcome, show, wrote
from fastlogs._findings import counts
from fastlogs.errors import UsageError

if TYPE_CHECKING:
    from fastlogs._compare import Comparison
    from fastlogs._report.blocks import Text

_FAILS = ("worse", "better", "different", "not-equivalent", "slower")


@click.command(
    "compare",
    cls=Spread,
    spread=("--compare", "--labels"),
    short_help=COMMANDS["compare"],
    epilog="Example: fastlogs compare base.log new.log --margin 0.5% -o out",
)
@click.argument("paths", nargs=-1, metavar="A B [C...]")
@click.option("--baseline", metavar="PATH", help="What the others are held against.")
@click.option("--compare", "candidates", multiple=True, metavar="PATH...", help="The candidates.")
@click.option("--labels", multiple=True, metavar="NAME...", help="Names of the arms, the baseline's first.")
@click.option("-m", "--metric", "metrics", multiple=True, metavar="NAME", help="What decides: name, glob or @role.")
@click.option("--margin", metavar="0.5%|0.02", help="What is negligible; 0 is off.")
@click.option("--x", type=click.Choice(["step", "tokens", "samples", "time"]), default="step", help="Compare along.")
@click.option("--goal", type=click.Choice(["low", "high"]), help="Which way is better.")
@click.option("--seed-std", type=float, metavar="SD", help="The known spread between seeds.")
@click.option("--paired", is_flag=True, help="The arms share their seeds, in this order.")
@click.option("--warmup-steps", type=int, metavar="N", help="Steps left out of times; else found.")
@click.option("--max-steps", type=int, metavar="N", help="Compare no further than this step.")
@click.option("--smooth", type=int, metavar="N", help="Points the figures average over; else a hundredth.")
@click.option("--by", metavar="KEY", help="An arm for each value of this setting.")
@click.option("--title-prefix", default="", metavar="TEXT", help="Stands before the titles.")
@click.option("--fail-on", multiple=True, type=click.Choice(_FAILS), metavar="VERDICT", help="Exit 1 on this verdict.")
@click.option("-o", "--output", "--output-dir", metavar="OUT", help="Write the report: folder, x.html, x.pdf, x.md ...")
@click.option("--no-html", is_flag=True, help="Into a folder: all but report.html.")
@click.option("--cases", metavar="DIR", help="Compare each folder with baseline/ and candidate/.")
@click.option("-l", "--list", "listed", is_flag=True, help="List the runs below --base-dir, and stop.")
@click.option("-i", "--interactive", is_flag=True, help="Choose two runs from that list.")
@click.option("--jobs", type=int, default=1, metavar="N", help="Processes for --cases.")
@click.option("--base-dir", default=".", metavar="DIR", help="Where names that are no paths are looked up.")
@rendering
def COMMAND(
    paths: tuple[str, ...],
    baseline: str | None,
    candidates: tuple[str, ...],
    labels: tuple[str, ...],
    form: str,
    base_dir: str,
    cases: str | None,
    jobs: int,
    output: str | None,
    no_html: bool,
    fail_on: tuple[str, ...],
    title_prefix: str,
    listed: bool,
    interactive: bool,
    **options: Any,
) -> None:
    """Compare runs with a baseline: estimates, intervals, verdicts.

    An arm is a run file, a run folder, or a folder of runs that differ by seed.
    """
    if cases is not None:
        _many(cases, jobs)
        return
    if listed:
        show(_list(base_dir), form)
        return
    keep_freed()
    named = _chosen(base_dir) if interactive else ([baseline] if baseline else []) + [*paths, *candidates]
    found = _compared([find(path, base_dir) for path in named], labels, options)
    show(_outcome(found, output, title_prefix, fail_on, html=not no_html), form)


def _compared(paths: list[str], labels: tuple[str, ...], options: dict[str, Any]) -> Comparison:
    import warnings

    from fastlogs._compare import compare
    from fastlogs.errors import LinesLeft

    with warnings.catch_warnings():
        # What was left of each run is told among the cautions.
        warnings.simplefilter("ignore", LinesLeft)
        metric = list(options.pop("metrics")) or None
        found = compare(*paths, metric=metric, labels=_named(labels, len(paths)), **options)
        for pair in found.pairs.values():
            _ = pair.metrics
    return found


def _list(base_dir: str) -> Outcome:
    """The runs that can be named."""
    from fastlogs._report.blocks import Table
    from fastlogs._runs import discover

    runs = discover(base_dir)
    rows = [(at, run.name, run.path) for at, run in enumerate(runs, 1)]
    document = {"runs": [{"name": run.name, "path": run.path} for run in runs]}
    return Outcome(
        "compare", (Table(("#", "run", "path"), rows, f"{counts(len(rows), 'run')} below {base_dir}"),), document
    )


def _chosen(base_dir: str) -> list[str]:
    """Two runs, asked for by number."""
    from fastlogs._report import render
    from fastlogs._runs import discover

    runs = discover(base_dir)
    if len(runs) < 2:
        raise UsageError(f"wanted two runs below {base_dir}, found {len(runs)}")
    click.echo(render(_list(base_dir).blocks, "table"), err=True)
    number = click.IntRange(1, len(runs))
    first = click.prompt("baseline", type=number, err=True)
    second = click.prompt("candidate", type=number, err=True)
    if first == second:
        raise UsageError("a run is not compared with itself", help="choose two different numbers")
    return [runs[first - 1].path, runs[second - 1].path]


def _named(labels: tuple[str, ...], count: int) -> list[str] | None:
    """The labels as given, or as one text with commas."""
    if len(labels) == 1 and count > 1:
        labels = tuple(label.strip() for label in labels[0].split(","))
    if labels and len(labels) != count:
        raise UsageError(
            f"{counts(count, 'run')} and {counts(len(labels), 'label')}",
            help="--labels base new gives one for each, in order",
        )
    return list(labels) or None


def _outcome(found: Comparison, output: str | None, prefix: str, fail_on: tuple[str, ...], *, html: bool) -> Outcome:
    from fastlogs._report.compare import brief

    blocks = brief(found, prefix)
    if output is not None:
        blocks = (*blocks, _write(found, output, prefix, html=html))
    failed = any(_fails(pair, verdict) for pair in found.pairs.values() for verdict in fail_on)
    return Outcome("compare", blocks, found.to_dict(), failed)


def _write(found: Comparison, output: str, prefix: str, *, html: bool) -> Text:
    from fastlogs._report.report import composed, for_screen

    return wrote(composed([found], prefix=prefix, screen=for_screen(output, html)).save(output))


def _fails(pair: Any, wanted: str) -> bool:
    if wanted == "not-equivalent":
        return pair.verdict not in ("equivalent", "identical")
    if wanted == "slower":
        return pair.pace is not None and pair.pace.typical.verdict == "slower"
    return bool(pair.verdict == wanted)


def _many(root: str, jobs: int) -> None:
    """Every case of a folder; the broken ones are told, and are exit code 1."""
    from fastlogs._compare.cases import compare_cases

    done = list(compare_cases(root, jobs))
    broken = [case for case in done if case.reason is not None]
    for case in broken:
        click.echo(f"error: {case.folder}: {case.reason}", err=True)
    click.echo(f"{counts(len(done) - len(broken), 'case')} compared, {len(broken)} could not be")
    if broken:
        raise click.exceptions.Exit(1)
