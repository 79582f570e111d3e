"""Golden values: a run's numbers kept to compare later runs with; ours, Megatron's, torchtitan's, or any run."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from fastlogs._labels import shown
from fastlogs._run import Run
from fastlogs._runs import load
from fastlogs._series import main_rows, metrics_of, series
from fastlogs._whole import written
from fastlogs.errors import FormatError

if TYPE_CHECKING:
    import polars as pl

SCHEMA = "fastlogs.golden/1"
# Golden files are small; what is larger is a log.
_MOST_BYTES = 256 << 20
_PER_LINE = 8

Given: TypeAlias = "str | os.PathLike[str] | Run | pl.DataFrame"


@dataclass(frozen=True)
class Golden:
    """Series by metric, each with `step` and `value`; a null value is not compared."""

    origin: str
    series: Mapping[str, pl.DataFrame]
    units: Mapping[str, str] = field(default_factory=dict)
    # Whether the file is one that `write` made.
    ours: bool = False
    # Whether only some of a run's steps were kept, and nan stands for a value that was not there.
    sampled: bool = False
    # Whether the steps are places in the run's own order.
    by_place: bool = False
    # What the file holds beside series.
    left: tuple[str, ...] = ()


def golden_of(given: Given) -> Golden:
    """The golden values behind a frame, a run, a golden file or anything that `load` reads.

    >>> sorted(golden_of("train.log").series)
    ['loss', 'mfu', 'time', 'train_loss', 'val_loss']
    """
    import polars as pl

    if isinstance(given, pl.DataFrame):
        return of_table(given, "frame")
    if isinstance(given, Run):
        return of_table(given.metrics, given.name, given.units)
    path = os.fspath(given)
    text = _text(path)
    found = None if text is None else (_of_json(text, path) or _of_losses(text, path))
    return found or golden_of(load(path))


def of_table(table: pl.DataFrame, origin: str, units: Mapping[str, str] | None = None) -> Golden:
    """Every metric of a wide table as a series."""
    if "step" not in table.columns:
        table = table.with_row_index("step")
    rows = main_rows(table)
    return Golden(origin, {name: series(rows, name) for name in metrics_of(rows)}, units or {})


def write(path: Path, golden: Golden) -> None:
    """Writes golden values as a small JSON that diffs well; a failure leaves what was there."""
    metrics = [f"{json.dumps(name)}: {_entry(golden, name)}" for name in golden.series]
    body = ",\n".join(f"    {metric}" for metric in metrics)
    text = f'{{\n  "schema": "{SCHEMA}",\n  "metrics": {{\n{body}\n  }}\n}}\n'
    written(path, text)


def _entry(golden: Golden, name: str) -> str:
    table = golden.series[name]
    steps = _folded([str(step) for step in table["step"]])
    values = _folded([json.dumps(_word(value)) for value in table["value"]])
    unit = json.dumps(golden.units.get(name))
    return f'{{\n      "unit": {unit},\n      "steps": {steps},\n      "values": {values}\n    }}'


def _folded(words: list[str]) -> str:
    lines = [", ".join(words[at : at + _PER_LINE]) for at in range(0, len(words), _PER_LINE)]
    return "[\n        " + ",\n        ".join(lines) + "\n      ]" if lines else "[]"


def _word(value: float | None) -> float | str | None:
    """JSON has no nan and no infinity."""
    if value is None or math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")


def _text(path: str) -> str | None:
    """The text of a small plain file; None when it is none."""
    if not os.path.isfile(path) or os.path.getsize(path) > _MOST_BYTES:
        return None
    data = Path(path).read_bytes()
    try:
        return None if b"\0" in data[:4096] else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _of_json(text: str, path: str) -> Golden | None:
    """Ours or Megatron's; None when the text is neither."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        if SCHEMA[: SCHEMA.index("/")] in text[:200]:
            raise _wrong(path, f"golden values that are cut or damaged: {error}") from error
        return None
    if not isinstance(found, dict):
        return None
    if str(found.get("schema", "")).startswith("fastlogs.golden/"):
        return _of_ours(found, path)
    return _of_megatron(found, path)


