"""Twins of real runs, from the corpus: what two loggers wrote of one run is the same. Found by FASTLOGS_CORPUS."""

from __future__ import annotations

import math
import shutil
import warnings
from pathlib import Path

import fastlogs
import polars as pl
import pytest
from test_corpus import CORPUS

TFEVENTS = "events.out.tfevents.1700000000.host"
# Files of one run, and which columns of the first are which of the second, by how closely the first was printed.
PAIRS: dict[str, tuple[str, str, dict[str, str], float]] = {
    "flair": (
        "flair/training.log",
        "flair/loss.tsv",
        {"epoch_loss": "TRAIN_LOSS", "epoch_lr": "LEARNING_RATE", "val_loss": "DEV_LOSS", "val_score": "DEV_F1"},
        1e-3,
    ),
    "baselines": (
        "baselines_logger/gail_ppo_log.txt",
        "baselines_logger/gail_ppo_progress.csv",
        {"policy_loss": "policy loss", "value_loss": "value loss", "kl": "kl", "num_episodes": "num episodes"},
        1e-6,
    ),
    "rllib": (
        "rllib/impala_pong_result.json",
        "rllib/impala_pong_progress.csv",
        {
            name: name
            for name in ("step", "training_iteration", "time_total_s", "episodes_total", "episode_reward_mean")
        },
        1e-12,
    ),
    "stylegan": (
        "stylegan3/rpg_sprite_stats.jsonl",
        "tfevents/rpg_sprite.tfevents",
        {"Loss/G/loss.mean": "Loss/G/loss", "Loss/D/loss.mean": "Loss/D/loss", "Progress/kimg.mean": "Progress/kimg"},
        1e-6,
    ),
    "stylegan_console": (
        "stylegan3/rpg_sprite_log.txt",
        "stylegan3/rpg_sprite_stats.jsonl",
        {"kimg": "Progress/kimg.mean", "sec_tick": "Timing/sec_per_tick.mean", "augment": "Progress/augment.mean"},
        2e-2,
    ),
    "llama_factory": (
        "llamafactory/trainer_log.jsonl",
        "hf_trainer_state/llamafactory_trainer_state.json",
        {"step": "step", "epoch": "epoch", "loss": "loss", "lr": "learning_rate"},
        1e-12,
    ),
}
needs_corpus = pytest.mark.skipif(not (CORPUS / "MANIFEST.toml").exists(), reason="no corpus: FASTLOGS_CORPUS=...")


def read(path: Path) -> pl.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        return fastlogs.read(path, restarts="keep")


def close(one: float, other: float, share: float) -> bool:
    return (math.isnan(one) and math.isnan(other)) or math.isclose(one, other, rel_tol=share, abs_tol=2.5 * share)


@needs_corpus
@pytest.mark.parametrize("producer", PAIRS)
def test_twins_hold_the_same_numbers(producer: str) -> None:
    one, other, names, share = PAIRS[producer]
    first, second = read(CORPUS / one), read(CORPUS / other)
    for mine, theirs in names.items():
        a, b = first[mine].drop_nulls().to_list(), second[theirs].drop_nulls().to_list()

        # A file may go on longer than its twin.
        assert min(len(a), len(b)) > 10, (mine, theirs)
        assert abs(len(a) - len(b)) <= 1, (mine, theirs)
        assert all(close(x, y, share) for x, y in zip(a, b, strict=False)), (mine, theirs)


@needs_corpus
def test_events_are_the_first_run_of_the_objects() -> None:
    objects = read(CORPUS / "detectron2" / "maskrcnn_metrics.json").filter(pl.col("attempt") == 0)
    events = read(CORPUS / "tfevents" / "maskrcnn.tfevents")
    shared = [name for name in events.columns if name in objects.columns]

    assert {"step", "total_loss", "lr", "mask_rcnn/accuracy"} <= {*shared}
    for name in shared:
        pairs = zip(objects[name].to_list(), events[name].to_list(), strict=True)
        assert all(close(x, y, 1e-5) for x, y in pairs if x is not None), name


@needs_corpus
@pytest.mark.parametrize("producer", ["baselines", "rllib", "llama_factory"])
def test_twins_in_one_folder_are_told(producer: str, tmp_path: Path) -> None:
    one, other, names, _ = PAIRS[producer]
    for file in (one, other):
        name = Path(file).name.removeprefix("llamafactory_").removeprefix("impala_pong_")
        shutil.copy(CORPUS / file, tmp_path / name)
    run = fastlogs.load(tmp_path)

    assert any("counted once" in fact for fact in run.coverage.words())
    for mine, theirs in names.items():
        assert len({mine, theirs} & {*run.metrics.columns}) == 1
