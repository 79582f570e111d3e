"""`fastlogs demo`: two runs in different formats, written, read, compared and reported."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import click

from fastlogs._cli.commands import COMMANDS
from fastlogs._cli.options import rendering
from fastlogs._cli.output import Outcome, show
from fastlogs._findings import counts
from fastlogs._report.blocks import Block, Prose, Table, Text
from fastlogs.errors import UsageError

_STEPS = 8_000


@click.command("demo", short_help=COMMANDS["demo"], epilog="Example: fastlogs demo -o /tmp/demo")
@click.option("-o", "--output", "--output-dir", default="fastlogs-demo", metavar="DIR", help="A folder, made new.")
@rendering
def COMMAND(output: str, form: str) -> None:
    """Write two runs in different formats, read and compare them."""
    folder = Path(output)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already", help="name another folder with -o, or remove it")
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "nanogpt.log", folder / "trainer.jsonl"]
    for path, text in zip(paths, (_nanogpt(), _trainer()), strict=True):
        path.write_text(text, encoding="utf-8")
    blocks, runs = _tour(paths)
    told, comparison = _compared(paths, folder / "report")
    document = {"folder": str(folder), "runs": runs, "comparison": comparison}
    show(Outcome("demo", (*blocks, *told), document), form)


def _tour(paths: list[Path]) -> tuple[list[Block], list[dict[str, Any]]]:
    from fastlogs._runs import load
    from fastlogs._summary import sparkline

    blocks: list[Block] = [Text(f"wrote {' and '.join(map(str, paths))}: two runs, two formats, neither named below")]
    documents = []
    for path in paths:
        run = load(path)
        facts = run.summary().to_dicts()
        rows = [(f["metric"], f["n"], f["first"], f["last"], sparkline(run.metrics[f["metric"]])) for f in facts]
        form = run.coverage.sources[0].format
        blocks.append(
            Text(f"\n>>> fastlogs.read({str(path)!r})    # format: {form}, {counts(run.metrics.height, 'row')}")
        )
        blocks.append(Table(("metric", "n", "first", "last", "trend"), rows))
        documents.append({"path": str(path), "format": form, "rows": run.metrics.height, "metrics": facts})
    return blocks, documents


def _compared(paths: list[Path], report: Path) -> tuple[list[Block], dict[str, Any]]:
    from fastlogs._compare import compare
    from fastlogs._report.report import composed

    found = compare(*paths)
    (pair,) = found.pairs.values()
    written = composed([found]).save(report)
    first, second = paths
    blocks: list[Block] = [
        Text(f">>> fastlogs.compare({str(first)!r}, {str(second)!r})"),
        *map(Prose, pair.sentences),
        Text(f"wrote the report, {counts(len(written), 'file')}, to {report}: begin with {written[0]}"),
        Text(f"try next:\n  fastlogs {first}\n  fastlogs compare {first} {second}\n  fastlogs formats list"),
    ]
    return blocks, {"sentences": list(pair.sentences), "report": [str(path) for path in written]}


def _curve(step: int, noise: random.Random) -> float:
    return 2.6 + 8.2 * math.exp(-step / 900) + noise.gauss(0, 0.03)


def _nanogpt() -> str:
    noise = random.Random(0)
    lines = ["number of parameters: 123.59M", "compiling the model... (takes a ~minute)"]
    for step in range(0, _STEPS + 1, 10):
        loss = _curve(step, noise)
        if step % 500 == 0:
            lines.append(f"step {step}: train loss {loss:.4f}, val loss {loss + 0.05:.4f}")
        lines.append(
            f"iter {step}: loss {loss:.4f}, time {135 + noise.gauss(0, 2):.2f}ms, mfu {41 + noise.gauss(0, 1):.2f}%"
        )
    return "\n".join(lines) + "\n"


def _trainer() -> str:
    noise = random.Random(1)
    rows = []
    for step in range(10, _STEPS + 1, 10):
        row = {"step": step, "loss": round(_curve(step, noise) - 0.03, 4), "learning_rate": 3e-4 * (1 - step / _STEPS)}
        rows.append(row | {"grad_norm": round(1 + abs(noise.gauss(0, 0.2)), 4)})
    return "".join(json.dumps(row) + "\n" for row in rows)
