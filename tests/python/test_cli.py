"""The command line: golden cases as data, and what no transcript can show."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import fastlogs
import polars as pl
import pytest
from conftest import nanogpt
from fastlogs._cli.commands import COMMANDS

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(GOLDEN.glob("*.toml"))
UPDATE = bool(os.environ.get("FASTLOGS_UPDATE_GOLDEN"))


def fastlogs_(
    *args: str, cwd: Path, env: dict[str, str] | None = None, **rest: Any
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "80", "NO_COLOR": "1", "LANG": "C.UTF-8"}
    environment |= {k: v for k, v in os.environ.items() if k.startswith("PYTHON")} | (env or {})
    command = [sys.executable, "-m", "fastlogs", *args]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60, **rest
    )


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_golden(path: Path, tmp_path: Path) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, text in case.get("files", {}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name, asked in case.get("nanogpt", {}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(nanogpt(**asked) if isinstance(asked, dict) else nanogpt(asked))
    said = fastlogs_(*case["args"], cwd=tmp_path, env=case.get("env"), input=case.get("stdin", ""))
    got = {"exit": said.returncode, "stdout": said.stdout, "stderr": said.stderr}
    if UPDATE:
        _rewrite(path, got)
        return

    assert got == case["expected"]
    for name in case.get("writes", []):
        assert (tmp_path / name).exists()


def _rewrite(path: Path, got: dict[str, Any]) -> None:
    """Keeps what a case is given, replaces what came out."""
    kept = path.read_text(encoding="utf-8").split("\n[expected]\n")[0].rstrip()
    texts = "".join(f"{key} = '''\n{got[key]}'''\n" for key in ("stdout", "stderr"))
    path.write_text(f"{kept}\n\n[expected]\nexit = {got['exit']}\n{texts}", encoding="utf-8")


def test_every_verb_has_a_golden_case() -> None:
    shown = {tomllib.loads(p.read_text(encoding="utf-8"))["args"][0] for p in CASES}

    assert set(COMMANDS) <= shown


def test_the_help_says_what_each_verb_says() -> None:
    from importlib import import_module

    for name, about in COMMANDS.items():
        module = import_module(f"fastlogs._cli.commands.{name}")
        assert module.COMMAND.name == name
        assert module.COMMAND.short_help == about
        assert module.__doc__.startswith("`fastlogs " + name)


@pytest.mark.parametrize("args", [[], *([name] for name in COMMANDS)], ids=lambda a: " ".join(a) or "fastlogs")
def test_help_fits_a_screen(args: list[str], tmp_path: Path) -> None:
    said = fastlogs_(*args, "--help", cwd=tmp_path)

    assert said.returncode == 0
    assert len(said.stdout.splitlines()) <= 40
    assert max(map(len, said.stdout.splitlines())) <= 80


def test_json_has_its_schema(log: Path) -> None:
    said = fastlogs_("summary", str(log), "--json", cwd=log.parent)
    document = json.loads(said.stdout)

    assert document["schema"] == "fastlogs.summary/1"
    assert document["runs"][0]["format"] == "nanogpt"
    assert said.stderr == ""


@pytest.mark.parametrize("form", ["table", "json", "csv", "md", "latex"])
def test_every_form(form: str, log: Path) -> None:
    said = fastlogs_(str(log), "--format", form, cwd=log.parent)

    assert said.returncode == 0
    assert "loss" in said.stdout


READ_BACK = {
    "parquet": pl.read_parquet,
    "csv": pl.read_csv,
    "jsonl": pl.read_ndjson,
    "arrow": lambda p: pl.read_ipc(p),
}


@pytest.mark.parametrize("ending", READ_BACK)
@pytest.mark.parametrize("layout", ["wide", "long"])
def test_export_gives_the_table_back(ending: str, layout: str, log: Path) -> None:
    out = log.parent / f"x.{ending}"
    said = fastlogs_("export", str(log), "--layout", layout, "-o", str(out), cwd=log.parent)
    assert said.returncode == 0, said.stderr

    back = READ_BACK[ending](out)
    table = fastlogs.read(log, layout=layout)
    assert back.columns == table.columns
    assert back.height == table.height
    name = "loss" if layout == "wide" else "value"
    assert back[name].cast(pl.Float64).equals(table[name])
    assert sorted(p.name for p in log.parent.iterdir()) == sorted([log.name, out.name])


def test_export_of_standard_input(log: Path) -> None:
    with log.open() as file:
        said = fastlogs_("export", "-", "-o", "x.parquet", cwd=log.parent, stdin=file)

    assert said.returncode == 0, said.stderr
    assert pl.read_parquet(log.parent / "x.parquet").equals(fastlogs.read(log))


def test_a_failed_export_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("nothing here\n")
    (tmp_path / "x.parquet").write_text("before")
    said = fastlogs_("export", "x.txt", "-o", "x.parquet", cwd=tmp_path)

    assert said.returncode == 1
    assert (tmp_path / "x.parquet").read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.parquet", "x.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(log: Path) -> None:
    command = [sys.executable, "-m", "fastlogs", str(log), "--json"]
    with open("/dev/full", "w") as full:
        said = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)

    assert said.returncode == 2
    assert said.stderr.startswith("error: ")
    assert "Traceback" not in said.stderr


def test_head_ends_it_quietly(log: Path) -> None:
    many = " ".join([str(log)] * 50)
    command = f"{sys.executable} -m fastlogs summary {many} | head -1"
    said = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, timeout=60)

    assert said.stderr == ""
    assert said.returncode == 0


def test_ctrl_c_exits_130_without_a_traceback(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    writer = os.open(tmp_path / "fifo", os.O_RDWR)
    child = subprocess.Popen(
        [sys.executable, "-m", "fastlogs", "fifo"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(1.5)
    child.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, said = child.communicate(timeout=10)
    os.close(writer)

    assert child.returncode == 130
    assert said.strip() == "interrupted"
    assert time.monotonic() - begun < 2


def test_names_are_looked_up_under_the_base(runs: Path) -> None:
    said = fastlogs_("seed1", "--base-dir", "runs", "--json", cwd=runs.parent)
    assert json.loads(said.stdout)["runs"][0]["rows"] == 40

    said = fastlogs_("seed", "--base-dir", "runs", cwd=runs.parent)
    assert said.returncode == 2
    assert "seed0, seed1, seed2" in said.stderr


def test_nothing_steers_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("\x1b]0;owned\x07 hello \x1b[31m[red]there[/red]\n" * 9)
    said = fastlogs_("x.txt", cwd=tmp_path)

    assert "\x1b" not in said.stdout + said.stderr
    assert said.returncode == 1


def test_a_c_locale_is_no_trouble(log: Path) -> None:
    said = fastlogs_(
        str(log), cwd=log.parent, env={"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    )

    assert said.returncode == 0, said.stderr


def test_a_slow_read_shows_a_bar_on_a_terminal_only(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "fastlogs", "fifo"]
    env = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
    child = subprocess.Popen(command, cwd=tmp_path, env=env, stderr=theirs, stdout=subprocess.PIPE, text=True)
    os.close(theirs)
    with open(tmp_path / "fifo", "w") as writer:
        writer.write(nanogpt(50))
        writer.flush()
        time.sleep(2.5)
    said, _ = child.communicate(timeout=30)
    drawn = b""
    try:
        while chunk := os.read(ours, 65536):
            drawn += chunk
    except OSError:
        pass  # the terminal is gone
    os.close(ours)

    assert child.returncode == 0
    assert "loss" in said
    assert b"reading" in drawn


def test_completion_completes(tmp_path: Path) -> None:
    env = {"_FASTLOGS_COMPLETE": "bash_complete", "COMP_WORDS": "fastlogs su", "COMP_CWORD": "1"}
    said = fastlogs_(cwd=tmp_path, env=env)

    assert said.stdout == "plain,summary\n"
