"""Law 1 for every format: same bytes, same tables, and the three tables say the same."""

from __future__ import annotations

import itertools
import os
import random
import threading
import warnings
from pathlib import Path

import fastlogs
import polars as pl
import pytest
from data.make.logs import FOLDER, LOGS, small
from fastlogs import _core
from reading import CODECS, CONTEXT, table, tables

STEPS = 120
LAYOUTS = ("wide", "long")


@pytest.fixture
def path(name: str, tmp_path: Path) -> Path:
    path = tmp_path / "x.log"
    path.write_bytes(LOGS[name](STEPS, 1).encode())
    return path


@pytest.fixture(autouse=True)
def _nothing_told() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        yield


@pytest.mark.parametrize("name", LOGS)
def test_the_small_logs_are_what_their_maker_makes(name: str) -> None:
    assert (FOLDER / f"{name}.log").read_bytes() == small(name)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", LOGS)
def test_block_size_and_threads_change_nothing(path: Path, layout: str) -> None:
    whole = tables(path, layout=layout, threads=1)
    assert whole[0].height >= STEPS // 4
    for block, threads in itertools.product((64, 4096, 512 << 10), (1, 2, 7)):
        got = tables(path, layout=layout, block_bytes=block, threads=threads)
        assert got[0].equals(whole[0]), (block, threads)
        assert got[1] == whole[1], (block, threads)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", LOGS)
def test_streaming_changes_nothing(path: Path, layout: str) -> None:
    for restarts in ("stitch", "keep"):
        whole = tables(path, layout=layout, restarts=restarts)
        got = tables(path, layout=layout, restarts=restarts, streaming=True, batch_rows=7, block_bytes=512)
        assert got[0].equals(whole[0]), restarts
        assert got[1] == whole[1], restarts


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("name", LOGS)
def test_compression_changes_nothing(path: Path, codec: str) -> None:
    packed = path.with_suffix(".log.packed")
    packed.write_bytes(CODECS[codec](path.read_bytes()))
    for layout in LAYOUTS:
        whole = tables(path, layout=layout)
        for block, threads in ((64, 2), (4096, 1), (512 << 10, 7)):
            got = tables(packed, layout=layout, block_bytes=block, threads=threads)
            assert got[0].equals(whole[0]), (layout, block, threads)
            assert got[1] == whole[1], (layout, block, threads)


@pytest.mark.parametrize("name", LOGS)
def test_a_pipe_changes_nothing(path: Path) -> None:
    fifo = path.with_name("fifo")
    os.mkfifo(fifo)
    for layout, block in (("wide", 512 << 10), ("long", 777)):
        writer = threading.Thread(target=lambda: fifo.write_bytes(path.read_bytes()))
        writer.start()
        got = tables(fifo, layout=layout, block_bytes=block, threads=2)
        writer.join()
        whole = tables(path, layout=layout)
        assert got[0].equals(whole[0])
        assert got[1] == whole[1]
    assert tables(path.read_bytes())[0].equals(tables(path)[0])


class Crumbs:
    """An open file that gives a few bytes a read."""

    def __init__(self, data: bytes, seed: int) -> None:
        self.data, self.at, self.noise = data, 0, random.Random(seed)

    def read(self, _: int) -> bytes:
        crumb = self.data[self.at : self.at + self.noise.choice((1, 2, 3, 7, 100, 4000))]
        self.at += len(crumb)
        return crumb


@pytest.mark.parametrize("name", LOGS)
def test_how_bytes_come_changes_nothing(path: Path) -> None:
    data = path.read_bytes()
    packed = [data, *(pack(data) for pack in CODECS.values()), data.decode().encode("utf-16")]
    whole = table(path, layout="long", threads=1)
    for seed, given in enumerate(packed):
        got = pl.DataFrame(
            _core.open([("", "x", Crumbs(given, seed))], _core.Options(layout="long", threads=2, block_bytes=999))
        )
        # Offsets are of the text: of UTF-16 too, once it is UTF-8.
        assert got.equals(whole), seed


@pytest.mark.parametrize("restarts", ["stitch", "keep"])
@pytest.mark.parametrize("name", LOGS)
def test_wide_is_a_pivot_of_long(path: Path, restarts: str) -> None:
    """Every column of the wide table, its nulls left out, is the metric's rows of the long one."""
    wide = table(path, restarts=restarts).with_columns(pl.lit(0).alias("attempt")) if restarts == "stitch" else None
    wide = table(path, restarts=restarts) if wide is None or "attempt" in wide.columns else wide
    long = table(path, layout="long", restarts=restarts)
    metrics = [column for column in wide.columns if column not in CONTEXT]

    assert set(long["metric"].unique()) == set(metrics)
    for metric in metrics:
        column = wide.filter(pl.col(metric).is_not_null()).select("step", pl.col(metric).alias("value"))
        rows = long.filter(pl.col("metric") == metric).select(
            "step", pl.col("text" if column.schema["value"] == pl.String else "value").alias("value")
        )
        assert column.equals(rows), metric


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", LOGS)
def test_projection_changes_no_row(path: Path, layout: str) -> None:
    whole, told = tables(path, layout=layout)
    metrics = sorted(whole["metric"].unique()) if layout == "long" else [m for m in whole.columns if m not in CONTEXT]
    noise = random.Random(5)
    chosen = [[metric] for metric in metrics] + [noise.sample(metrics, min(len(metrics), 2 + k)) for k in range(4)]
    for some in chosen:
        got, now = tables(path, layout=layout, metrics=some)
        if layout == "wide":
            shown = [column for column in whole.columns if column in CONTEXT or column in some]
            assert got.equals(whole.select(shown)), some
        else:
            assert got.equals(whole.filter(pl.col("metric").is_in(some))), some
        assert (now["lines"], now["rules"], now["step"]) == (told["lines"], told["rules"], told["step"])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", LOGS)
