"""Engines: whoever reads the runs, the table is the same byte for byte."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastlogs
import polars as pl
import pytest
from click.testing import CliRunner
from conftest import nanogpt
from fastlogs._cli.commands.index import COMMAND as INDEX
from fastlogs._cli.commands.sweep import COMMAND as SWEEP
from fastlogs._engines import here, over
from fastlogs._index import facts_of
from fastlogs._index.shard import Shard
from fastlogs._index.table import merged, table_of, write
from fastlogs._sweep.document import document
from fastlogs.errors import UsageError
from polars.testing import assert_frame_equal

HERE = importlib.util.find_spec("ray") is not None
if not HERE and os.environ.get("FASTLOGS_RAY") == "required":
    raise RuntimeError("ray is required and not there: pip install --no-deps --target .ray -r requirements-ray.txt")
needs_ray = [
    pytest.mark.ray,
    pytest.mark.skipif(not HERE, reason="needs ray: pip install 'fastlogs[ray]'"),
    # Ray leaves sockets to be collected, and tells of what it will change.
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """A Ray cluster of this machine's own, one for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
        import ray

        ray.init(num_cpus=2, include_dashboard=False, object_store_memory=200 << 20, log_to_driver=False)
        ray.data.DataContext.get_current().enable_progress_bars = False
        yield ray
        ray.shutdown()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        # Some of these runs are broken on purpose.
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        yield


@pytest.fixture
def sweep(tmp_path: Path) -> Path:
    """Runs of two formats, one without a metric, one that ended badly, one whose settings are in pieces."""
    for k in range(21):
        folder = tmp_path / "sweep" / f"run_{k}"
        folder.mkdir(parents=True)
        (folder / "train.log").write_text(nanogpt(40 + k, seed=k))
        (folder / "config.json").write_text(json.dumps({"lr": 0.1 * k, "seed": k}))
    root = tmp_path / "sweep"
    (root / "run_3/train.log").write_text("nothing is measured here\n")
    (root / "run_4/train.log").write_text("".join(f"epoch {e} | acc {e / 50:.3f}\n" for e in range(1, 41)))
    (root / "run_5/config.json").write_text('{"lr": ')
    with open(root / "run_6/train.log", "a") as log:
        log.write('Traceback (most recent call last):\n  File "train.py", line 7, in step\nValueError: bad 3\n')
    return root


def as_bytes(table: pl.DataFrame, path: Path) -> bytes:
    return write(table, path).read_bytes()


def serial(root: Path, to: Path) -> bytes:
    runs = fastlogs.discover(root, cache=False)
    return as_bytes(table_of(runs, runs.look()), to)


def test_one_run_after_the_other_cached_and_in_shards(sweep: Path, tmp_path: Path) -> None:
    expected = serial(sweep, tmp_path / "a.parquet")
    alone = fastlogs.discover(sweep, cache=False)
    one_by_one = [table_of([run], facts_of([run], None)) for run in alone]
    for part, table in enumerate(one_by_one):
        write(table, tmp_path / f"one-{part}.parquet")

    assert expected == as_bytes(merged(sorted(tmp_path.glob("one-*.parquet"))), tmp_path / "b.parquet")
    for _ in range(2):
        cached = fastlogs.discover(sweep)
        assert expected == as_bytes(table_of(cached, cached.look()), tmp_path / "c.parquet")
    parts = []
    for k in range(5):
        runs = fastlogs.discover(sweep, cache=False)
        runs = runs.only(Shard(k + 1, 5).among(runs))
        parts.append(write(table_of(runs, runs.look()), tmp_path / f"part-{k}.parquet"))
    assert expected == as_bytes(merged(parts), tmp_path / "d.parquet")


def test_parts_put_together_here(sweep: Path, tmp_path: Path) -> None:
    runs = fastlogs.discover(sweep, cache=False)
    told: list[tuple[int, int]] = []
    facts = facts_of(runs, None, lambda done, of: told.append((done, of)), way=map)

    assert serial(sweep, tmp_path / "a.parquet") == as_bytes(table_of(runs, facts), tmp_path / "b.parquet")
    assert_frame_equal(runs.look().summary, facts.summary)
    assert told[-1] == (21, 21)
    assert facts_of([], None).summary.is_empty()


def test_a_part_in_which_all_is_broken_can_be_merged(tmp_path: Path) -> None:
    parts = []
    for k, text in enumerate(("nothing\n", nanogpt(20))):
        (tmp_path / f"root{k}/run_{k}").mkdir(parents=True)
        (tmp_path / f"root{k}/run_{k}/train.log").write_text(text)
        (tmp_path / f"root{k}/run_{k}/config.json").write_text("{}")
        runs = fastlogs.discover(tmp_path / f"root{k}", cache=False)
        keys = {run.name: f"run_{k}" for run in runs}
        parts.append(write(table_of(runs, runs.look(), keys), tmp_path / f"{k}.parquet"))

    assert merged(parts)["rows"].is_null().to_list() == [True, False]


def test_an_engine_that_nobody_knows(sweep: Path) -> None:
    with pytest.raises(UsageError, match="wanted an engine among ray, found 'spark'"):
        fastlogs.discover(sweep).look(engine="spark")
    assert here is over(None)


