"""Event files and W&B run files as a user meets them: read, loaded as folders, summed up, asked for by name."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import fastlogs
import polars as pl
import pytest

RECORDS = Path(__file__).parents[1] / "data" / "records"

# What is said of nine values of a half.
HALVES = {"count": 9.0, "std": 0.0} | dict.fromkeys(("min", "max", "mean", "p7", "p16", "p50", "p84", "p93"), 0.5)


def truth(name: str) -> dict[str, list[tuple[int, float]]]:
    scalars = json.loads((RECORDS / name / "truth.json").read_text())["scalars"]
    return {tag: [(step, float(value)) for step, value in values] for tag, values in scalars.items()}


def event_file(name: str) -> Path:
    return sorted((RECORDS / name).glob("events*"))[0]


def series(table: pl.DataFrame, name: str) -> list[tuple[int, float]]:
    return [(step, value) for step, value in table.select("step", name).drop_nulls().iter_rows()]


def test_an_event_file_is_a_row_a_step() -> None:
    table = fastlogs.read(event_file("plain"))

    assert table.columns == ["step", "wall_time", "train/loss", "train/lr", "train/grad_norm", "val/loss", "sample"]
    assert series(table, "train/loss") == truth("plain")["train/loss"]
    assert series(table, "val/loss") == truth("plain")["val/loss"]
    assert str(table["wall_time"].dtype) == "Datetime(time_unit='us', time_zone='UTC')"


def test_splits_in_folders_are_one_run(tmp_path: Path) -> None:
    shutil.copytree(RECORDS / "keras", tmp_path / "run", ignore=shutil.ignore_patterns("*.json"))

    run = fastlogs.load(tmp_path / "run")

    assert run.metrics.columns[2:] == ["epoch_loss", "epoch_accuracy", "val_epoch_loss", "val_epoch_accuracy"]
    assert run.metrics.height == 8
    assert series(run.metrics, "val_epoch_loss") == truth("keras/validation")["epoch_loss"]
    assert {"train", "val"} == set(run.tables)


def test_files_that_follow_each_other_are_one_run(tmp_path: Path) -> None:
    for path in (RECORDS / "resumed").glob("events*"):
        shutil.copy(path, tmp_path)

    with pytest.warns(fastlogs.errors.LinesLeft, match="1 resume"):
        table = fastlogs.read(tmp_path)

    assert [*range(0, 35, 5), *range(35, 81, 5)] == table["step"].to_list()
    assert series(table, "loss")[-10:] == truth("resumed")["loss"][-10:]


def test_settings_of_hparams_are_the_config(tmp_path: Path) -> None:
    for path in (RECORDS / "hparams").glob("events*"):
        shutil.copy(path, tmp_path)

    run = fastlogs.load(tmp_path)

    assert dict(run.config) == {"lr": 0.001, "layers": 12, "optimizer": "adamw", "bias": True}
    assert run.summary().filter(pl.col("metric") == "loss")["n"].to_list() == [5]


def test_folders_of_event_files_are_runs(tmp_path: Path) -> None:
    for name in ("plain", "loose", "purged"):
        shutil.copytree(RECORDS / name, tmp_path / name, ignore=shutil.ignore_patterns("*.json"))

    runs = fastlogs.discover(tmp_path)

    assert runs.names == ("loose", "plain", "purged")
    assert runs["loose"].metrics.height == 55


def test_a_file_cut_off_gives_what_it_has_and_says_so(tmp_path: Path) -> None:
    cut = tmp_path / "events.out.tfevents.1.host"
    cut.write_bytes(event_file("purged").read_bytes()[:-9])

    with pytest.warns(fastlogs.errors.LinesLeft, match="damaged"):
        table = fastlogs.read(cut, restarts="keep")

    assert series(table, "loss") == truth("purged")["loss"][:-1]


def test_a_damaged_record_is_left_out_and_told(tmp_path: Path) -> None:
    broken, data = tmp_path / "events.out.tfevents.1.host", bytearray(event_file("loose").read_bytes())
    data[len(data) // 2] ^= 0xFF
    broken.write_bytes(data)

    with pytest.warns(fastlogs.errors.LinesLeft, match="damaged"):
        table = fastlogs.read(broken, layout="long")

    assert table.height == sum(map(len, truth("loose").values())) - 1


def test_compression_and_pipes_change_nothing(tmp_path: Path) -> None:
    for path in (event_file("plain"), RECORDS / "wandb" / "run-fixture1.wandb"):
        packed = tmp_path / f"{path.name}.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        with open(path, "rb") as file:
            assert fastlogs.read(packed).equals(fastlogs.read(path))
            assert fastlogs.read(file).equals(fastlogs.read(path))


def test_a_projection_reads_the_same_rows() -> None:
    path = event_file("loose")
    whole = fastlogs.read(path)

    assert fastlogs.read(path, metrics="late").equals(whole.select("step", "wall_time", "late"))
    assert fastlogs.scan(path).collect().equals(whole)
    assert pl.DataFrame(fastlogs.stream(path)).equals(whole)


def test_a_wandb_file_is_its_history() -> None:
    told = json.loads((RECORDS / "wandb" / "truth.json").read_text())
    run = fastlogs.load(RECORDS / "wandb" / "run-fixture1.wandb")

    assert told["steps"] == run.metrics["step"].to_list()
    losses = [float(row["train/loss"]) for row in told["rows"]]
    assert pl.Series("train/loss", losses).equals(run.metrics["train/loss"])
    assert {"lr": 0.001, "layers": 12, "optimizer.name": "adamw", "bias": True, "added": "later"}.items() <= dict(
        run.config
    ).items()
    assert fastlogs.infer(RECORDS / "wandb" / "run-fixture1.wandb").name == "wandb"


def test_a_file_of_images_says_that_nothing_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "events.out.tfevents.1.host"
    path.write_bytes(event_file("plain").read_bytes()[:40])

    with pytest.raises(fastlogs.NoMetricsFound, match="holds sessions 1"):
        fastlogs.read(path)
    assert fastlogs.read(path, layout="long").is_empty()


@pytest.mark.parametrize("name", ["plain", "elements", "loose", "hparams", "keras/train", "purged"])
def test_tensorboard_reads_the_same(name: str) -> None:
    loader = pytest.importorskip("tensorboard.backend.event_processing.event_file_loader")
    found: dict[str, list[tuple[int, float]]] = {}
    for path in sorted((RECORDS / name).glob("events*")):
        for event in loader.EventFileLoader(str(path)).Load():
            for value in event.summary.value:
                if value.tensor.ByteSize() and not value.tensor.string_val and value.metadata.data_class != 3:
                    found.setdefault(value.tag, []).append((event.step, 0.0))
    for tag, values in truth(name).items():
        assert [step for step, _ in values] == [step for step, _ in found[tag]]


def test_histograms_are_a_table_by_name() -> None:
    table = fastlogs.read(event_file("histograms"), format="tfevents_histograms", metrics=["new/constant/*"])

    assert table["step"].to_list() == [0, 10, 20]
    constant = table.select(pl.exclude("step", "wall_time")).unique().row(0, named=True)
    assert {f"new/constant/{name}": value for name, value in HALVES.items()} == constant
    assert fastlogs.read(event_file("histograms")).columns[2:] == ["loss"]


def test_the_shell_sums_up_an_event_file(capsys: pytest.CaptureFixture[str]) -> None:
    from fastlogs._cli import main

    with pytest.raises(SystemExit) as ended:
        main(["summary", str(event_file("plain"))])

    assert not ended.value.code
    assert "train/loss" in capsys.readouterr().out


def test_formats_of_records_are_in_the_catalogue() -> None:
    names = {format.name for format in fastlogs.formats()}

    assert {"tfevents", "tfevents_histograms", "wandb", "wandb_system", "wandb_console"} <= names