def test_scan_equals_read(path: Path, layout: str) -> None:
    whole = fastlogs.read(path, layout=layout)
    lazy = fastlogs.scan(path, layout=layout)
    assert lazy.collect().equals(whole)
    assert lazy.collect(engine="streaming").equals(whole)
    noise = random.Random(3)
    for _ in range(4):
        columns = noise.sample(whole.columns, noise.randint(1, min(4, whole.width)))
        assert lazy.select(columns).collect().equals(whole.select(columns)), columns
    assert lazy.select(pl.len()).collect().item() == whole.height


@pytest.mark.parametrize("name", LOGS)
def test_growth_changes_no_row_before(name: str, tmp_path: Path) -> None:
    """What a log said when it was shorter, it says still: all rows but the last, which may have been half told."""
    data = LOGS[name](STEPS, 1).encode()
    whole = table(data, layout="long", restarts="keep")
    lines = data.splitlines(keepends=True)
    for share in (0.5, 0.7, 0.95):
        cut = len(b"".join(lines[: int(len(lines) * share)]))
        part = table(data[:cut], layout="long", restarts="keep")
        settled = part.filter(pl.col("offset") < cut - 400)
        assert settled.equals(whole.head(settled.height))


@pytest.mark.parametrize("name", LOGS)
def test_a_summary_is_of_the_rows(name: str, path: Path) -> None:
    long = fastlogs.read(path, layout="long").filter(pl.col("value").is_not_null())
    longest = long["attempt"].mode(maintain_order=True)[0]
    long = long.filter(pl.col("attempt") == longest)
    summary = fastlogs.read(path, layout="summary")
    for row in summary.iter_rows(named=True):
        values = long.filter(pl.col("metric") == row["metric"])["value"]
        finite = values.filter(values.is_finite())
        assert row["n"] == len(values), row["metric"]
        if len(finite) == 0:
            continue
        assert str((row["first"], row["last"])) == str((values[0], values[-1])), row["metric"]
        assert (row["min"], row["max"]) == (finite.min(), finite.max()), row["metric"]
        assert row["mean"] == pytest.approx(finite.mean()), row["metric"]
        assert row["sd"] == pytest.approx(finite.std(), nan_ok=True), row["metric"]


def _runs(folder: Path) -> list[Path]:
    """Small runs that differ in what they log: columns, ranks, zones, restarts, a text that is no log."""
    lines = {
        0: "step {n} loss {x}\n",
        1: "[rank3]: step {n} loss {x}\n",
        2: "ts=2026-01-26T10:{m:02}:{n:02}Z step={n} loss={x} grad_norm={x}\n",
        3: "2026-01-26 10:{m:02}:{n:02},000 INFO step {n} loss {x} lr 1e-4\n",
        4: "nothing of note\n",
    }
    paths = []
    for k in range(60):
        made = "".join(lines[k % 5].format(n=n, m=k, x=round(5 / (n + 1), 3)) for n in range(1, 40))
        made += "".join(lines[k % 5].format(n=n, m=k, x=0.25) for n in range(30, 45)) if k % 7 == 0 else ""
        path = folder / f"run_{k:02}.log"
        path.write_text(made)
        paths.append(path)
    return paths


@pytest.mark.parametrize("restarts", ["stitch", "keep"])
def test_many_small_runs_are_what_each_is_alone(restarts: str, tmp_path: Path) -> None:
    paths = _runs(tmp_path)
    naive = pl.col(pl.Datetime).dt.replace_time_zone(None)
    alone = [table(path, restarts=restarts).with_columns(naive, run=pl.lit(path.name)) for path in paths]
    wanted = pl.concat([frame for frame in alone if frame.height], how="diagonal_relaxed")

    for threads in (1, 2, 5):
        options = _core.Options(restarts=restarts, run_column=True, threads=threads)  # type: ignore[arg-type]
        got = pl.DataFrame(_core.open([(path.name, path.name, str(path)) for path in paths], options))
        got = got.with_columns(naive, pl.col("run").cast(pl.String))
        assert set(got.columns) == set(wanted.columns)
        shown = [name for name in wanted.columns if name not in ("rank", "attempt")]
        assert got.select(shown).equals(wanted.select(shown)), threads
        for name in {"rank", "attempt"} & set(wanted.columns):
            assert got[name].equals(wanted[name].fill_null(0)), name
