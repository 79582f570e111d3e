"""Objects of a real S3-compatible server over HTTP: the same tables as from files, whatever the server does."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import tracemalloc
import warnings
from collections.abc import Iterator
from pathlib import Path

import fastlogs
import pytest
from conftest import nanogpt
from fastlogs._cloud import open as cloud_open
from fastlogs._cloud import store
from fastlogs._index.table import table_of
from polars.testing import assert_frame_equal
from servers import S3, Web, cutting, s3_server, web_server

HERE = all(importlib.util.find_spec(name) is not None for name in ("moto", "flask", "obstore"))
if not HERE and os.environ.get("FASTLOGS_CLOUD") == "required":
    raise RuntimeError("obstore and moto are required and not there: pip install -r requirements-dev.txt")
pytestmark = pytest.mark.skipif(not HERE, reason="needs obstore and moto: pip install -r requirements-dev.txt")


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    """An S3-compatible server in a process of its own."""
    yield from s3_server()


@pytest.fixture
def s3(server: S3, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> S3:
    """An empty bucket `logs` on it, named by the environment."""
    # The same bytes under the same URL are remembered from one test to the next.
    monkeypatch.setenv("FASTLOGS_CACHE", str(tmp_path_factory.mktemp("kept")))
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    return server.emptied()


@pytest.fixture
def web() -> Iterator[Web]:
    """A plain web server, which knows ranges and has no list."""
    yield from web_server()


def fill(s3: S3, root: Path, runs: int = 6) -> Path:
    """The same runs as objects and as files."""
    for k in range(runs):
        for name, text in (("train.log", nanogpt(40, seed=k)), ("config.json", json.dumps({"lr": 0.1 * k, "seed": k}))):
            file = root / f"run_{k}" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            s3.put(f"sweep/run_{k}/{name}", text)
    return root


def test_an_object_is_read_as_a_file_is(s3: S3, log: Path) -> None:
    s3.put("run/train.log", log.read_bytes())

    assert_frame_equal(fastlogs.read(log), fastlogs.read("s3://logs/run/train.log"))
    assert_frame_equal(fastlogs.read(log), fastlogs.scan("s3://logs/run/train.log").collect())
    assert_frame_equal(fastlogs.read(log, metrics="@loss"), fastlogs.read("s3://logs/run/train.log", metrics="@loss"))
    assert fastlogs.infer("s3://logs/run/train.log").name == "nanogpt"


def test_a_folder_of_objects_is_a_folder_of_runs(s3: S3, tmp_path: Path) -> None:
    root = fill(s3, tmp_path / "sweep")
    there, here = fastlogs.discover("s3://logs/sweep/"), fastlogs.discover(root)

    assert here.names == there.names
    assert table_of(here, here.facts).equals(table_of(there, there.facts))
    assert here.configs.equals(there.configs)
    assert [run.place.why for run in here] == [run.place.why for run in there]


def test_globs_labels_and_lists_of_objects(s3: S3, tmp_path: Path) -> None:
    root = fill(s3, tmp_path / "sweep")

    assert_frame_equal(fastlogs.read(f"{root}/run_[12]/*.log"), fastlogs.read("s3://logs/sweep/run_[12]/*.log"))
    assert_frame_equal(
        fastlogs.read([root / "run_1/train.log", root / "run_2/train.log"]),
        fastlogs.read(["s3://logs/sweep/run_1/train.log", "s3://logs/sweep/run_2/train.log"]),
    )
    assert fastlogs.read("base=s3://logs/sweep/run_1/train.log")["run"].unique().to_list() == ["base"]


def test_settings_beside_a_log_that_is_named(s3: S3, tmp_path: Path) -> None:
    fill(s3, tmp_path / "sweep", runs=4)

    assert dict(fastlogs.load("s3://logs/sweep/run_3/train.log").config) == {"lr": 0.1 * 3, "seed": 3}


def test_a_sweep_of_objects_says_what_one_of_files_says(s3: S3, tmp_path: Path) -> None:
    root = fill(s3, tmp_path / "sweep")
    died = nanogpt(30) + 'Traceback (most recent call last):\n  File "train.py", line 7, in step\nValueError: bad\n'
    s3.put("sweep/run_2/train.log", died)
    (root / "run_2/train.log").write_text(died)
    here, there = (fastlogs.sweep(where, metric="loss", now=0.0) for where in (root, "s3://logs/sweep/"))

    assert repr(here).replace(str(root), "") == repr(there).replace("s3://logs/sweep/", "")
    assert there.counts["crashed"] == 1


def test_a_second_look_asks_for_no_log(s3: S3, tmp_path: Path) -> None:
    fill(s3, tmp_path / "sweep")
    first = fastlogs.discover("s3://logs/sweep/").facts
    s3.put("sweep/run_1/train.log", nanogpt(50, seed=1))
    again = fastlogs.discover("s3://logs/sweep/").facts

    assert (first.remembered, again.remembered) == (0, 5)
    assert again.summary.filter(run="run_1", metric="loss")["n"][0] == 50


def test_many_pages_of_names_are_listed_side_by_side(s3: S3) -> None:
    for k in range(260):
        for name in ("a.log", "b.log", "c.log", "d.log"):
            s3.put(f"many/run_{k}{'-x' * (k % 3 == 0)}/{name}", b"x")
    from fastlogs._cloud import find
    from fastlogs._cloud.store import opened_store

    listed = [name for name, _ in find._listed(opened_store("s3://logs"), "s3://logs/", "many")]

    assert 1040 == len(listed) == len(set(listed))


def test_large_objects_are_read_in_windows(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    text = nanogpt(20_000)
    s3.put("large.log", text)
    monkeypatch.setattr(cloud_open, "WINDOW", 100_001)
    whole = fastlogs.read("s3://logs/large.log")

    assert whole.height == 20_000
    opened = cloud_open.opened([fastlogs._sources.resolve("s3://logs/large.log").files[0].origin])[0]
    tracemalloc.start()
    size = 0
    while data := opened.read1(1 << 20):
        size += len(data)
    assert len(text) == size
    assert tracemalloc.get_traced_memory()[1] < 8 * 100_001
    tracemalloc.stop()


def test_a_log_that_is_replaced_while_it_is_read_is_refused(s3: S3) -> None:
    s3.put("run.log", nanogpt(50))
    run = fastlogs.load("s3://logs/run.log")
    s3.put("run.log", nanogpt(60, seed=3))

    with pytest.raises(fastlogs.SourceError, match="replaced while it was read"):
        run.metrics  # noqa: B018


def test_what_is_missing_is_said_with_what_to_type(s3: S3) -> None:
    s3.put("run/train.log", nanogpt(5))

    with pytest.raises(
        FileNotFoundError, match=r"no such object or folder: s3://logs/run/val.log\nhelp: fastlogs disc"
    ):
        fastlogs.read("s3://logs/run/val.log")
    with pytest.raises(fastlogs.NoSuchObject, match="no such bucket: s3://nobody"):
        fastlogs.discover("s3://nobody/runs/")
    with pytest.raises(fastlogs.UsageError, match="found the object"):
        fastlogs.discover("s3://logs/run/train.log")


def test_who_may_not_read_is_told_which_object(web: Web, monkeypatch: pytest.MonkeyPatch, server: S3) -> None:
    server.emptied().put("secret.log", nanogpt(5))
    with pytest.raises(
        PermissionError, match=r"not allowed to read http.*secret.log\nhelp: a web server is asked as nobody"
    ):
        # Nobody has signed this.
        fastlogs.read(f"http://127.0.0.1:{server.port}/logs/secret.log")


def test_who_may_not_read_is_told_what_to_set(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    s3.put("secret.log", nanogpt(5))
    s3.refuse()
    with pytest.raises(PermissionError, match=r"not allowed to read s3://logs/secret.log\nhelp: AWS_ACCESS_KEY_ID and"):
        fastlogs.read("s3://logs/secret.log")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert store._permission("s3://logs/x").startswith("set AWS_SECRET_ACCESS_KEY; AWS_SKIP_SIGNATURE=true reads")
    monkeypatch.delenv("GOOGLE_SERVICE_ACCOUNT", raising=False)
    assert store._permission("gs://logs/x").startswith("set GOOGLE_SERVICE_ACCOUNT; ")


def test_a_connection_that_breaks_is_taken_up_again(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    text = nanogpt(20_000)
    s3.put("large.log", text)
    with cutting(s3.port, after=400_000, times=2) as cut:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{cut.port}")
        table = fastlogs.read("s3://logs/large.log")

    assert (table.height, cut.broken) == (20_000, 2)


@pytest.mark.parametrize("window", [cloud_open.WINDOW, 250_001])
def test_of_a_server_that_dies_half_way_the_rows_before_are_kept(
    s3: S3, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    text = nanogpt(20_000)
    s3.put("large.log", text)
    monkeypatch.setattr(cloud_open, "WINDOW", window)
    run = fastlogs.load("s3://logs/large.log")
    with cutting(s3.port, after=200_000, times=1, dies=True) as cut:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{cut.port}")
        table = run.metrics
    told = re.fullmatch(
        r"s3://logs/large\.log could not be read: .*; (\d+) bytes had come", run.coverage.sources[0].damage
    )
    assert told is not None
    came = text.encode()[: int(told[1])]

    assert_frame_equal(fastlogs.read(io.BytesIO(came[: came.rindex(b"\n") + 1])), table)
    assert 0 < table.height < 20_000
    assert run.coverage.counts["damaged"] == 1


def test_a_read_of_a_dying_server_warns(s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    s3.put("large.log", nanogpt(20_000))
    with cutting(s3.port, after=200_000, times=1, dies=True) as cut:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{cut.port}")
        with pytest.warns(fastlogs.LinesLeft, match="1 source is damaged"):
            assert fastlogs.read("s3://logs/large.log").height > 0


def test_of_a_server_that_dies_before_a_byte_there_is_an_error_that_names_the_object(
    s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.put("large.log", nanogpt(2000))
    run = fastlogs.load("s3://logs/large.log")
    with cutting(s3.port, after=0, times=1, dies=True) as cut:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{cut.port}")
        with pytest.raises(fastlogs.SourceError, match=r"s3://logs/large\.log could not be read"):
            run.metrics  # noqa: B018


def test_a_run_whose_object_cannot_be_had_breaks_no_other(
    s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(s3, tmp_path / "sweep", runs=3)
    s3.put("sweep/run_1/train.log", nanogpt(20_000))
    with cutting(s3.port, after=400_000, times=1, dies=True) as cut, warnings.catch_warnings():
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{cut.port}")
        facts = fastlogs.discover("s3://logs/sweep/", cache=False).facts

    assert facts.broken == {}
    assert facts.coverage["run_1"]["damaged"] == 1
    assert 0 < facts.summary.filter(run="run_1", metric="loss")["n"].item() < 20_000


def test_a_resume_in_an_object_is_stitched_as_in_a_file(s3: S3, tmp_path: Path) -> None:
    lines = nanogpt(60).splitlines(keepends=True)
    text = "".join(lines[:40] + lines[30:])
    (tmp_path / "sweep/run_0").mkdir(parents=True)
    (tmp_path / "sweep/run_0/train.log").write_text(text)
    s3.put("sweep/run_0/train.log", text)
    here, there = fastlogs.discover(tmp_path / "sweep").look(), fastlogs.discover("s3://logs/sweep/").look()

    assert_frame_equal(here.summary, there.summary)
    assert there.coverage["run_0"]["resumes"] == 1


def test_a_plain_web_server(web: Web, log: Path) -> None:
    web.files["runs/train.log"] = log.read_bytes()

    assert_frame_equal(fastlogs.read(log), fastlogs.read(web.url("runs/train.log")))
    with pytest.raises(FileNotFoundError, match="no such object: http"):
        fastlogs.read(web.url("runs/no.log"))
    with pytest.raises(fastlogs.UsageError, match="a web server has no list"):
        fastlogs.read(web.url("runs/"))


def test_what_is_missing_is_asked_for_by_range(web: Web) -> None:
    text = nanogpt(20_000)
    web.files["large.log"] = text.encode()
    with cutting(web.port, after=200_000, times=1) as cut:
        table = fastlogs.read(f"http://127.0.0.1:{cut.port}/large.log")
    begins = [int(span.removeprefix("bytes=").partition("-")[0]) for _, span in web.asked if span]

    assert table.height == 20_000
    assert any(0 < begin <= 200_000 for begin in begins)


def test_names_that_no_disk_takes_are_told(s3: S3) -> None:
    s3.put("odd/run_0/train.log", nanogpt(10))
    s3.put("odd/" + "x" * 300 + "/train.log", nanogpt(10))

    with pytest.warns(fastlogs.LinesLeft, match="cannot be arranged"):
        assert len(fastlogs.discover("s3://logs/odd/")) == 1