def _of_ours(found: dict[str, Any], path: str) -> Golden:
    metrics = found.get("metrics")
    if found["schema"] != SCHEMA or not isinstance(metrics, dict):
        raise _wrong(path, f'wanted "schema": "{SCHEMA}" and "metrics", found schema {found["schema"]!r}')
    tables, units = {}, {}
    for name, entry in metrics.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("steps"), list):
            raise _wrong(path, f"wanted steps and values of '{name}'")
        tables[name] = _table(entry["steps"], entry.get("values"), path, name)
        if isinstance(entry.get("unit"), str):
            units[name] = entry["unit"]
    return Golden(shown(path), tables, units, ours=True)


def _of_megatron(found: dict[str, Any], path: str) -> Golden | None:
    """`{"lm loss": {"start_step", "step_interval", "values"}}`, where values are by step, or once were a list."""
    entries = {name: e for name, e in found.items() if isinstance(e, dict) and isinstance(e.get("values"), dict | list)}
    if not entries or not all("start_step" in entry for entry in entries.values()):
        return None
    tables = {name: _table(*_stepped(entry, path, name), path, name) for name, entry in entries.items()}
    listed = any(isinstance(entry["values"], list) for entry in entries.values())
    left = tuple(name for name in found if name not in entries)
    return Golden(shown(path), tables, sampled=True, by_place=listed, left=left)


def _stepped(entry: dict[str, Any], path: str, name: str) -> tuple[list[Any], list[Any]]:
    values = entry["values"]
    if isinstance(values, dict):
        return list(values), list(values.values())
    start, stride = entry["start_step"], entry.get("step_interval", 1)
    if not isinstance(start, int) or not isinstance(stride, int):
        raise _wrong(path, f"wanted whole numbers for start_step and step_interval of '{name}'")
    return [start + at * stride for at in range(len(values))], values


def _table(steps: list[Any], values: Any, path: str, name: str) -> pl.DataFrame:
    """A series of JSON values; refused when a step is no whole number or a value none."""
    import polars as pl

    if not isinstance(values, list) or len(values) != len(steps):
        raise _wrong(path, f"wanted as many values as steps of '{name}'")
    try:
        at = [_whole_step(step) for step in steps]
        numbers = [None if value is None else float(value) for value in values]
        return pl.DataFrame({"step": at, "value": numbers}, schema={"step": pl.Int64, "value": pl.Float64})
    except (TypeError, ValueError, OverflowError) as raised:
        raise _wrong(path, f"wanted numbers in '{name}': {raised}") from None


def _whole_step(step: Any) -> int:
    if isinstance(step, bool | float) or not -(2**63) <= int(step) < 2**63:
        raise ValueError(f"{step!r} is no step")
    return int(step)


def _wrong(path: str, what: str) -> FormatError:
    return FormatError(f"{shown(path)} holds no golden values: {what}", help="--update writes it anew", path=path)


_NUMBER = r"[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|nan|inf)"
_LOSSES = re.compile(rf"\d+(?:[ \t]+{_NUMBER})+", re.IGNORECASE)


def _of_losses(text: str, path: str) -> Golden | None:
    """torchtitan's `1 8.0483` lines; `# step loss grad_norm` may name the columns. None when any line is another."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    rows = [line.split() for line in lines if not line.startswith("#")]
    if not rows or not all(_LOSSES.fullmatch(line) for line in lines if not line.startswith("#")):
        return None
    names = _columns([line[1:].split() for line in lines if line.startswith("#")], len(rows[0]))
    if names is None or any(len(row) != len(names) for row in rows):
        return None
    steps = [row[0] for row in rows]
    tables = {name: _table(steps, [row[at] for row in rows], path, name) for at, name in enumerate(names) if at}
    return Golden(shown(path), tables)


def _columns(comments: list[list[str]], width: int) -> list[str] | None:
    named = [words for words in comments if words[:1] == ["step"] and len(words) == width]
    return named[-1] if named else (["step", "loss"] if width == 2 else None)


Pick: TypeAlias = Callable[[str], bool]


def picked(golden: Golden, keep: Pick) -> Golden:
    """The same with fewer metrics."""
    return Golden(golden.origin, {n: t for n, t in golden.series.items() if keep(n)}, golden.units, ours=golden.ours)
