"""DESIGN 4 by example: what rows become of lines."""

from __future__ import annotations

import io
import json
import math
from datetime import UTC, datetime
from pathlib import Path

import fastlogs
import polars as pl
import pytest
from reading import said, table, tables

INF, NAN = math.inf, math.nan


def jsonl(*rows: dict[str, object]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def lines(*lines: str) -> bytes:
    return "".join(line + "\n" for line in lines).encode()


def rows(source: bytes, *drop: str, **options: object) -> list[dict[str, object]]:
    """The wide table as dictionaries, nulls left out."""
    frame = table(source, **options).drop(drop, strict=False)
    return [{k: v for k, v in row.items() if v is not None} for row in frame.iter_rows(named=True)]


def told(source: bytes, **options: object) -> dict[str, object]:
    return tables(source, **options)[1]


# Merging


def test_a_record_of_two_lines_is_one_row() -> None:
    log = lines(*(x for k in (1, 2, 3) for x in (f"Step: {k}, Loss: {k}.5", f"Full step time {k}.25 ms")))

    assert rows(log) == [{"step": k, "loss": k + 0.5, "full_step_time": k + 0.25} for k in (1, 2, 3)]


def test_an_eval_after_a_train_line_joins_its_row() -> None:
    log = jsonl({"step": 1, "loss": 3}, {"step": 1, "eval_loss": 2}, {"step": 2, "loss": 1})

    assert rows(log) == [{"step": 1, "loss": 3, "eval_loss": 2}, {"step": 2, "loss": 1}]


def test_sparse_csv_rows_are_one_row() -> None:
    log = lines("step,loss,val_loss", "1,3,", "1,,4", "2,2,", "2,,3")

    assert rows(log) == [{"step": 1, "loss": 3, "val_loss": 4}, {"step": 2, "loss": 2, "val_loss": 3}]


def test_rows_with_a_name_in_common_stay_two() -> None:
    log = jsonl({"step": 1, "loss": 3}, {"step": 1, "loss": 4}, {"step": 1, "lr": 5}, {"step": 2, "loss": 1})

    assert rows(log) == [{"step": 1, "loss": 3}, {"step": 1, "loss": 4, "lr": 5}, {"step": 2, "loss": 1}]
    assert (told(log)["resumes"], told(log)["new_starts"]) == (0, 0)


def test_only_consecutive_rows_merge() -> None:
    log = jsonl({"step": 1, "loss": 3}, {"step": 2, "loss": 2}, {"step": 2, "lr": 1}, {"step": 3, "lr": 1})

    assert rows(log) == [{"step": 1, "loss": 3}, {"step": 2, "loss": 2, "lr": 1}, {"step": 3, "lr": 1}]


def test_names_present_decide_and_not_names_asked_for() -> None:
    log = jsonl({"step": 1, "loss": 3, "lr": 1}, {"step": 1, "loss": 4, "acc": 1}, {"step": 2, "loss": 1})

    assert rows(log, metrics=["lr"]) == [{"step": 1, "lr": 1}, {"step": 1}, {"step": 2}]


# Kinds


def test_kinds_prefix_their_names() -> None:
    log = jsonl(
        {"mode": "train", "step": 1, "loss": 3},
        {"mode": "val", "step": 1, "loss": 2, "acc": 1},
        {"mode": "train", "step": 2, "loss": 1},
        {"mode": "test", "step": 2, "loss": 5, "test_acc": 1},
    )

    assert rows(log, "mode") == [
        {"step": 1, "loss": 3, "val_loss": 2, "val_acc": 1},
        {"step": 2, "loss": 1, "test_loss": 5, "test_acc": 1},
    ]
    assert said(log)["kind"].unique().sort().to_list() == ["test", "train", "val"]


def test_a_name_that_begins_with_a_split_word_has_no_prefix() -> None:
    log = lines("s:0 tel:3.5", "s:0 trl:3.0", "s:0 eval:0.25", "s:1 trl:2.0", "s:2 trl:1.0")

    assert rows(log)[0] == {"step": 0, "val_tel": 3.5, "trl": 3.0, "eval": 0.25}


# Steps


def test_a_logged_step_is_taken() -> None:
    log = jsonl({"loss": 3, "global_step": 10, "epoch": 0.5}, {"loss": 2, "global_step": 20, "epoch": 1.0})

    assert rows(log) == [{"step": 10, "epoch": 0.5, "loss": 3}, {"step": 20, "epoch": 1.0, "loss": 2}]
    assert told(log)["step"] == "logged"


def test_counters_make_a_step_from_epoch_one() -> None:
    log = lines(*(f"Epoch(train)  [{e}][{b}/3]  lr: 1e-3  loss: {e}.{b}" for e in (1, 2) for b in (1, 2, 3)))

    assert [r["step"] for r in rows(log)] == [1, 2, 3, 4, 5, 6]
    assert [r["batch"] for r in rows(log)] == [1, 2, 3, 1, 2, 3]
    assert (told(log)["step"], told(log)["new_starts"]) == ("counters", 0)


def test_counters_make_a_step_from_epoch_zero() -> None:
    bar = "Epoch {}: 100%|####| {}/{} [00:10<00:00,  9.90it/s, loss=0.{}]"
    log = lines(*(bar.format(e, 5, 5, e) for e in (0, 1, 2)))

    assert [r["step"] for r in rows(log)] == [5, 10, 15]


def test_a_log_that_begins_in_a_later_epoch_counts_the_epochs_before() -> None:
    log = lines(*(f"Epoch(train)  [{e}][{b}/3]  lr: 1e-3  loss: {e}.{b}" for e in (4, 5) for b in (1, 2, 3)))

    assert [r["step"] for r in rows(log)] == [10, 11, 12, 13, 14, 15]


def test_rows_are_counted_where_nothing_says_a_step() -> None:
    log = lines(
        *("{'loss': 3.5, 'epoch': 0.1}", "{'loss': 2.5, 'epoch': 0.2}", "{'eval_loss': 2.0, 'epoch': 0.2}"),
        *("{'loss': 1.5, 'epoch': 0.3}", "{'loss': 1.0, 'epoch': 0.4}"),
    )

    assert [(r["step"], r["loss"]) for r in rows(log)] == [(1, 3.5), (2, 2.5), (3, 1.5), (4, 1.0)]
    assert rows(log)[1]["eval_loss"] == 2.0
    assert told(log)["step"] == "order"


EPOCHS = lines(*(f"INFO:root:[Epoch {k}] train=0.{k}5 val=0.{k}25 loss=2.{9 - k}5 time: 58.{k}" for k in range(8)))


def test_rows_of_other_kinds_are_counted_where_no_row_is_a_train_row() -> None:
    found = rows(EPOCHS)

    assert [(r["step"], r["epoch"], r["train"]) for r in found] == [(k + 1, k, float(f"0.{k}5")) for k in range(8)]
    assert told(EPOCHS)["step"] == "order"


def test_every_way_of_reading_counts_them_alike(tmp_path: Path) -> None:
    path = tmp_path / "train.log"
    path.write_bytes(EPOCHS)
    wide, summary = fastlogs.read(path), fastlogs.load(path).summary()

    assert fastlogs.scan(path).collect().equals(wide)
    assert pl.DataFrame(fastlogs.stream(path)).equals(wide)
    assert set(fastlogs.read(path, layout="long")["step"]) == set(wide["step"])
    assert set(summary["first_step"]) == {1}
    assert set(summary["last_step"]) == {8}


def test_an_eval_before_training_stands_at_no_step() -> None:
    log = lines("Epoch 1: val_loss=3.5", *(f"Epoch {k}: loss={k}.5 acc=0.{k}" for k in (1, 2, 3)))

    assert [(r["step"], r.get("val_loss")) for r in rows(log)] == [(0, 3.5), (1, None), (2, None), (3, None)]


def test_train_rows_count_where_evals_stand_before_them() -> None:
    log = lines(*(x for k in (1, 2, 3) for x in (f"Epoch {k}: val_loss=3.{k}", f"Epoch {k}: loss={k}.5 acc=0.{k}")))

    assert table(log).filter(pl.col("loss").is_not_null())["step"].to_list() == [1, 2, 3]


def test_evals_of_one_epoch_are_one_row_where_no_row_is_a_train_row() -> None:
    log = jsonl(*(x for k in (1, 2, 3) for x in ({"epoch": k, "val_loss": k}, {"epoch": k, "test_acc": k / 4})))
    sparse = jsonl({"epoch": 1, "val_loss": 3}, {"epoch": 2, "test_acc": 0.5}, {"epoch": 2, "val_loss": 2})

    assert rows(log) == [{"step": k, "epoch": k, "val_loss": k, "test_acc": k / 4} for k in (1, 2, 3)]
    assert [(r["step"], r["epoch"]) for r in rows(sparse)] == [(1, 1), (2, 2)]


def test_a_row_that_takes_the_step_of_another_takes_its_epoch() -> None:
    log = jsonl(*(x for k in (1, 2, 3) for x in ({"epoch": k, "loss": k}, {"eval_loss": k}, {"eval_loss": k + 0.5})))
    long = table(log, layout="long", restarts="keep").filter(pl.col("metric") == "eval_loss")

    assert list(long.select("step", "epoch", "value").iter_rows()) == [
        (k, k, k + more) for k in (1, 2, 3) for more in (0, 0.5)
    ]


def test_a_step_that_is_stated_takes_no_epoch_of_another() -> None:
    log = jsonl({"step": 1, "epoch": 1, "loss": 3}, {"step": 5, "eval_loss": 2}, {"step": 9, "epoch": 2, "loss": 1})

    assert [r.get("epoch") for r in rows(log)] == [1, None, 2]


def test_evals_that_state_their_step_keep_it() -> None:
    log = jsonl(*({"step": 10 * k, "eval_loss": k} for k in (*range(1, 6), *range(1, 6))))

    assert [r["step"] for r in rows(log)] == [10, 20, 30, 40, 50] * 2
    assert (told(log)["step"], told(log)["resumes"], told(log)["new_starts"]) == ("logged", 0, 0)


@pytest.mark.parametrize("evals", [999, 1000, 2500])
def test_train_rows_after_many_evals_count_from_one(evals: int) -> None:
    log = jsonl(*({"val_loss": k} for k in range(evals)), *({"loss": k} for k in range(3)))
    steps = table(log).filter(pl.col("loss").is_not_null())["step"].to_list()

    assert steps == [1, 2, 3]
    assert table(log).height == evals + 3


def test_a_fractional_counter_stays_a_metric() -> None:
    log = jsonl(*({"step": k + 0.5, "loss": k} for k in range(5)))
    frame = table(log)

    assert frame["step"].to_list() == [1, 2, 3, 4, 5]
    assert [c for c in frame.columns if "step" in c and c != "step"] == ["step_"]
    assert frame["step_"].to_list() == [0.5, 1.5, 2.5, 3.5, 4.5]


def test_a_negative_step_is_a_step() -> None:
    log = jsonl(*({"step": k, "loss": k} for k in (-2, -1, 0, 1)))

    assert [r["step"] for r in rows(log)] == [-2, -1, 0, 1]


def test_a_step_beyond_64_bits_is_no_other_step() -> None:
    big = 2**63
    log = "".join(f'{{"step": {k}, "loss": {k % 7}}}\n' for k in (1, 2, 3, big, big + 1, 10**40)).encode()
    frame = table(log)

    assert frame["step"].to_list()[:3] == [1, 2, 3]
    assert set(frame["step"].to_list()[3:]) <= {3}
    assert frame["loss"].to_list() == [k % 7 for k in (1, 2, 3, big, big + 1, 10**40)]


def test_a_missing_step_is_the_last_one() -> None:
    log = jsonl({"step": 1, "loss": 3}, {"loss": 2}, {"step": 3, "loss": 1})

    assert [(r["step"], r["loss"]) for r in rows(log)] == [(1, 3), (1, 2), (3, 1)]


# Restarts


def iters(first: int, last: int, plus: float = 0) -> list[str]:
    return [f"iter {k}: loss {k + plus:.4f}, time 1.00ms, mfu 1.00%" for k in range(first, last + 1)]


def test_a_resume_replaces_what_it_wrote_again() -> None:
    log = lines(*iters(0, 9), *iters(5, 14, 100))
    frame, told = tables(log)

    assert frame["step"].to_list() == list(range(15))
    assert frame["loss"].to_list() == [0, 1, 2, 3, 4, *(k + 100 for k in range(5, 15))]
    assert (told["resumes"], told["superseded"], told["new_starts"]) == (1, 5, 0)


def test_keep_returns_both_attempts() -> None:
    log = lines(*iters(0, 9), *iters(5, 14, 100))
    frame = table(log, restarts="keep")

    assert frame["step"].to_list() == [*range(10), *range(5, 15)]
    assert frame["attempt"].to_list() == [0] * 10 + [1] * 10


def test_a_new_start_drops_nothing() -> None:
    log = lines(*iters(0, 9), *iters(0, 4, 100))
    frame, told = tables(log)

    assert frame["step"].to_list() == [*range(10), *range(5)]
    assert frame["attempt"].to_list() == [0] * 10 + [1] * 5
    assert (told["resumes"], told["superseded"], told["new_starts"]) == (0, 0, 1)


def test_a_summary_takes_the_longest_attempt() -> None:
    log = lines(*iters(0, 3), *iters(0, 9, 100), *iters(0, 4, 200))
    with pytest.warns(fastlogs.LinesLeft, match="2 new starts"):
        summary = fastlogs.read(io.BytesIO(log), layout="summary")
    loss = summary.row(by_predicate=pl.col("metric") == "loss", named=True)

    assert (loss["n"], loss["first"], loss["last"], loss["attempts"]) == (10, 100, 109, 3)


def test_a_resume_of_a_resume() -> None:
    log = lines(*iters(0, 9), *iters(5, 9, 100), *iters(3, 12, 200))
    frame, told = tables(log)

    assert frame["step"].to_list() == list(range(13))
    assert frame["loss"].to_list() == [0, 1, 2, *(k + 200 for k in range(3, 13))]
    assert (told["resumes"], told["superseded"]) == (2, 12)


def test_an_eval_of_an_old_step_is_no_restart() -> None:
    log = jsonl({"step": 10, "loss": 1}, {"step": 20, "loss": 1}, {"step": 10, "val_loss": 1}, {"step": 30, "loss": 1})
    told = tables(log)[1]

    assert (told["resumes"], told["new_starts"]) == (0, 0)


# Repeats and bars


def test_a_repeated_line_is_dropped_and_counted() -> None:
    log = lines(*(line for k in range(5) for line in iters(k, k) * 2))
    frame, told = tables(log)

    assert frame["step"].to_list() == [0, 1, 2, 3, 4]
    assert told["repeated"] == 5


def test_a_line_repeated_in_another_envelope_is_dropped_and_counted() -> None:
    body = "[Epoch 1/3] Step {} | Tokens: 1.6M | LM Loss: 1.5 | PPL: 3.5 | LR: 1e-3 | GradNorm: 1.0 | Tok/s: 200"
    stamp = "2026-01-26 17:00:10,01{} - __main__ - INFO - "
    for other in (stamp.format(1), "", "INFO: "):
        log = lines(*(f"{when}{body.format(k)}" for k in range(5) for when in (stamp.format(0), other)))

        assert table(log)["step"].to_list() == [0, 1, 2, 3, 4], other
        assert told(log)["repeated"] == 5


def test_of_a_bar_the_last_state_is_the_row() -> None:
    state = "{}/4 [=>..] - ETA: 1s - loss: {}.0"
    bars = "".join(
        f"Epoch {e}/2\n" + "\r".join(state.format(k, e * 10 + k) for k in (1, 2, 3, 4)) + "\n" for e in (1, 2)
    )
    frame, told = tables(bars.encode())

    assert frame["loss"].to_list() == [14, 24]
    assert frame["step"].to_list() == [4, 8]
    assert told["unfinished"] == 0


def test_a_bar_cut_short_is_a_row_and_counted() -> None:
    state = "{}/4 [=>..] - ETA: 1s - loss: {}.0"
    bars = "".join(f"Epoch {e}/2\n" + "\r".join(state.format(k, e * 10 + k) for k in (1, 2, 3)) + "\n" for e in (1, 2))
    frame, told = tables(bars.encode())

    assert frame["loss"].to_list() == [13, 23]
    assert told["unfinished"] == 2


# Ranks


def test_ranks_are_judged_apart() -> None:
    line = "[rank{}]:[titan] 2025-06-04 08:51:58,557 - root - INFO - step: {}  loss: {}.5  tps: 7,034"
    late = [line.format(r, k, r * 100 + k) for k in range(1, 6) for r in ((0, 1) if k % 2 else (1, 0))]
    frame, told = tables(lines(*late))

    assert told["ranks"] == [0, 1]
    assert (told["resumes"], told["new_starts"], told["repeated"]) == (0, 0, 0)
    for rank in (0, 1):
        mine = frame.filter(pl.col("rank") == rank)
        assert mine["step"].to_list() == [1, 2, 3, 4, 5]
        assert mine["loss"].to_list() == [rank * 100 + k + 0.5 for k in range(1, 6)]


def test_one_rank_has_no_column() -> None:
    log = lines(*(f"[rank0]:[titan] 2025-06-04 08:51:58,557 - root - INFO - step: {k}  loss: {k}.5" for k in (1, 2, 3)))

    assert "rank" not in table(log).columns


# Values


def test_a_column_keeps_its_first_unit() -> None:
    log = lines("iter 0: loss 1.0, time 500.00ms", "iter 1: loss 1.0, time 2.00s", "iter 2: loss 1.0, time 250.00us")
    frame, told = tables(log)

    assert frame["time"].to_list() == pytest.approx([500, 2000, 0.25])
    assert told["converted"] == 2


def test_printed_names_become_snake_case() -> None:
    log = lines(*(f"it {k}/9 LM Loss: {k}.5, GradNorm: 1.{k}, Tok/s: 1{k}0, mAP@0.5: 0.{k}" for k in range(1, 6)))

    assert {"lm_loss", "grad_norm", "tok_s", "map_0_5"} <= set(table(log).columns)


def test_stored_names_stay() -> None:
    log = jsonl(*({"step": k, "Train/Loss (x)": k, "äö.β": 1.5, "a b": 2} for k in range(3)))

    assert table(log).columns == ["step", "Train/Loss (x)", "äö.β", "a b"]


@pytest.mark.parametrize("name", ["run", "attempt", "kind", "metric", "value", "text", "offset", "wall_time"])
def test_a_reserved_name_gets_a_trailing_underscore(name: str) -> None:
    frame = table(jsonl(*({"step": k, name: k + 0.5} for k in range(5))))

    assert frame.columns == ["step", name + "_"]
    assert frame[name + "_"].to_list() == [0.5, 1.5, 2.5, 3.5, 4.5]


def test_an_elapsed_that_runs_on_is_the_clock() -> None:
    runs_on = table(jsonl(*({"step": k, "elapsed": k + 0.5, "loss": 1.5} for k in range(5))))
    falls = table(jsonl(*({"step": k, "elapsed": 9.5 - k, "loss": 1.5} for k in range(5))))

    assert runs_on["elapsed"].to_list() == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert falls["elapsed_"].to_list() == [9.5, 8.5, 7.5, 6.5, 5.5]


def test_time_is_no_reserved_name() -> None:
    log = lines(*(f"iter {k}: loss 1.0, time {k}.00ms" for k in range(4)))

    assert table(log)["time"].to_list() == [0, 1, 2, 3]


def test_durations_are_seconds() -> None:
    log = lines(
        *(f"it {k}/9 loss: {k}.5, spent: 0:32:4{k}, left: {k}h 33m, since: 9 days, 21:39:2{k}" for k in range(1, 6))
    )
    frame = table(log)

    assert frame["spent"].to_list() == [32 * 60 + 40 + k for k in range(1, 6)]
    assert frame["left"].to_list() == [k * 3600 + 33 * 60 for k in range(1, 6)]
    assert frame["since"].to_list() == [9 * 86_400 + 21 * 3600 + 39 * 60 + 20 + k for k in range(1, 6)]


def test_magnitudes_are_applied_but_memory_is_a_unit() -> None:
    log = lines(*(f"it {k}/9 tokens: 1.{k}M, gpu_mem: 1.{k}G, samples: {k}k" for k in range(1, 6)))
    frame = table(log)

    assert frame["tokens"].to_list() == [(10 + k) * 100_000 for k in range(1, 6)]
    assert frame["gpu_mem"].to_list() == [(10 + k) / 10 for k in range(1, 6)]
    assert frame["samples"].to_list() == [k * 1000 for k in range(1, 6)]


def test_nan_and_inf_are_values_and_nothing_is_null() -> None:
    log = lines("iter 0: loss nan, lr 1.0", "iter 1: loss inf, lr 1.0", "iter 2: loss -inf", "iter 3: lr 1.0, loss 2.0")
    frame = table(log)

    assert str(frame["loss"].to_list()) == "[nan, inf, -inf, 2.0]"
    assert frame["lr"].to_list() == [1, 1, None, 1]


def test_json_nulls_are_nulls_and_nan_is_nan() -> None:
    log = b'{"step": 0, "loss": NaN}\n{"step": 1, "loss": null, "lr": 1}\n{"step": 2, "loss": -Infinity}\n{"step": 3, "loss": 1}\n'

    assert str(table(log)["loss"].to_list()) == "[nan, None, -inf, 1.0]"


def test_a_thousand_columns_are_the_most() -> None:
    def wide(count: int) -> bytes:
        return jsonl(*({"step": k, **{f"m{i}": i + k for i in range(count)}} for k in range(3)))

    assert table(wide(1000)).width == 1001
    with pytest.raises(fastlogs.FastlogsError, match="metrics=") as raised:
        fastlogs.read(io.BytesIO(wide(1001)))
    assert 'layout="long"' in str(raised.value)
    assert fastlogs.read(io.BytesIO(wide(1001)), layout="long").height == 3003
    assert table(wide(1001), metrics=["m5", "m1000"]).width == 3


# Times


def test_a_stamp_is_as_printed() -> None:
    line = "[titan] 2025-06-04 08:51:{}{} - root - INFO - step: {}  loss: 1.5  tps: 7,034"
    frame = table(lines(*(line.format(10 + k, ",557", k) for k in range(3))))

    assert frame.schema["wall_time"] == pl.Datetime("us")
    assert frame["wall_time"][0] == datetime(2025, 6, 4, 8, 51, 10, 557_000)


def test_a_stamp_with_an_offset_is_utc() -> None:
    log = jsonl(*({"step": k, "timestamp": f"2025-06-04T08:51:1{k}+02:00", "loss": k} for k in range(4)))
    frame = table(log)

    assert frame.schema["wall_time"] == pl.Datetime("us", "UTC")
    assert frame["wall_time"][0] == datetime(2025, 6, 4, 6, 51, 10, tzinfo=UTC)


def test_a_clock_without_a_date_is_elapsed() -> None:
    log = lines(*(f"10:00:0{k} it {k}/9 loss: {k}.5" for k in range(1, 6)))
    frame = table(log)

    assert "wall_time" not in frame.columns
    assert frame["elapsed"].to_list() == [36_000 + k for k in range(1, 6)]


# Tables


def test_context_columns_stand_first() -> None:
    line = "[rank{}]:[titan] 2025-06-04 08:51:58,557 - root - INFO - step: {}  loss: {}.5  tps: 7,034"
    log = lines(*(line.format(r, k, k) for k in range(1, 4) for r in (0, 1)))

    assert table(log).columns == ["step", "rank", "wall_time", "loss", "tps"]


def test_columns_stand_in_order_of_appearance() -> None:
    log = jsonl({"step": 0, "b": 1}, {"step": 1, "a": 1, "b": 2}, {"step": 2, "c": 3, "a": 1})

    assert table(log).columns == ["step", "b", "a", "c"]


def test_the_long_table_has_one_schema() -> None:
    schema = {
        "kind": pl.Categorical,
        "metric": pl.Categorical,
        "step": pl.Int64,
        "epoch": pl.Float64,
        "wall_time": pl.Datetime("us"),
        "elapsed": pl.Float64,
        "value": pl.Float64,
        "text": pl.String,
        "attempt": pl.Int64,
        "rank": pl.Int64,
        "offset": pl.Int64,
    }
    for log in (lines(*iters(0, 5)), jsonl(*({"step": k, "note": "x", "loss": k} for k in range(4)))):
        assert dict(table(log, layout="long").schema) == schema


def test_text_stands_in_its_row() -> None:
    log = jsonl({"step": 0, "loss": 1, "note": "a"}, {"step": 1, "loss": 2}, {"step": 2, "loss": 3, "note": "b"})
    long = table(log, layout="long")

    assert long.filter(pl.col("text").is_not_null()).select("step", "metric", "text").rows() == [
        (0, "note", "a"),
        (2, "note", "b"),
    ]


def test_offsets_are_of_the_lines() -> None:
    log = lines("hello", *iters(0, 3))
    long = table(log, layout="long").filter(pl.col("metric") == "loss")

    assert [log[at : at + 7] for at in long["offset"]] == [b"iter 0:", b"iter 1:", b"iter 2:", b"iter 3:"]
