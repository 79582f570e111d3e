"""What `infer` writes of a log passes its checks and reads the log as it is read without; or says what it loses."""

from __future__ import annotations

import io
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import fastlogs
import polars as pl
import pytest
from data.make.handwritten import LOGS, written
from fastlogs._infer import confessions, rules_of
from fastlogs._infer.exports import exported, lost
from fastlogs.errors import FastlogsError

pytestmark = pytest.mark.filterwarnings("ignore::fastlogs.errors.LinesLeft")

HERE = Path(__file__).parents[1] / "data" / "logs"
FILES = {path.name: path.read_bytes() for path in sorted(HERE.glob("*.log"))}
# Another seed than the one by which `infer` was made.
TEXTS = {name: written(name, seed=3).text.encode() for name in LOGS} | FILES
FORMS = ("sagemaker", "katib", "guild")


def table(data: bytes | Path, **grammar: Any) -> pl.DataFrame:
    source = io.BytesIO(data) if isinstance(data, bytes) else data
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        return fastlogs.read(source, layout="long", restarts="keep", **grammar).drop("offset")


def path_of(name: str, data: bytes, folder: Path) -> Path:
    path = folder / f"{name}.txt"
    path.write_bytes(data)
    return path


def measuring(data: bytes) -> bool:
    try:
        return table(data).height > 0
    except FastlogsError:
        return False


MEASURING = [name for name, data in TEXTS.items() if measuring(data)]


@pytest.mark.parametrize("name", MEASURING)
def test_a_log_is_read_by_its_inferred_format_as_without(name: str, tmp_path: Path) -> None:
    data = TEXTS[name]

    format = fastlogs.infer(path_of(name, data, tmp_path))

    assert format.check() == []
    assert confessions(format) == []
    assert table(data, format=format).equals(table(data))
    assert fastlogs.read(io.BytesIO(data), format=format).equals(fastlogs.read(io.BytesIO(data)))


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in MEASURING])
def test_what_measures_nothing_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FastlogsError, match="nothing was measured"):
        fastlogs.infer(path_of(name, TEXTS[name], tmp_path))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", MEASURING)
def test_definitions_read_back_what_they_do_not_name_as_lost(name: str, form: str, tmp_path: Path) -> None:
    data = TEXTS[name]
    rules = rules_of(data)
    if not rules:
        return
    found = exported(rules, form, data)
    unsaid = lost(data, found, form, rules)
    wanted = series(table(data))
    back = series(table(path_of(name, data, tmp_path), pattern=found)) if any(found) and _patterns(found) else {}

    named = {line.rsplit(" ", 1)[-1] for line in unsaid if " values of " in line}
    called = {line.split(":")[0].removeprefix("the name ") for line in unsaid if line.startswith("the name ")}
    for metric in wanted.keys() - named - called - {"batch", "epoch_"}:
        assert {plain(name): values for name, values in back.items()}[plain(metric)] == wanted[metric], metric


def test_most_logs_are_said_whole_by_definitions() -> None:
    whole: Counter[str] = Counter()
    for name in MEASURING:
        rules = rules_of(TEXTS[name])
        for form in FORMS if rules else ():
            unsaid = lost(TEXTS[name], exported(rules, form, TEXTS[name]), form, rules)
            whole[form] += not any(" values of " in line for line in unsaid)

    assert whole["sagemaker"] >= 0.7 * len(MEASURING)
    assert whole["guild"] >= 0.7 * len(MEASURING)


def series(found: pl.DataFrame) -> dict[str, list[str]]:
    # As text, so that one NaN is as another.
    groups = found.with_columns(pl.col("value").cast(pl.String)).group_by("metric", maintain_order=True).agg("value")
    return dict(groups.iter_rows())


def plain(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name).strip("_").lower()


def _patterns(found: Any) -> bool:
    inner = found
    while isinstance(inner, dict) and len(inner) == 1:
        inner = next(iter(inner.values()))
    return bool(inner)
