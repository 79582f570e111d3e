"""`fastlogs model stats|diff`: the weights of checkpoints, and what became of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import Decorator, rendering, together
from fastlogs._cli.output import Outcome, show
from fastlogs._report.blocks import Block, Table, Text

if TYPE_CHECKING:
    from fastlogs.model import Change, Changes, Diff

_BY = ("total", "component", "layer", "tensor")
_STATS = ("numbers", "L2", "max", "mean", "std", "NaN")
# What a line of a run's checkpoints shows, by the word above it; the document has everything.
_SERIES = {
    "step": "step",
    "L2": "weights/norm_l2",
    "max": "weights/norm_max",
    "NaN": "weights/nonfinite",
    "L2 of change": "param_change/norm_l2",
    "ratio": "param_change/update_ratio",
}
_DRAWN = ("weights/norm_l2", "weights/norm_max", "param_change/norm_l2", "param_change/update_ratio")

by: Decorator = click.option(
    "--by", type=click.Choice(_BY), default="component", help="A line for each of these; component is the default."
)
thresholds: Decorator = together(
    click.option(
        "-t",
        "--threshold",
        "thresholds",
        type=float,
        multiple=True,
        metavar="X",
        help="Count changes up to X; repeatable.",
    ),
)


@click.group("model", short_help=COMMANDS["model"])
def COMMAND() -> None:
    """Measure checkpoints: their weights, and what became of them.

    Safetensors and torch files, or folders of them, tensor by tensor: neither torch nor memory for a model is
    needed, and nothing in a file is executed.
    """


@COMMAND.command("stats", epilog="Example: fastlogs model stats runs/a -o norms.png")
@click.argument("path")
@by
@thresholds
@click.option("-o", "--output", metavar="FILE", help="Draw the norms over steps: x.png, x.svg or x.pdf; of a run only.")
@rendering
def _stats(path: str, by: str, thresholds: tuple[float, ...], output: str | None, form: str) -> None:
    """Show the weights of a checkpoint, or of all checkpoints of a run over its steps."""
    from fastlogs.model.checkpoint import is_checkpoint, stats

    if os.path.isfile(path) or is_checkpoint(path):
        found = stats(path)
        rows = [(name, *_weights(change)) for name, change in _groups(found.changes, by).items()]
        blocks: list[Block] = [Table((by, *_STATS), rows), *_left("no floats", found.skipped)]
        show(
            Outcome("model", tuple(blocks), {"path": path, "metrics": found.metrics(), "skipped": found.skipped}), form
        )
        return
    show(_over_steps(path, thresholds, output), form)


@COMMAND.command("diff", epilog="Example: fastlogs model diff step_100.safetensors step_200.safetensors --by layer")
@click.argument("old")
@click.argument("new")
@by
@thresholds
@rendering
def _diff(old: str, new: str, by: str, thresholds: tuple[float, ...], form: str) -> None:
    """Show what became of the weights from one checkpoint to another."""
    from fastlogs.model import THRESHOLDS, diff, label

    found = diff(old, new, thresholds=thresholds or THRESHOLDS)
    marks = found.changes.thresholds
    columns = (by, "L2", "max", "ratio", *(f"≤{label(t)}" for t in marks), "NaN")
    rows = [(name, *_moves(change, marks)) for name, change in _groups(found.changes, by).items()]
    document = {"old": old, "new": new, "metrics": found.metrics()} | _only(found)
    show(Outcome("model", (Table(columns, rows), *_meanings(found), *_notes(found)), document), form)


def _groups(changes: Changes, by: str) -> dict[str, Change]:
    """The lines of a table: the groups, and the whole last."""
    from fastlogs.model import known

    if by == "tensor":
        groups = dict(changes)
    else:
        group = {"total": lambda _: None, "component": known().component, "layer": known().layer}[by]
        groups = changes.by(group)
    return groups | {"all": changes.total}


def _weights(change: Change) -> tuple[Any, ...]:
    return change.n, change.norm_l2, change.norm_max, change.mean, change.std, change.nonfinite


def _moves(change: Change, marks: tuple[float, ...]) -> tuple[Any, ...]:
    same = [f"{100 * change.sparsity(mark):.1f}%" if change.n else "" for mark in marks]
    sizes = (f"{value:.1e}" for value in (change.norm_l2, change.norm_max, change.update_ratio))
    return *sizes, *same, change.nonfinite


def _meanings(found: Diff) -> tuple[Block, ...]:
    """What the values mean, of those that we know to be good or bad."""
    from fastlogs.model import judge, range_of

    metrics = {key: value for key, value in found.metrics().items() if key.count("/") == 1}
    judged = [(key, judge(key, value), range_of(key)) for key, value in metrics.items()]
    rows = [(key.removeprefix("param_change/"), said, meant.meaning) for key, said, meant in judged if said and meant]
    return (Table(("metric", "is", "meaning"), rows),) if rows else ()


def _only(found: Diff) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("only_old", "only_new", "reshaped", "skipped")}


def _notes(found: Diff) -> list[Text]:
    told = {"only in the old": found.only_old, "only in the new": found.only_new, "of another shape": found.reshaped}
    return [note for what, names in {**told, "no floats": found.skipped}.items() for note in _left(what, names)]


def _left(what: str, names: tuple[str, ...]) -> list[Text]:
    """A line of what was not measured, if there is any."""
    if not names:
        return []
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return [Text(f"not measured, {what}: {', '.join(names[:3])}{more}")]


def _over_steps(path: str, thresholds: tuple[float, ...], output: str | None) -> Outcome:
    from fastlogs import load
    from fastlogs.errors import UsageError
    from fastlogs.model import THRESHOLDS
    from fastlogs.model.checkpoint import over_steps

    found = load(path).checkpoints
    if not found:
        raise UsageError(f"no checkpoints in {path}", help="name a checkpoint itself, or a run that keeps some")
    series = over_steps(found, thresholds=thresholds or THRESHOLDS)
    rows = [tuple(_short(row.get(name)) for name in _SERIES.values()) for row in series]
    blocks: list[Block] = [Table(tuple(_SERIES), rows)]
    if output is not None:
        _draw(path, series, output)
        blocks.append(Text(f"wrote {output}"))
    return Outcome("model", tuple(blocks), {"path": path, "checkpoints": series})


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:.5g}"


def _draw(path: str, series: list[dict[str, float]], output: str) -> None:
    import polars as pl

    from fastlogs.plot import plot

    table = pl.DataFrame(series, infer_schema_length=None)
    shown = [name for name in _DRAWN if name in table.columns]
    plot(
        "training_curves",
        table,
        output=output,
        title=f"Checkpoints of {os.path.basename(os.path.abspath(path))}",
        metrics=shown,
    )
