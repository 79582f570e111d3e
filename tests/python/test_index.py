"""The index: a second look gives what a first would, whatever happened to files, disks and processes in between."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import fastlogs
import polars as pl
import pytest
from click.testing import CliRunner
from fastlogs import _core
from fastlogs._cli.commands.index import COMMAND as INDEX
from fastlogs._index import segment, where
from fastlogs._index.shard import Shard
from fastlogs._index.table import merged, table_of, write
from fastlogs._sources import Source
from fastlogs._sweep.document import document
from fastlogs.errors import DamagedFile, UsageError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

TORTURE = bool(os.environ.get("FASTLOGS_TORTURE"))


def line(step: int, loss: float) -> str:
    return f"step {step} | loss {loss:.4f} | lr 0.001\n"


def make_runs(root: Path, runs: int, lines: int = 12, *, old: bool = True) -> Path:
    """Folders with a log and settings each; old ones were written long before anybody looks."""
    for k in range(runs):
        folder = root / f"run_{k}"
        folder.mkdir(parents=True)
        (folder / "train.log").write_text("".join(line(step, 9.0 / step + k) for step in range(1, lines + 1)))
        (folder / "config.json").write_text(json.dumps({"lr": 0.1 * k, "seed": k}))
    if old:
        settle()
    return root


def settle() -> None:
    """Lets the clock of files tick: what was written a moment ago is read again each time."""
    time.sleep(0.06)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kept"
    monkeypatch.setenv(where.VARIABLE, str(folder))
    return folder


def look(root: Path, *, cache: bool = True) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, str], int]:
    with warnings.catch_warnings():
        # Broken runs are compared, not told.
        warnings.simplefilter("ignore")
        runs = fastlogs.discover(root, cache=cache)
        return runs.summary, runs.configs, dict(runs.broken), runs.facts.remembered


def assert_as_new(root: Path) -> int:
    """What is remembered equals what is read; gives how many were remembered."""
    *found, remembered = look(root)
    *fresh, none = look(root, cache=False)
    assert none == 0
    assert_frame_equal(found[0], fresh[0])
    assert_frame_equal(found[1], fresh[1])
    assert found[2] == fresh[2]
    return remembered


def swept(root: Path, *, cache: bool = True, metric: str | None = "loss") -> dict[str, object]:
    """Everything a sweep says."""
    return document(fastlogs.sweep(fastlogs.discover(root, cache=cache), metric=metric, now=2e9))


def test_a_second_look_reads_nothing(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 5)
    assert assert_as_new(root) == 0
    assert assert_as_new(root) == 5


def test_a_run_that_grew_is_read_alone(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 5)
    look(root)
    with open(root / "run_3" / "train.log", "a") as log:
        log.write(line(13, 0.5))
    assert assert_as_new(root) == 4
    assert look(root)[0].filter(run="run_3", metric="loss")["n"].item() == 13


def test_what_was_written_a_moment_ago_is_not_trusted(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 3, old=False)
    for k in range(3):
        future = time.time_ns() + 10**12
        os.utime(root / f"run_{k}" / "train.log", ns=(future, future))
    look(root)
    assert look(root)[3] == 0


def test_settings_are_of_the_stamp_too(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 3)
    look(root)
    (root / "run_1" / "config.json").write_text(json.dumps({"lr": 7.5, "seed": 1}))
    assert assert_as_new(root) == 2
    assert look(root)[1].filter(run="run_1")["lr"].item() == 7.5


def test_a_metric_that_is_a_file_of_a_folder_grew(tmp_path: Path, home: Path) -> None:
    """As MLflow keeps them: writing to a file does not touch its folder."""
    for k in range(3):
        metrics = tmp_path / "runs" / f"run_{k}" / "metrics"
        metrics.mkdir(parents=True)
        (metrics.parent / "meta.yaml").write_text("name: a\n")
        (metrics / "loss").write_text("".join(f"170000000000{step} {0.5 / step} {step}\n" for step in range(1, 6)))
    settle()
    assert assert_as_new(tmp_path / "runs") == 0
    with open(tmp_path / "runs" / "run_1" / "metrics" / "loss", "a") as file:
        file.write("1700000000009 0.01 9\n")
    settle()
    assert assert_as_new(tmp_path / "runs") == 2
    assert look(tmp_path / "runs")[0].filter(run="run_1", metric="loss")["last"].item() == 0.01


def test_runs_come_in_their_order_whichever_are_remembered(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 12)
    look(root)
    for k in (1, 5, 6, 11):
        _append(root / f"run_{k}" / "train.log", k)
    settle()
    runs = fastlogs.discover(root)
    assert runs.facts.remembered == 8
    assert list(runs.summary["run"].unique(maintain_order=True)) == [f"run_{k}" for k in range(12)]
    assert list(runs.facts.coverage) == list(runs.facts.settings) == [f"run_{k}" for k in range(12)]
    assert runs.facts.coverage["run_5"]["lines"] == 13


def _append(log: Path, at: int) -> None:
    with open(log, "a") as file:
        file.write(line(100 + at, 0.1 * at))


def _truncate(log: Path, at: int) -> None:
    os.truncate(log, max(log.stat().st_size - 7 * at, 0))


def _rotate(log: Path, at: int) -> None:
    log.unlink()
    log.write_text("".join(line(step, at) for step in range(1, 13)))


def _edit(log: Path, at: int) -> None:
    """Another digit, the same size, the same time: only the clock of the disk knows."""
    data = bytearray(log.read_bytes())
    digits = [k for k, byte in enumerate(data) if chr(byte).isdigit()]
    if digits:
        place = digits[at % len(digits)]
        data[place] = ord("0") + (data[place] - ord("0") + 1) % 10
    seen = log.stat()
    with open(log, "r+b") as file:
        file.write(data)
    os.utime(log, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def _restart(log: Path, at: int) -> None:
    """Begun anew, or resumed a little before where it was."""
    with open(log, "a") as file:
        file.writelines(line(step, 3.0 / step) for step in range(1 if at < 3 else at, 15 + at))


def _new_column(log: Path, at: int) -> None:
    with open(log, "a") as file:
        file.writelines(f"step {200 + k} | loss 0.{k} | lr 0.001 | grad norm {k}.5\n" for k in range(at))


def _new_format(log: Path, at: int) -> None:
    with open(log, "a") as file:
        file.writelines(json.dumps({"step": 300 + k, "loss": 0.5, "acc": k / 9}) + "\n" for k in range(3 * at))


def _death(log: Path, at: int) -> None:
    with open(log, "a") as file:
        file.write(f'Traceback (most recent call last):\n  File "t.py", line {at}, in f\nValueError: {at}\n')


CHANGES: list[Callable[[Path, int], None]] = [
    _append, _truncate, _rotate, _edit, _restart, _new_column, _new_format, _death
]  # fmt: skip


@settings(
    max_examples=200 if TORTURE else 12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(CHANGES), st.integers(1, 9)), min_size=1, max_size=4)
)
def test_no_answer_is_stale(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    changes: list[tuple[int, Callable[[Path, int], None], int]],
) -> None:
    place = tmp_path_factory.mktemp("stale")
    monkeypatch.setenv(where.VARIABLE, str(place / "kept"))
    root = make_runs(place / "runs", 4)
    look(root)
    for run, change, at in changes:
        change(root / f"run_{run}" / "train.log", at)
        assert_as_new(root)
        assert same(swept(root), swept(root, cache=False))


def same(one: dict[str, object], other: dict[str, object]) -> bool:
    """Equal, where NaN is NaN."""
    return json.dumps(one, default=str) == json.dumps(other, default=str)


def test_a_sweep_of_what_is_remembered_opens_no_log(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 12, 60)
    os.truncate(root / "run_3" / "train.log", 200)
    _death(root / "run_3" / "train.log", 7)
    settle()
    told = CliRunner().invoke(INDEX, [str(root)])
    assert told.output == "12 runs: 12 read, 0 remembered, 0 broken\n"
    expected = {metric: swept(root, cache=False, metric=metric) for metric in (None, "loss", "Loss", "@loss", "l*s")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_core, "open", None)
        patch.setattr(Source, "tail", None)
        for metric, wanted in expected.items():
            assert same(wanted, swept(root, metric=metric)), metric
    assert expected["loss"]["counts"]["crashed"] == 1  # type: ignore[index]


def test_a_sweep_by_another_metric_is_remembered_too(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 5, 30)
    look(root)
    found = fastlogs.sweep(root, metric="lr", goal="low")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_core, "open", None)
        again = fastlogs.sweep(root, metric="lr", goal="low")
    assert (found.metric, found.values) == (again.metric, again.values)


def test_long_curves_are_means_of_their_stretches(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 2, 4096)
    glance = fastlogs.sweep(root, metric="loss").glances[0]
    wide = fastlogs.read(root / "run_0" / "train.log").with_columns(at=pl.col("step") // 8)
    # Steps 1 to 4096 touch 1,025 stretches of 4 steps, which are more than 1,024: they are 8 wide.
    expected = wide.group_by("at", maintain_order=True).agg(pl.col("loss").mean())["loss"]

    assert glance.curve.points == 4096
    assert glance.curve.y.tolist() == pytest.approx(expected.to_list(), abs=1e-12)


def test_serial_parallel_remembered_and_sharded_are_one_table(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 9)
    (root / "run_4" / "train.log").write_text("Traceback (most recent call last):\nValueError: no\n")
    settle()
    parts = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for k in (1, 2, 3):
            runs = fastlogs.discover(root, cache=False)
            shard = runs.only(Shard.of(f"{k}/3").among(runs))
            parts.append(write(table_of(shard, shard.look()), tmp_path / f"part-{k}.parquet"))
        for k, cached in enumerate((False, True, True)):
            runs = fastlogs.discover(root, cache=cached)
            write(table_of(runs, runs.look()), tmp_path / f"whole-{k}.parquet")
    assert runs.facts.remembered == 9
    write(merged(parts), tmp_path / "merged.parquet")
    told = {path.read_bytes() for path in [*tmp_path.glob("whole-*.parquet"), tmp_path / "merged.parquet"]}
    assert len(told) == 1
    assert len(pl.read_parquet(tmp_path / "merged.parquet").filter(pl.col("broken").is_not_null())) == 1


def test_shards_hold_every_run_once(tmp_path: Path) -> None:
    runs = fastlogs.discover(make_runs(tmp_path / "runs", 30, 2), cache=False)
    dealt = [run.name for k in range(1, 8) for run in Shard.of(f"{k}/7").among(runs)]
    assert sorted(dealt) == sorted(runs.names)
    for wrong in ("0/3", "4/3", "a/b", "3", "1/0"):
        with pytest.raises(UsageError, match="shard"):
            Shard.of(wrong)


def test_parts_that_tell_otherwise_are_refused(tmp_path: Path) -> None:
    root = make_runs(tmp_path / "runs", 2)
    runs = fastlogs.discover(root, cache=False)
    write(table_of(runs, runs.look()), tmp_path / "old.parquet")
    _append(root / "run_0" / "train.log", 1)
    again = fastlogs.discover(root, cache=False)
    write(table_of(again, again.look()), tmp_path / "new.parquet")
    with pytest.raises(UsageError, match="run_0"):
        merged([tmp_path / "old.parquet", tmp_path / "new.parquet"])
    (tmp_path / "odd.parquet").write_bytes(b"PAR1 nothing of the kind")
    with pytest.raises(DamagedFile, match=r"odd\.parquet"):
        merged([tmp_path / "odd.parquet"])


def test_damaged_and_foreign_segments_are_as_good_as_none(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 3)
    look(root)
    (kept,) = where.kept()
    (whole,) = segment.segments(kept.folder)
    for cut in range(0, len(whole.read_bytes()), 997):
        (kept.folder / "cut.arrow").write_bytes(whole.read_bytes()[:cut])
        assert look(root)[3] == 3
    whole.unlink()
    (kept.folder / "cut.arrow").write_bytes(b"nothing")
    assert assert_as_new(root) == 0


def test_many_segments_become_one(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 3)
    for k in range(20):
        _append(root / "run_0" / "train.log", k)
        settle()
        look(root)
    (kept,) = where.kept()
    assert len(segment.segments(kept.folder)) <= 14
    assert assert_as_new(root) == 3


def test_without_a_place_to_keep_it_everything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_runs(tmp_path / "runs", 2)
    (tmp_path / "file").write_text("")
    for named in ("off", str(tmp_path / "file"), "/proc/nowhere"):
        monkeypatch.setenv(where.VARIABLE, named)
        assert assert_as_new(root) == 0


@contextmanager
def _child(code: str, *args: object, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that looks; gone at the end."""
    environment = {**os.environ, where.VARIABLE: str(home)}
    command = [sys.executable, "-W", "ignore", "-c", code, *map(str, args)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as child:
        yield child


LOOK = "import sys, fastlogs; runs = fastlogs.discover(sys.argv[1]); runs.facts; fastlogs.sweep(runs, metric='loss')"


def test_a_full_disk_keeps_nothing_and_breaks_nothing(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 40)
    full = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    full += "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
    with _child(full + LOOK, root, home=home) as child:
        assert child.wait() == 0
    assert not list(home.rglob("*.part"))
    assert assert_as_new(root) == 0
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_processes_at_once_agree(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 20)
    with ExitStack() as stack:
        children = [stack.enter_context(_child(LOOK, root, home=home)) for _ in range(4)]
        assert [child.wait() for child in children] == [0] * 4
    assert assert_as_new(root) == 20


def test_killed_while_writing_the_next_look_is_as_new(tmp_path: Path, home: Path) -> None:
    root = make_runs(tmp_path / "runs", 60)
    ready = "import sys, fastlogs, polars; from fastlogs._index import index; index._CLOSE = 3\n"
    ready += "from fastlogs._sweep.look import Closer\nprint('ready', flush=True)\n"
    ready += "runs = fastlogs.discover(sys.argv[1]); index.facts_of(runs, runs.root, look=Closer())"
    cold = swept(root, cache=False)
    chance = random.Random(1)
    for _ in range(200 if TORTURE else 6):
        with _child(ready, root, home=home) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0, 0.15))
            child.send_signal(signal.SIGKILL)
        assert_as_new(root)
        assert same(cold, swept(root))
        where.clear(str(root))


