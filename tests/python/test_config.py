"""Settings: the files beside a log, and what the log states itself."""

from __future__ import annotations

import json
import math
import os
import tomllib
from pathlib import Path
from typing import Any

import fastlogs
import pytest
from data.make.logs import LOGS
from fastlogs import LinesLeft, _core
from fastlogs._configs import typed

NESTED = {"lr": 0.001, "batch": 32, "amp": True, "name": "tiny", "model": {"dim": 64, "rope": {"base": 1e4}}}
FLAT = {"lr": 0.001, "batch": 32, "amp": True, "name": "tiny", "model.dim": 64, "model.rope.base": 1e4}
TOML = 'lr = 0.001\nbatch = 32\namp = true\nname = "tiny"\n[model]\ndim = 64\n[model.rope]\nbase = 1e4\n'
YAML = "lr: 1e-3\nbatch: 32\namp: on\nname: tiny\nmodel:\n  dim: 64\n  rope: {base: 10000.0}\n"
NAMESPACE = "Namespace(lr=0.001, batch=32, amp=True, name='tiny', model=Namespace(dim=64, rope=dict(base=10000.0)))"
FORMS = {"config.json": json.dumps(NESTED), "config.toml": TOML, "hparams.yaml": YAML, "args.txt": NAMESPACE}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_says_the_same(tmp_path: Path, name: str) -> None:
    (tmp_path / "exp").mkdir()
    (tmp_path / "exp" / name).write_text(FORMS[name])
    (tmp_path / "exp" / "metrics.csv").write_text("step,loss\n1,2\n2,1\n")
    config = fastlogs.load(tmp_path / "exp").config

    assert dict(config) == FLAT
    assert [type(config[key]) for key in FLAT] == [type(value) for value in FLAT.values()]


def test_the_examples_are_what_python_reads() -> None:
    assert tomllib.loads(TOML) == NESTED


def test_json_as_python_writes_it() -> None:
    values = {"a": math.inf, "b": -math.inf, "c": 10**15, "d": -0.0, "e": "é\n", "f": [0.9, 0.95], "g": None}
    found = dict(_core.settings((json.dumps(values).encode(), "c.json")))

    assert found == {"a": math.inf, "b": -math.inf, "c": 10**15, "d": -0.0, "e": "é\n", "f": "[0.9, 0.95]"}


def test_the_file_wins_and_the_log_adds(tmp_path: Path) -> None:
    (tmp_path / "train.log").write_text(LOGS["atlas"](30, 1))
    stated = dict(fastlogs.load(tmp_path / "train.log").config)
    (tmp_path / "config.json").write_text(json.dumps({"dim": 1, "seed": 3}))
    config = fastlogs.load(tmp_path / "train.log").config

    assert stated["dim"] > 1
    assert dict(config) == stated | {"dim": 1, "seed": 3}


def test_settings_that_cannot_be_read_break_no_run(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("step,loss\n1,2\n2,1\n")
    (tmp_path / "config.json").write_text('{"lr": ')
    run = fastlogs.load(tmp_path)

    with pytest.warns(LinesLeft, match="settings of .* left out: wanted JSON settings") as told:
        assert dict(run.config) == {}
    assert told[0].message.counts == {"settings_files": 1}
    assert run.metrics.height == 2


def test_settings_of_a_run_that_never_began(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("")
    (tmp_path / "config.json").write_text('{"lr": 1}')

    assert dict(fastlogs.load(tmp_path).config) == {"lr": 1}


def test_hydra_keeps_its_settings_hidden(tmp_path: Path) -> None:
    (tmp_path / ".hydra").mkdir()
    (tmp_path / ".hydra" / "config.yaml").write_text("lr: 0.5\n")
    (tmp_path / "train.log").write_text(LOGS["nanogpt"](30, 1))

    assert fastlogs.load(tmp_path).config["lr"] == 0.5


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("1e-3", 0.001), ("True", True), ("false", False), ("adam", "adam"), ("", "")]
)
def test_what_a_log_states_is_typed(text: str, value: object) -> None:
    assert (typed(text), type(typed(text))) == (value, type(value))


def test_overrides_that_cannot_be_opened_cost_themselves_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = ".hydra/overrides.yaml"
    for run in ("a", "b", "c"):
        (tmp_path / run / name).parent.mkdir(parents=True)
        (tmp_path / run / name).write_text("- lr=0.1\n")
        (tmp_path / run / "train.log").write_text("".join(f"step {n} loss {3 / n:.3f}\n" for n in range(1, 20)))
    real = open

    def refusing(path: Any, *rest: Any, **more: Any) -> Any:
        if str(path).endswith(name) and f"{os.sep}b{os.sep}" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *rest, **more)

    monkeypatch.setattr("builtins.open", refusing)
    runs = fastlogs.discover(tmp_path)
    with pytest.warns(LinesLeft, match="settings of .*b left out: .*Permission denied") as told:
        configs = runs.configs

    assert len(told) == 1
    assert configs["lr"].to_list() == [0.1, None, 0.1]
    assert len(runs.tables()) == 3


def test_many_broken_settings_are_told_once(tmp_path: Path) -> None:
    for run in range(5):
        (tmp_path / f"r{run}").mkdir()
        (tmp_path / f"r{run}" / "config.json").write_text('{"lr": 0.1' + "}" * (run % 2))
        (tmp_path / f"r{run}" / "train.log").write_text("".join(f"step {n} loss {n / 3:.3f}\n" for n in range(1, 20)))

    with pytest.warns(LinesLeft, match=r"settings of .*r0 left out: .* \(2 more files\)") as told:
        configs = fastlogs.discover(tmp_path).configs

    assert len(told) == 1
    assert configs["lr"].to_list() == [None, 0.1, None, 0.1, None]


def test_a_pipe_called_like_settings_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.yaml")
    (tmp_path / "train.log").write_text("".join(f"step {n} loss {n / 3:.3f}\n" for n in range(1, 20)))
    (tmp_path / "config.json").write_text('{"lr": 0.1}')

    assert fastlogs.load(tmp_path).config["lr"] == 0.1