class TestRay:
    """On a real cluster."""

    pytestmark = needs_ray

    def test_the_table_is_the_same_byte_for_byte(self, cluster: Any, sweep: Path, tmp_path: Path) -> None:
        runs = fastlogs.discover(sweep, cache=False)
        facts = runs.look(engine="ray")

        assert serial(sweep, tmp_path / "a.parquet") == as_bytes(table_of(runs, facts), tmp_path / "b.parquet")
        assert_frame_equal(fastlogs.discover(sweep, cache=False).look().summary, facts.summary)
        assert list(runs.broken) == ["run_3"]

    def test_a_sweep_says_the_same(self, cluster: Any, sweep: Path) -> None:
        # Runs enough for several batches.
        for k in range(30, 120):
            (sweep / f"run_{k}").mkdir()
            (sweep / f"run_{k}/train.log").write_text(nanogpt(12, seed=k))
        here, there = (
            fastlogs.sweep(fastlogs.discover(sweep, cache=False), metric="loss", now=0.0, engine=engine)
            for engine in (None, "ray")
        )

        assert document(here) == document(there)

    def test_what_a_cluster_read_is_remembered(
        self, cluster: Any, sweep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FASTLOGS_CACHE", str(tmp_path / "kept"))
        # What was written a moment ago is not remembered.
        time.sleep(0.06)
        there = fastlogs.sweep(sweep, metric="loss", now=0.0, engine="ray")

        assert fastlogs.discover(sweep).look().remembered == 21
        assert document(fastlogs.sweep(sweep, metric="loss", now=0.0)) == document(there)
        assert document(fastlogs.sweep(sweep, metric="loss", now=0.0, engine="ray")) == document(there)

    def test_an_error_is_raised_as_it_was(self, cluster: Any, sweep: Path) -> None:
        with pytest.raises(fastlogs.UnknownMetric, match="no metric 'lss'"):
            fastlogs.sweep(sweep, metric="lss", engine="ray")
        with pytest.raises(ZeroDivisionError):
            list(over("ray")(lambda part: 1 // part, [1, 0]))

    def test_a_dataset_has_every_value(self, cluster: Any, sweep: Path) -> None:
        data = fastlogs.ray.read(sweep, parallelism=4)
        found = pl.concat([pl.from_arrow(block) for block in cluster.get(data.to_arrow_refs())])
        names = [f"run_{k}" for k in range(21) if k != 3]
        tables = [
            fastlogs.read(sweep / name, layout="long").select(pl.lit(name).alias("run"), pl.all()) for name in names
        ]
        expected = pl.concat(tables, how="diagonal_relaxed")
        order = ["run", "offset", "metric"]

        assert expected.height == found.height == data.count()
        shown = (pl.col("run", "metric").cast(pl.String), "step", "value", "offset")
        assert_frame_equal(expected.select(*shown).sort(order), found.select(*shown).sort(order))

    def test_columns_and_rows_are_pushed_down_to_the_reader(self, cluster: Any, sweep: Path) -> None:
        from ray.data.expressions import col

        data = fastlogs.ray.read(sweep).filter(
            expr=(col("metric") == "loss") & (col("run") == "run_1") & (col("step") > 38)
        )
        rows = data.select_columns(["step", "value"]).take_all()
        table = fastlogs.read(sweep / "run_1")

        assert table.filter(pl.col("step") > 38).select("step", value="loss").to_dicts() == rows
        plan = data.select_columns(["step", "value"])._logical_plan
        from ray.data._internal.logical.optimizers import LogicalOptimizer

        assert [type(op).__name__ for op in LogicalOptimizer().optimize(plan).dag.post_order_iter()] == ["Read"]

    def test_a_wide_dataset_has_the_columns_that_were_named(self, cluster: Any, sweep: Path) -> None:
        data = fastlogs.ray.read(sweep, layout="wide", metrics=["loss", "val_loss"])
        expected = sum(40 if k == 4 else 40 + k for k in range(21) if k != 3)

        assert data.schema().names == ["run", "step", "epoch", "wall_time", "elapsed", "loss", "val_loss"]
        assert expected == data.count() == data.select_columns(["step"]).count()
        with pytest.raises(UsageError, match="wanted the names of the columns"):
            fastlogs.ray.read(sweep, layout="wide")


PAGE = Path(__file__).parents[2] / "docs/thousands.md"


def test_the_dask_recipe_gives_the_same_table(sweep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("dask") is None:
        assert os.environ.get("FASTLOGS_CLOUD") != "required", "dask is required: pip install -r requirements-dev.txt"
        pytest.skip("needs dask: pip install 'dask[dataframe]'")
    (recipe,) = re.findall(r"^```py\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(sweep.parent)
    sweep.rename("runs")
    there: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        exec(compile(recipe, str(PAGE), "exec"), there)

    expected = fastlogs.discover("runs", cache=False).summary
    assert_frame_equal(
        expected, pl.from_pandas(there["table"]).select(pl.col(n).cast(t) for n, t in expected.schema.items())
    )


def test_without_obstore_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)

    with pytest.raises(
        fastlogs.MissingExtra, match=r"reading gs:// needs an extra\nhelp: pip install 'fastlogs\[cloud\]'"
    ):
        fastlogs.read("gs://nobody/x.log")


def test_without_ray_it_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['ray'] = None; import fastlogs; fastlogs.ray.over(len, [[1]]).__next__()"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert "pip install 'fastlogs[ray]'" in told.stderr


def test_the_command_says_what_to_install_too(sweep: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    for verb in (SWEEP, INDEX):
        with pytest.raises(fastlogs.MissingExtra, match=r"this needs Ray\nhelp: pip install 'fastlogs\[ray\]'"):
            CliRunner().invoke(verb, [str(sweep), "--engine", "ray"], catch_exceptions=False)
