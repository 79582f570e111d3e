"""`read` and `load`: sources, patterns, names, and what is said when something is left."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import subprocess
import sys
import warnings
from pathlib import Path

import fastlogs
import polars as pl
import polars.testing
import pytest
from conftest import nanogpt


def test_one_row_a_step(log: Path) -> None:
    table = fastlogs.read(log)

    assert table.height == 100
    assert table.columns[0] == "step"
    assert {"loss", "val_loss", "time", "mfu"} <= set(table.columns)
    assert table["step"].to_list() == list(range(100))


@pytest.mark.parametrize(
    "given",
    [
        str,
        lambda p: p,
        lambda p: io.BytesIO(p.read_bytes()),
        lambda p: str(p.parent / "tr*.log"),
        lambda p: str(p.parent),
    ],
    ids=["text", "path", "BytesIO", "glob", "folder"],
)
def test_sources(log: Path, given: object) -> None:
    assert fastlogs.read(given(log)).equals(fastlogs.read(log))  # type: ignore[operator]


def test_an_open_file_is_read_from_where_it_stands(log: Path) -> None:
    with log.open("rb") as file:
        file.readline()
        assert fastlogs.read(file).equals(fastlogs.read(log))


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_compressed(log: Path, ending: str, pack: object) -> None:
    packed = log.with_suffix(f".{ending}")
    packed.write_bytes(pack(log.read_bytes()))  # type: ignore[operator]

    assert fastlogs.read(packed).equals(fastlogs.read(log))


def test_standard_input(log: Path) -> None:
    code = "import fastlogs; print(fastlogs.read('-').height)"
    with log.open("rb") as file:
        said = subprocess.run([sys.executable, "-c", code], stdin=file, capture_output=True, check=True)

    assert said.stdout == b"100\n"


def test_a_list_has_a_run_column(runs: Path) -> None:
    paths = sorted(runs.glob("*/train.log"))
    table = fastlogs.read([paths[0], f"mine={paths[1]}"])

    assert table.columns[:2] == ["run", "step"]
    assert table["run"].unique(maintain_order=True).to_list() == ["train.log", "mine"]


def test_a_folder_of_runs(runs: Path) -> None:
    table = fastlogs.read(runs)

    assert table["run"].unique(maintain_order=True).to_list() == ["seed0", "seed1", "seed2"]
    assert table.height == 120


def test_many_small_files_are_as_each_alone(tmp_path: Path) -> None:
    """Whatever columns they have: numbers, words, cells that are empty, none at all."""
    behind = ("", " acc 0.5", " note good", " acc 0.25 note bad", " acc 0.75 note ok")
    pattern = r"step (?P<step>\d+) loss (?P<loss>\S+)(?: acc (?P<acc>\S+))?(?: note (?P<note>\w+))?"
    for k in range(60):
        # A few alike, then others; in some a column begins late.
        more = behind[k // 4 % len(behind)]
        rows = (f"step {step} loss {step * k / 8}{more if step > k % 3 else ''}\n" for step in range(1, 9))
        (tmp_path / f"run_{k:02d}.log").write_text("".join(rows) if k % 11 else "nothing\n")

    def alone(path: Path) -> pl.DataFrame:
        table = fastlogs.read([path, path], pattern=pattern)
        return table.filter(pl.col("run") == table["run"][0]).with_columns(pl.lit(path.name).alias("run"))

    logs = sorted(tmp_path.iterdir())
    wanted = pl.concat([alone(path) for k, path in enumerate(logs) if k % 11], how="diagonal_relaxed")
    found = fastlogs.read(tmp_path, pattern=pattern)
    found = found.with_columns((pl.col("run").cast(pl.String).str.strip_suffix(".log") + ".log").alias("run"))

    pl.testing.assert_frame_equal(wanted, found, check_column_order=False)


def test_a_folder_that_is_one_run(tmp_path: Path) -> None:
    (tmp_path / "train.log").write_text(nanogpt(20))
    (tmp_path / "eval.csv").write_text("step,accuracy\n0,0.1\n10,0.5\n")

    assert "run" not in fastlogs.read(tmp_path).columns


@pytest.mark.parametrize(
    ("given", "raised", "says"),
    [
        ("nope.log", FileNotFoundError, "nope.log"),
        ("nope*.log", FileNotFoundError, "nothing matches"),
        ([], fastlogs.UsageError, "empty list"),
        (b"x", TypeError, "BytesIO"),
        (3, TypeError, "found int"),
    ],
)
def test_what_is_no_source(given: object, raised: type[Exception], says: str) -> None:
    with pytest.raises(raised) as told:
        fastlogs.read(given)  # type: ignore[arg-type]

    assert says in str(told.value)


OWN = "begin\nstep=1 loss: 2.5 tag a\nstep=2 loss: 2.25 tag b\nstep=3 loss: nan tag c\nend\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.log"
    path.write_text(OWN)
    return path


@pytest.mark.parametrize(
    "pattern",
    [
        r"step=(?P<step>\d+) loss: (?P<loss>\S+)",
        re.compile(r"STEP=(?P<step>\d+) LOSS: (?P<loss>\S+)", re.IGNORECASE),
        [r"step=(?P<step>\d+) loss: (?P<loss>\S+)"],
        {"train": r"step=(?P<step>\d+) loss: (?P<loss>\S+)"},
        {"train": (r"step=(?P<step>\d+) loss: (?P<loss>\S+)", {"step": int, "loss": float})},
    ],
    ids=["text", "compiled", "list", "dict", "types"],
)
def test_patterns(own: Path, pattern: object) -> None:
    table = fastlogs.read(own, pattern=pattern)

    assert table["step"].to_list() == [1, 2, 3]
    assert table["loss"].to_list()[:2] == [2.5, 2.25]
    assert table["loss"].is_nan().to_list() == [False, False, True]


def test_a_pattern_types_its_groups(own: Path) -> None:
    pattern = (r"step=(?P<step>\d+) loss: (?P<loss>\S+) tag (?P<tag>\w)", {"tag": str})

    assert fastlogs.read(own, pattern=pattern)["tag"].to_list() == ["a", "b", "c"]


def test_a_name_labels_the_kind(own: Path) -> None:
    assert "val_loss" in fastlogs.read(own, pattern={"val": r"step=(?P<step>\d+) loss: (?P<loss>\S+)"}).columns


@pytest.mark.parametrize(
    "pattern",
    [[{"Name": "loss", "Regex": r"loss: (\S+)"}], {"loss": r"loss: (\S+)"}],
    ids=["SageMaker", "Guild"],
)
def test_pattern_sources_people_have(own: Path, pattern: object) -> None:
    assert fastlogs.read(own, pattern=pattern)["loss"].to_list()[:2] == [2.5, 2.25]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (r"loss: (\S+)", "no named group"),
        (r"(?P<loss", "(?P<loss"),
        ([], "at least one"),
        (3, "found int"),
        ((r"(?P<loss>\S+)", {"lss": float}), "no group 'lss'"),
        ((r"(?P<loss>\S+)", {"loss": bytes}), "wanted int, float, str or datetime"),
        (r"(?P<loss>\S+)(?=x)", "look"),
    ],
)
def test_what_is_no_pattern(own: Path, pattern: object, says: str) -> None:
    with pytest.raises(fastlogs.PatternError) as told:
        fastlogs.read(own, pattern=pattern)

    assert says in str(told.value)


def test_a_python_function_reads_line_by_line(own: Path) -> None:
    def parse(line: str) -> dict[str, float] | None:
        found = re.match(r"step=(\d+) loss: (\S+)", line)
        return {"step": int(found[1]), "loss": float(found[2])} if found else None

    table = fastlogs.read(own, pattern=parse)

    assert table.columns == ["step", "loss"]
    assert table["step"].to_list() == [1, 2, 3]


def test_a_format_and_a_pattern_contradict(own: Path) -> None:
    with pytest.raises(fastlogs.UsageError, match="found both"):
        fastlogs.read(own, format="nanogpt", pattern="(?P<x>.)")


@pytest.mark.parametrize("metrics", ["loss", ["loss"], ["l?ss"], "@loss"])
def test_metrics_by_name_glob_or_role(log: Path, metrics: object) -> None:
    whole = fastlogs.read(log)
    some = fastlogs.read(log, metrics=metrics)  # type: ignore[arg-type]

    assert [c for c in some.columns if c in ("loss", "val_loss", "time", "mfu")] == ["loss"]
    assert some["loss"].equals(whole["loss"])


def test_a_name_that_is_not_there(log: Path) -> None:
    with pytest.raises(fastlogs.UnknownMetric) as told:
        fastlogs.read(log, metrics=["val_los"])

    assert "did you mean 'val_loss'" in str(told.value)


@pytest.mark.parametrize("name", ["nope", "nanogtp"])
def test_an_unknown_format(log: Path, name: str) -> None:
    with pytest.raises(fastlogs.UnknownFormat, match=f"no format '{name}'"):
        fastlogs.read(log, format=name)


def test_nothing_matched_says_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "prose.txt"
    path.write_text("it was a dark night\nthe rain fell\n" * 20)
    with pytest.raises(fastlogs.NoMetricsFound) as told:
        fastlogs.read(path)

    assert "it was a dark night" in str(told.value)
    assert "pattern=" in str(told.value)


def test_an_empty_long_table_is_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "empty.log"
    path.write_text("")

    assert fastlogs.read(path, layout="long").height == 0
    with pytest.raises(fastlogs.NoMetricsFound, match="it is empty"):
        fastlogs.read(path)


RESUMED = nanogpt(30) + "".join(nanogpt(60, seed=1).splitlines(keepends=True)[20:])


def test_what_was_left_is_said_once_and_typed(tmp_path: Path) -> None:
    path = tmp_path / "resumed.log"
    path.write_text(RESUMED)
    with pytest.warns(fastlogs.LinesLeft) as told:
        fastlogs.read(path)

    assert len(told) == 1
    assert told[0].message.counts["resumes"] == 1
    assert told[0].filename == __file__
    with pytest.raises(fastlogs.LinesLeft):
        fastlogs.read(path, strict=True)


def test_a_good_log_is_read_in_silence(log: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fastlogs.read(log, strict=True)


def test_a_run(log: Path) -> None:
    run = fastlogs.load(log)

    assert len(repr(run)) <= 80
    assert run.metrics.equals(fastlogs.read(log))
    assert len(repr(run)) <= 80
    assert set(run.tables) == {"train", "val"}
    assert run.tables["val"].height == 2
    assert run.units["time"] == "ms"
    assert run.coverage.sources[0].format == "nanogpt"
    assert run.axis("time") is not None
    assert "train.log" in run._repr_html_()
    summary = run.summary()
    assert summary.filter(pl.col("metric") == "loss")["n"].item() == 100


def test_a_run_is_one_run(runs: Path) -> None:
    with pytest.raises(fastlogs.UsageError, match="wanted one run, found 3"):
        fastlogs.load(runs)


def test_hostile_names_are_inert(tmp_path: Path) -> None:
    path = tmp_path / "<script>alert(1)</script>.log"
    path.write_text(nanogpt(20)) if False else path.parent.mkdir(exist_ok=True)
    path = tmp_path / "<b>x.log"
    path.write_text(nanogpt(20))

    assert "<b>" not in fastlogs.load(path)._repr_html_()


def test_summarize(runs: Path) -> None:
    loaded = [fastlogs.load(p) for p in sorted(runs.iterdir())]
    table = fastlogs.summarize(loaded)

    assert table["run"].unique(maintain_order=True).to_list() == ["seed0", "seed1", "seed2"]


def test_the_engine_s_summary_is_that_of_the_table(log: Path) -> None:
    from fastlogs._summary import summary_of_frame

    numbers = ["n", "n_nan", "n_inf", "first", "last", "min", "min_step", "max", "max_step", "mean", "sd", "last100"]
    wanted = summary_of_frame(fastlogs.read(log)).select("metric", *numbers)
    given = fastlogs.read(log, layout="summary").select("metric", *numbers)

    pl.testing.assert_frame_equal(given, wanted, check_dtypes=False)


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        ("round 7 cost<2.5>", {"round": "7", "cost": "2.5"}),
        ("[3/9] it=12, the_loss= 1e-5 (100%)", {"it": "12", "the_loss": "1e-5"}),
        ("a'b 3 x 4", {"b": "3", "x": "4"}),
        ("x 1 x 2", {"x": "1"}),
    ],
)
def test_what_is_suggested_reads_the_line(line: str, groups: dict[str, str]) -> None:
    from fastlogs._coverage import suggestion

    pattern = suggestion([line]).split("pattern=r'")[1].split("')")[0]
    found = re.compile(pattern).search(line)

    assert found is not None
    assert found.groupdict() == groups


def test_the_generic_reader_by_name(tmp_path: Path) -> None:
    """It reads what a format of the catalogue would have claimed, by its own lights."""
    path = tmp_path / "own.log"
    path.write_text("".join(f"epoch 1 | step {k} | loss={5 / k:.4f} | lr=1e-4\n" for k in range(1, 30)))

    named = fastlogs.read(path, format="generic")

    assert named["step"].to_list() == list(range(1, 30))
    assert named["loss"][0] == 5.0
