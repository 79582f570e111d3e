"""Two files of one run agree: read apart they give the same numbers, read together each metric is there once."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path

import fastlogs
import polars as pl
import pytest
import twins
from reading import table

PAIRS: dict[str, Callable[[], twins.Twins]] = {
    "flair": twins.flair,
    "baselines": twins.baselines,
    "rllib": twins.rllib,
    "stylegan": twins.stylegan,
    "llama_factory": twins.llama_factory,
    "detectron2": twins.detectron2,
}
# Those that say the step alike can be joined; Flair's table counts epochs, StyleGAN's lines and objects say it in kimg or not.
JOINED = ("baselines", "rllib", "llama_factory", "detectron2")


def folder(made: twins.Twins, root: Path) -> Path:
    for name, data in made.files.items():
        (root / name).write_bytes(data)
    return root


@pytest.mark.parametrize("producer", PAIRS)
def test_twins_hold_the_same_numbers(producer: str) -> None:
    made = PAIRS[producer]()
    for names, truth in made.shared:
        for file, name in names.items():
            found = table(made.files[file])[name].drop_nulls().to_list()

            assert len(truth) == len(found), (file, name)
            assert all(math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12) for a, b in zip(truth, found, strict=True)), (
                file,
                name,
            )


@pytest.mark.parametrize("producer", JOINED)
def test_twins_say_the_same_steps(producer: str) -> None:
    made = PAIRS[producer]()
    steps = [table(data)["step"].to_list() for data in made.files.values()]

    assert steps[0] == steps[1]


@pytest.mark.parametrize("producer", JOINED)
def test_twins_in_one_run_are_counted_once_and_told(producer: str, tmp_path: Path) -> None:
    made = PAIRS[producer]()
    run = fastlogs.load(folder(made, tmp_path))
    twice = [names for names, _ in made.shared]
    read = [source for source in made.files if any(source in fact for fact in run.coverage.words())]

    assert len(run.metrics) == len(twins.ROWS)
    for names in twice:
        assert len({*names.values()} & {*run.metrics.columns}) == 1
    if len(read) == len(made.files):
        assert any("counted once" in fact for fact in run.coverage.words())
    assert fastlogs.read(tmp_path).equals(fastlogs.scan(tmp_path).collect())


def test_names_of_twins_in_tables_and_in_objects_are_the_same() -> None:
    made = twins.rllib()
    objects, rows = (set(table(data).columns) for data in made.files.values())

    assert rows < objects
    assert {name for name in objects - rows if "entropy" not in name} == set()


def test_what_objects_say_of_their_config_is_config(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(twins.rllib().files["result.json"])
    run = fastlogs.load(tmp_path / "result.json")

    assert not [name for name in run.metrics.columns if name.startswith("config")]
    assert {"lr": 0.0005, "model/fcnet_activation": "tanh"}.items() <= dict(run.config).items()


def test_what_a_twin_alone_holds_stays(tmp_path: Path) -> None:
    run = fastlogs.load(folder(twins.llama_factory(), tmp_path))

    assert {"grad_norm", "percentage", "elapsed_time"} <= {*run.metrics.columns}
    assert run.summary()["metric"].to_list().count("learning_rate") == 1


def test_other_numbers_under_another_spelling_stay_two(tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text("step,policy loss\n1,0.5\n2,0.25\n3,0.125\n")
    (tmp_path / "events.jsonl").write_text("".join(f'{{"step": {k}, "policy_loss": {k}.75}}\n' for k in (1, 2, 3)))
    metrics = fastlogs.load(tmp_path).metrics

    assert metrics["policy loss"].to_list() == [0.5, 0.25, 0.125]
    assert metrics["policy_loss"].to_list() == [1.75, 2.75, 3.75]


def test_a_file_of_twins_is_read_the_same_as_bytes_and_as_a_path(tmp_path: Path) -> None:
    root = folder(twins.stylegan(), tmp_path)
    for name, data in twins.stylegan().files.items():
        assert pl.DataFrame(fastlogs.read(io.BytesIO(data))).equals(fastlogs.read(root / name))
