"""Checkpoints by what lies on the disk, and the settings of W&B and Hydra as their folders keep them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import fastlogs
import pytest
from click.testing import CliRunner
from fastlogs._checkpoints import step_of
from fastlogs._cli.commands.discover import COMMAND

LOG = "step 1 loss 0.5\nstep 2 loss 0.4\nstep 3 loss 0.3\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("checkpoint-500", 500),
        ("epoch=3-step=400.ckpt", 400),
        ("epoch=3-step=400-v1.ckpt", 400),
        ("step_000100", 100),
        ("ckpt_100.pt", 100),
        ("iter_0001000", 1000),
        ("global_step20", 20),
        ("rl_model_10000_steps.pt", 10000),
        ("checkpoints/100", 100),
        ("epoch_3.pt", None),
        ("epoch=3-val_loss=0.25.ckpt", None),
        ("best.pt", None),
        ("llama_7b.safetensors", None),
    ],
)
def test_the_step_is_what_the_name_says(name: str, step: int | None) -> None:
    assert step_of(name) == step


# What a run keeps, and the checkpoint that it is.
KEPT = {
    "hf": (["checkpoint-500/model.safetensors", "checkpoint-500/trainer_state.json"], "checkpoint-500", 500),
    "orbax": (["checkpoints/100/_CHECKPOINT_METADATA", "checkpoints/100/d/a1"], "checkpoints/100", 100),
    "orbax of old": (["checkpoints/100/items/_METADATA", "checkpoints/100/items/d/a1"], "checkpoints/100", 100),
    "orbax by flax": (["checkpoint_100/_METADATA", "checkpoint_100/d/a1"], "checkpoint_100", 100),
    "orbax of its own": (["100/_CHECKPOINT_METADATA", "100/params/_METADATA", "100/params/d/a1"], "100", 100),
    "lightning": (["checkpoints/epoch=3-step=400.ckpt"], "checkpoints/epoch=3-step=400.ckpt", 400),
    "torch": (["ckpt_100.pt"], "ckpt_100.pt", 100),
    "megatron": (["iter_0000020/mp_rank_00/model_optim_rng.pt"], "iter_0000020", 20),
}


@pytest.mark.parametrize("kind", KEPT)
def test_a_checkpoint_comes_once_with_its_size_and_time(kind: str, tmp_path: Path) -> None:
    files, where, step = KEPT[kind]
    write(tmp_path / "train.log", LOG)
    for at, name in enumerate(files):
        os.utime(write(tmp_path / name, "weights"), (1_700_000_000, 1_700_000_000 + at))
    [found] = fastlogs.load(tmp_path).checkpoints

    assert Path(found) == tmp_path / where
    assert (found.step, found.kind) == (step, kind.split()[0])
    # The state of a trainer is a file of its folder as are the weights.
    assert found.size == 7 * len(files)
    assert found.modified == datetime.fromtimestamp(1_700_000_000 + len(files) - 1, UTC)


def test_shards_are_one_checkpoint(tmp_path: Path) -> None:
    write(tmp_path / "train.log", LOG)
    for at in (1, 2, 3):
        write(tmp_path / f"model-0000{at}-of-00003.safetensors", "x" * at)
    [found] = fastlogs.load(tmp_path).checkpoints

    assert (found.size, found.kind, Path(found)) == (6, "safetensors", tmp_path)


def test_discover_tells_of_checkpoints(tmp_path: Path) -> None:
    write(tmp_path / "a" / "train.log", LOG)
    os.utime(write(tmp_path / "a" / "step_5.pt", "weights"), (0, 0))
    said = CliRunner().invoke(COMMAND, [str(tmp_path), "--json"])
    [told] = json.loads(said.stdout)["runs"][0]["checkpoints"]

    assert (told["step"], told["size"], told["kind"]) == (5, 7, "torch")
    assert told["modified"] == "1970-01-01T00:00:00+00:00"


def test_settings_of_wandb_have_their_names(tmp_path: Path) -> None:
    write(tmp_path / "train.log", LOG)
    text = (
        "wandb_version: 1\n\n_wandb:\n  desc: null\n  value:\n    cli_version: 0.1\nlr:\n  desc: of all\n  value: 0.5\n"
    )
    write(tmp_path / "config.yaml", text + "model:\n  desc: null\n  value:\n    dim: 3\n    value: 4\n")

    assert dict(fastlogs.load(tmp_path).config) == {"lr": 0.5, "model.dim": 3, "model.value": 4}


def test_values_of_other_files_keep_their_names(tmp_path: Path) -> None:
    write(tmp_path / "train.log", LOG)
    write(tmp_path / "config.yaml", "lr:\n  value: 0.5\n")

    assert dict(fastlogs.load(tmp_path).config) == {"lr.value": 0.5}


def test_overrides_of_hydra_are_settings_where_its_config_has_none(tmp_path: Path) -> None:
    write(tmp_path / "0" / "train.log", LOG)
    write(tmp_path / "0" / ".hydra" / "config.yaml", "lr: 0.5\n")
    write(tmp_path / "0" / ".hydra" / "overrides.yaml", "- lr=0.25\n- +model.dim=64\n- opt=adam\n- ~decay\n")
    write(tmp_path / "lr=0.1,model.dim=8" / "train.log", LOG)
    write(tmp_path / "plain" / "train.log", LOG)
    found = {run.name: dict(run.config) for run in fastlogs.discover(tmp_path)}

    assert found["0"] == {"lr": 0.5, "model.dim": 64, "opt": "adam"}
    assert found["lr=0.1,model.dim=8"] == {"lr": 0.1, "model.dim": 8}
    assert found["plain"] == {}


def test_namespace_lines_are_settings(tmp_path: Path) -> None:
    write(tmp_path / "train.log", LOG)
    write(tmp_path / "args.txt", "Namespace(lr=0.5, name='a, b')\n")

    assert dict(fastlogs.load(tmp_path).config) == {"lr": 0.5, "name": "a, b"}


def test_twins_of_rllib_agree(tmp_path: Path) -> None:
    rows = [(at, 1.5 * at, at / 8) for at in range(1, 6)]
    names = ("training_iteration", "episode_reward_mean", "info/learner/loss")
    lines = [{names[0]: a, names[1]: b, "info": {"learner": {"loss": c}}} for a, b, c in rows]
    write(tmp_path / "json" / "result.json", "".join(json.dumps(line) + "\n" for line in lines))
    table = [",".join(names), *(f"{a},{b},{c}" for a, b, c in rows)]
    write(tmp_path / "csv" / "progress.csv", "\n".join(table) + "\n")
    one, other = (fastlogs.load(tmp_path / name).metrics for name in ("json", "csv"))

    assert one["step"].to_list() == other["step"].to_list() == [a for a, _, _ in rows]
    assert one["episode_reward_mean"].to_list() == other["episode_reward_mean"].to_list() == [b for _, b, _ in rows]
    # Nested keys are joined by a point, the table's names are as Ray wrote them: the values are the same.
    assert one["info.learner.loss"].to_list() == other["info/learner/loss"].to_list() == [c for _, _, c in rows]
