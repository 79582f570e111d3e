"""Reads one log in one way in a process of its own, and tells what it took and what it found.

    python benches/peers.py PEER WORKLOAD PATH [--digest]

Imports are over before the clock starts. The digest is of the values, whatever the table's shape: a count and an exact
sum for each column, so that two ways to read agree if and only if they read the same numbers.
"""

from __future__ import annotations

import importlib.util
import json
import math
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workloads import FLOAT, INT, SIZE, STAMP, TEXT, WORKLOADS, Column, Workload, alike, unlike

if TYPE_CHECKING:
    import polars as pl

Frames = dict[str, "pl.DataFrame"]
Peer = Callable[[Workload, str], "Frames | pl.DataFrame"]

PEERS: dict[str, tuple[tuple[str, ...], Peer]] = {}


def peer(name: str, *imports: str) -> Callable[[Peer], Peer]:
    """Names a way to read, and what it imports before the clock starts."""

    def add(function: Peer) -> Peer:
        PEERS[name] = (imports, function)
        return function

    return add


# What polars imports when it is first handed a lazy source, where it is installed.
LAZY = ("pyarrow",) if importlib.util.find_spec("pyarrow") else ()


# --- fastlogs: the public functions, and two private options that have no public name


@peer("fastlogs", "fastlogs._read", "polars")
def by_pattern(workload: Workload, path: str) -> pl.DataFrame:
    import fastlogs

    return fastlogs.read(path, pattern=workload.patterns)


@peer("fastlogs, 1 thread", "fastlogs._read", "polars")
def one_thread(workload: Workload, path: str) -> pl.DataFrame:
    return _private(path, threads=1, pattern=workload.patterns)


@peer("fastlogs scan", "fastlogs._lazy", "polars", *LAZY)
def by_scan(workload: Workload, path: str) -> pl.DataFrame:
    import fastlogs

    return fastlogs.scan(path, pattern=workload.patterns).collect()


@peer("fastlogs, format named", "fastlogs._read", "polars")
def by_format(workload: Workload, path: str) -> pl.DataFrame:
    import fastlogs

    return fastlogs.read(path, format=workload.format)


@peer("fastlogs, format named, 1 thread", "fastlogs._read", "polars")
def by_format_alone(workload: Workload, path: str) -> pl.DataFrame:
    return _private(path, threads=1, format=workload.format)


@peer("fastlogs scan, format named", "fastlogs._lazy", "polars", *LAZY)
def by_scan_of_format(workload: Workload, path: str) -> pl.DataFrame:
    import fastlogs

    return fastlogs.scan(path, format=workload.format).collect()


@peer("fastlogs scan, 2 columns", "fastlogs._lazy", "polars", *LAZY)
def by_scan_of_two(workload: Workload, path: str) -> pl.DataFrame:
    import fastlogs

    return fastlogs.scan(path, format=workload.format).select("step", "ppl").collect()


@peer("fastlogs, nothing named", "fastlogs._read", "polars")
def by_detection(_: Workload, path: str) -> pl.DataFrame:
    import fastlogs

    return fastlogs.read(path)


@peer("fastlogs, generic reader", "fastlogs._read", "polars")
def by_generic(_: Workload, path: str) -> pl.DataFrame:
    import fastlogs

    return fastlogs.read(path, format="generic")


def _private(path: str, threads: int, **asked: object) -> pl.DataFrame:
    from fastlogs._read import table_of
    from fastlogs._request import ask

    return table_of(ask(path, **asked).with_options(threads=threads))[0]


def _patterns(patterns: list[str]) -> Peer:
    def read(_: Workload, path: str) -> pl.DataFrame:
        import fastlogs

        return fastlogs.read(path, pattern=patterns)

    return read


for _n in (1, 10, 100):
    peer(f"fastlogs, {_n} alike", "fastlogs._read", "polars")(_patterns(alike(_n)))
peer("fastlogs, 100 unlike", "fastlogs._read", "polars")(_patterns(unlike(100)))


# --- polars: one query a table, as it can give one struct a regex


def _polars(engine: str, literal_first: bool) -> Peer:
    def read(workload: Workload, path: str) -> Frames:
        import polars as pl

        files = f"{path}/*/train.log" if os.path.isdir(path) else path
        found: Frames = {}
        for at, table in enumerate(workload.tables):
            lines = pl.scan_lines(files, name="line")
            if literal_first:
                lines = lines.filter(pl.col("line").str.contains(table.literal, literal=True))
            groups = lines.select(pl.col("line").str.extract_groups(table.regex).alias("groups"))
            matched = groups.filter(pl.col("groups").struct.field(table.columns[0].group).is_not_null())
            found[f"{table.kind} {at}"] = matched.select(_typed(c) for c in table.columns).collect(engine=engine)
        return found

    return read


