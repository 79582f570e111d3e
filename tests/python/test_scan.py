"""`scan`: whatever polars pushes down, the rows are those of `read`."""

from __future__ import annotations

import pickle
from pathlib import Path

import fastlogs
import polars as pl
import polars.testing
import pytest
from conftest import nanogpt
from fastlogs._lazy import equalities
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture(params=["read whole", "surveyed"], autouse=True)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small logs are read whole, large ones surveyed: both ways for every test."""
    if request.param == "surveyed":
        monkeypatch.setattr("fastlogs._lazy._SMALL", 0)
        monkeypatch.setattr("fastlogs._memory.is_light", lambda _: False)


def test_collect_equals_read(log: Path) -> None:
    assert fastlogs.scan(log).collect().equals(fastlogs.read(log))


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_folder_of_runs(runs: Path, engine: str) -> None:
    whole = fastlogs.read(runs)
    lazy = fastlogs.scan(runs)

    assert lazy.collect(engine=engine).equals(whole)
    one = lazy.filter(pl.col("run") == "seed1").select("step", "loss").collect(engine=engine)
    assert one.equals(whole.filter(pl.col("run") == "seed1").select("step", "loss"))


def test_long_by_metric(log: Path) -> None:
    whole = fastlogs.read(log, layout="long")
    some = fastlogs.scan(log, layout="long").filter(pl.col("metric") == "val_loss").collect()

    assert some.equals(whole.filter(pl.col("metric") == "val_loss"))


def test_only_what_is_shown_is_parsed(log: Path) -> None:
    explained = fastlogs.scan(log).select("loss").explain()

    assert "PROJECT 1/" in explained


COLUMNS = ("step", "loss", "val_loss", "time", "mfu")
FILTERS = (
    None,
    pl.col("step") > 30,
    pl.col("loss").is_null(),
    (pl.col("loss") < 4) & (pl.col("mfu") > 41.5),
    pl.col("val_loss").is_not_null() | (pl.col("step") == 3),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    columns=st.none() | st.lists(st.sampled_from(COLUMNS), unique=True, min_size=1),
    filtered=st.integers(0, len(FILTERS) - 1),
    rows=st.none() | st.integers(0, 120),
    engine=st.sampled_from(["in-memory", "streaming"]),
)
def test_pushdown_changes_no_row(
    log: Path, columns: list[str] | None, filtered: int, rows: int | None, engine: str
) -> None:
    def query(frame: pl.LazyFrame) -> pl.LazyFrame:
        frame = frame if FILTERS[filtered] is None else frame.filter(FILTERS[filtered])
        frame = frame if columns is None else frame.select(columns)
        return frame if rows is None else frame.head(rows)

    assert query(fastlogs.scan(log)).collect(engine=engine).equals(query(fastlogs.read(log).lazy()).collect())


@pytest.mark.parametrize(
    "query",
    [
        lambda f: f.select(pl.len()),
        lambda f: f.slice(2, 3),
        lambda f: f.tail(2),
        lambda f: f.filter(pl.col("step") > pl.col("step").mean()),
        lambda f: f.group_by(pl.col("step") // 10, maintain_order=True).agg(pl.col("loss").mean()),
        lambda f: f.join(f, on="step").select("step", "loss_right"),
        lambda f: f.with_columns(x=pl.col("loss") * 2).select("x"),
    ],
)
def test_queries_that_polars_splits(log: Path, query: object) -> None:
    got, wanted = (query(frame).collect() for frame in (fastlogs.scan(log), fastlogs.read(log).lazy()))  # type: ignore[operator]

    # polars adds up batches in another order, and joins in any.
    polars.testing.assert_frame_equal(got, wanted, check_row_order=False, check_exact=False, rel_tol=1e-12)


def test_dropped_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "long.log"
    path.write_text(nanogpt(20_000))
    for at in range(200):
        engine = ("in-memory", "streaming")[at % 2]
        got = fastlogs.scan(path).filter(pl.col("step") >= at).head(2).collect(engine=engine)
        assert got["step"].to_list() == [at, at + 1]


def test_a_lazy_frame_is_collected_twice_and_after_growth(log: Path) -> None:
    lazy = fastlogs.scan(log)
    first = lazy.collect()
    with log.open("a") as file:
        file.write("iter 100: loss 3.0, time 1.00ms, mfu 41.00%, extra 5\n")

    again = lazy.collect()
    assert again.columns == first.columns
    assert again.height == first.height + 1


def test_names_that_look_like_globs(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("step,a*,ab,a[0],q?\n" + "".join(f"{i},{i},{i + 1},{i + 2},{i + 3}\n" for i in range(20)))
    whole = fastlogs.read(path)
    for name in ("a*", "ab", "a[0]", "q?"):
        assert fastlogs.scan(path).select(name).collect().equals(whole.select(name))


def test_nothing_found_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("nothing here\n" * 9)
    with pytest.raises(fastlogs.NoMetricsFound, match="nothing here"):
        fastlogs.scan(path).collect()


def test_missing_is_told_with_its_own_exception(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fastlogs.scan(tmp_path / "nope").collect()


def test_a_plan_can_be_pickled(log: Path) -> None:
    from fastlogs._lazy import Plan
    from fastlogs._request import ask

    plan = Plan(ask(log))
    plan.schema()
    again = pickle.loads(pickle.dumps(plan))

    assert pl.concat(again.batches(["step"], None, None, None)).height == 100


@pytest.mark.parametrize(
    ("predicate", "found"),
    [
        (pl.col("run") == "a", {"run": "a"}),
        ((pl.col("run") == "a") & (pl.col("x") > 3), {"run": "a"}),
        ((pl.col("run") == "a") | (pl.col("x") > 3), {}),
        (pl.lit("a") == pl.col("metric"), {"metric": "a"}),
        (~(pl.col("run") == "a"), {}),
        (pl.col("run") != "a", {}),
        (pl.col("run").is_in(["a"]), {}),
        (pl.col("run") == pl.col("metric"), {}),
    ],
)
def test_what_is_read_off_a_predicate(predicate: pl.Expr, found: dict[str, str]) -> None:
    assert equalities(predicate) == found
