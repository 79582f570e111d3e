"""Tables as strangers write them: the values that Python's own readers find, and a count of what was left."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import fastlogs
import polars as pl
import pytest


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def numbers(table: pl.DataFrame, name: str) -> list[float | None]:
    return table.get_column(name).to_list()


def test_five_thousand_columns_are_refused_wide_and_read_long(tmp_path: Path) -> None:
    names = [f"m{k}" for k in range(5_000)]
    rows = [[step] + [step * 0.5 + k for k in range(5_000)] for step in range(1, 4)]
    text = "\n".join(",".join(map(str, row)) for row in [["step", *names], *rows]) + "\n"
    path = written(tmp_path, "wide.csv", text)

    with pytest.raises(ValueError, match='layout="long"'):
        fastlogs.read(path)
    long = fastlogs.read(path, layout="long")
    assert set(names) == set(long["metric"].unique())
    last = dict(long.filter(pl.col("step") == 3).select("metric", "value").iter_rows())
    assert {f"m{k}": 1.5 + k for k in range(5_000)} == last
    assert fastlogs.read(path, metrics=["m7"]).columns == ["step", "m7"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_quoted_cells_with_line_ends_are_cells(tmp_path: Path, separator: str) -> None:
    cells = [["step", "loss", "note"]]
    cells += [[str(k), str(k / 8), f'a "word"{separator}\nand\r\nmore {k}'] for k in range(1, 9)]
    path = tmp_path / "quoted.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator, lineterminator="\n").writerows(cells)

    table = fastlogs.read(path)
    assert [int(row[0]) for row in cells[1:]] == table["step"].to_list()
    assert [float(row[1]) for row in cells[1:]] == numbers(table, "loss")


def test_formulas_are_texts_and_never_run(tmp_path: Path) -> None:
    cells = ["=1+1", "=HYPERLINK(http://x)", "@SUM(A1:A9)", "+cmd|' /C calc'!A0", "-2+3", "=1+1"]
    lines = [f"{k},{k / 4},{cell}" for k, cell in enumerate(cells, 1)]
    table = fastlogs.read(written(tmp_path, "formulas.csv", "step,loss,cell\n" + "\n".join(lines) + "\n"))

    assert [k / 4 for k in range(1, 7)] == numbers(table, "loss")
    assert "cell" not in table.columns or table["cell"].dtype == pl.String


def test_rows_too_short_and_too_long_are_told(tmp_path: Path) -> None:
    lines = [f"{k},{k / 4},{k / 2}" for k in range(1, 30)]
    lines[9], lines[19] = "10,2.5", "20,5.0,10.0,99"
    path = written(tmp_path, "ragged.csv", "step,loss,lr\n" + "\n".join(lines) + "\n")

    with pytest.warns(fastlogs.errors.LinesLeft):
        table = fastlogs.read(path)
    found = dict(table.select("step", "loss").iter_rows())
    assert all(found[k] == k / 4 for k in range(1, 30) if k not in (10, 20))
    assert found.get(10, 2.5) == 2.5
    assert found.get(20, 5.0) == 5.0


def test_json_lines_keep_the_last_of_two_equal_keys_and_all_kinds_of_numbers(tmp_path: Path) -> None:
    rest = '"lr": "1e-3", "x": NaN, "y": -Infinity}'
    lines = [f'{{"step": {k}, "loss": 9, "loss": {k / 8}, {rest}' for k in range(8)]
    table = fastlogs.read(written(tmp_path, "twice.jsonl", "\n".join(lines) + "\n"))

    assert [json.loads(line)["loss"] for line in lines] == numbers(table, "loss")
    assert all(math.isnan(x) for x in numbers(table, "x"))
    assert [-math.inf] * 8 == numbers(table, "y")


def test_nesting_without_end_costs_its_line_only(tmp_path: Path) -> None:
    good = [json.dumps({"step": k, "loss": k / 8}) for k in range(1, 20)]
    deep = '{"step": 20, "a": ' + "[" * 100_000 + "]" * 100_000 + "}"
    path = written(tmp_path, "deep.jsonl", "\n".join([*good, deep, json.dumps({"step": 21, "loss": 9.5})]) + "\n")

    with pytest.warns(fastlogs.errors.LinesLeft):
        table = fastlogs.read(path)
    assert [k / 8 for k in range(1, 20)] + [9.5] == [x for x in numbers(table, "loss") if x is not None]