def _typed(column: Column) -> pl.Expr:
    import polars as pl

    value = pl.col("groups").struct.field(column.group)
    match column.holds:
        case "int":
            value = value.cast(pl.Int64)
        case "float":
            value = value.cast(pl.Float64)
        case "stamp":
            value = value.str.strptime(pl.Datetime("us"), column.written)
    return value.alias(column.group)


for _engine in ("streaming", "in-memory"):
    peer(f"polars {_engine}", "polars")(_polars(_engine, literal_first=False))
    peer(f"polars {_engine}, prefiltered", "polars")(_polars(_engine, literal_first=True))


# --- Python's re, line by line


@peer("Python re", "polars", "re")
def python_re(workload: Workload, path: str) -> Frames:
    import re

    import polars as pl

    rules = [(re.compile(t.regex).search, [_converter(c) for c in t.columns], []) for t in workload.tables]
    for file in _files(path):
        with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            for line in lines:
                for search, converters, rows in rules:
                    if match := search(line):
                        rows.append([convert(text) for convert, text in zip(converters, match.groups(), strict=True)])
                        break
    return {
        f"{table.kind} {at}": pl.DataFrame(rows, schema=[c.group for c in table.columns], orient="row")
        for at, (table, (_, _, rows)) in enumerate(zip(workload.tables, rules, strict=True))
    }


def _files(path: str) -> Iterable[Path]:
    return sorted(Path(path).glob("*/train.log")) if os.path.isdir(path) else [Path(path)]


def _converter(column: Column) -> Callable[[str], object]:
    from datetime import datetime

    written = column.written.replace(",%3f", ",%f").replace("%.3f", ".%f")
    stamp = lambda text: datetime.strptime(text, written)  # noqa: E731
    return {INT: int, FLOAT: float, TEXT: str, SIZE: str, STAMP: stamp}[column.holds]


# --- readers of JSON lines


@peer("duckdb read_json", "duckdb", "pyarrow", "polars")
def duckdb_json(workload: Workload, path: str) -> Frames:
    import duckdb

    columns = ", ".join(f"{c.group}: '{'BIGINT' if c.holds == INT else 'DOUBLE'}'" for c in workload.tables[0].columns)
    query = f"SELECT * FROM read_json('{path}', format='newline_delimited', columns={{{columns}}})"
    return {"train 0": duckdb.connect().sql(query).pl()}


@peer("polars scan_ndjson", "polars")
def polars_ndjson(workload: Workload, path: str) -> Frames:
    import polars as pl

    schema = {c.group: pl.Int64 if c.holds == INT else pl.Float64 for c in workload.tables[0].columns}
    return {"train 0": pl.scan_ndjson(path, schema=schema).collect(engine="streaming")}


# --- what was found


def digest(workload: Workload, found: Frames | pl.DataFrame) -> dict[str, list[float]]:
    """A count and an exact sum for each column; text counts its bytes, time its milliseconds."""
    told = {}
    for at, table in enumerate(workload.tables):
        frame = found.get(f"{table.kind} {at}") if isinstance(found, dict) else found
        for column in table.columns:
            name = next((name for name in column.called if frame is not None and name in frame.columns), None)
            told[column.group] = [] if name is None else _sum(frame[name], column)
    return told


def _sum(values: pl.Series, column: Column) -> list[float]:
    import polars as pl

    values = values.drop_nulls()
    if column.holds == SIZE and values.dtype == pl.String:
        scale = values.str.tail(1).replace_strict({"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}, return_dtype=pl.Float64)
        values = values.str.head(-1).cast(pl.Float64) * scale
    if column.holds == TEXT:
        values = values.cast(pl.String).str.len_bytes()
    if column.holds == STAMP:
        values = values.dt.replace_time_zone(None).dt.epoch("ms")
    total = math.fsum(values.cast(pl.Float64)) if values.dtype.is_float() else int(values.cast(pl.Int64).sum())
    return [len(values), float(f"{total:.11g}") if column.holds in (FLOAT, SIZE) else int(total)]


def cpu_seconds() -> float:
    of = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in of)


def peak_mb() -> float:
    """The most memory this program has held; `ru_maxrss` would count what its parent held before it."""
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmHWM")) / 1024


def main(name: str, workload_name: str, path: str, *flags: str) -> None:
    imports, read = PEERS[name]
    for module in imports:
        __import__(module)
    workload = WORKLOADS.get(workload_name) or Workload("p", ())
    wall, cpu = time.perf_counter(), cpu_seconds()
    found = read(workload, path)
    told: dict[str, object] = {"wall": time.perf_counter() - wall, "cpu": cpu_seconds() - cpu, "peak_mb": peak_mb()}
    if "--digest" in flags:
        told["digest"] = digest(workload, found)
        told["rows"] = found.height if not isinstance(found, dict) else max(f.height for f in found.values())
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