def test_a_part_whose_writer_is_killed_is_whole_or_not_there(tmp_path: Path, home: Path) -> None:
    root, part = make_runs(tmp_path / "runs", 60), tmp_path / "part.parquet"
    code = "import sys, fastlogs, polars; from pathlib import Path\n"
    code += "from fastlogs._index.table import table_of, write\n"
    code += "runs = fastlogs.discover(sys.argv[1], cache=False); table = table_of(runs, runs.look())\n"
    code += "print('ready', flush=True); write(table, Path(sys.argv[2]))"
    with _child(code, root, part, home=home) as child:
        assert child.wait() == 0
    expected, chance = part.read_bytes(), random.Random(2)
    for _ in range(200 if TORTURE else 6):
        part.unlink(missing_ok=True)
        with _child(code, root, part, home=home) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0, 0.01))
            child.send_signal(signal.SIGKILL)
        assert not part.exists() or part.read_bytes() == expected


def test_a_full_disk_leaves_no_half_part(tmp_path: Path) -> None:
    root = make_runs(tmp_path / "runs", 40)
    runs = fastlogs.discover(root, cache=False)
    table = table_of(runs, runs.look())
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2048, limits[1]))
        with pytest.raises(OSError, match=r"part\.parquet"):
            write(table, tmp_path / "part.parquet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert os.listdir(tmp_path) == ["runs"]


def test_clearing_removes_what_was_kept(tmp_path: Path, home: Path) -> None:
    one, other = make_runs(tmp_path / "one", 2), make_runs(tmp_path / "other", 2)
    look(one)
    look(other)
    assert [kept.root for kept in where.clear(str(one))] == [str(one)]
    assert [kept.root for kept in where.kept()] == [str(other)]
    assert (look(one)[3], look(other)[3]) == (0, 2)
