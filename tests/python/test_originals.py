"""What the scripts of the reference documents do, row by row; expected values are worked out here, by their formulas."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastlogs
import numpy as np
import polars as pl
import pytest
import scipy.stats
from classic_logs import Atlas, Sparse, Timed, atlas, experiment, tt_train
from fastlogs.stats import naive, state
from test_cli import fastlogs_


def compared(*args: str, cwd: Path, out: str = "out") -> tuple[str, dict[str, Any], str]:
    """The text report, its data and what was printed of `compare ... -o out`."""
    said = fastlogs_("compare", *args, "-o", out, cwd=cwd)
    assert said.returncode == 0, said.stderr
    assert said.stderr == ""
    folder = cwd / out
    data = json.loads((folder / "comparison_data.json").read_text(), parse_constant=_no_constant)
    return (folder / "comparison_report.txt").read_text(), data, said.stdout


def _no_constant(word: str) -> float:
    raise AssertionError(f"{word} is no JSON")


def cells(report: str, label: str, nth: int = 0) -> list[str]:
    """What stands behind a label in the nth table line that begins with it."""
    lines = [line for line in report.splitlines() if re.match(re.escape(label) + r"(  |$)", line)]
    return re.split(r"\s{2,}", lines[nth])[1:]


def flat(report: str) -> str:
    """Without the wrapping of sentences."""
    return " ".join(report.split())


# --- Atlas: compare, report, summary ---------------------------------------------------------------------------------


@dataclass
class Report:
    folder: Path
    logs: dict[str, Atlas]
    text: str
    data: dict[str, Any]
    printed: str


@pytest.fixture(scope="module")
def atlas_report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("atlas")
    logs = {
        "ttl": atlas(mode="MEMORY+ATTENTION"),
        "ablation": atlas(seed=1, effect=0.2, mode="ATTENTION-ONLY (ablation)"),
    }
    for name, log in logs.items():
        (folder / name).mkdir()
        (folder / name / "train.log").write_text(log.text)
    return Report(folder, logs, *compared("ttl/train.log", "ablation/train.log", "--smooth", "10", cwd=folder))


def test_C01_compare_writes_the_report_and_the_data(atlas_report: Report) -> None:
    written = {path.name for path in (atlas_report.folder / "out").iterdir()}

    assert {"comparison_report.txt", "comparison_data.json"} <= written
    assert "out/comparison_report.txt" in atlas_report.printed


def test_C02_runs_are_named_by_what_tells_them_apart(tmp_path: Path) -> None:
    for name in ("a.log", "b.log", "run1/train.txt", "run2/train.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(atlas(60, seed=len(name)).text)

    _, files, _ = compared("a.log", "b.log", cwd=tmp_path)
    _, folders, _ = compared("run1/train.txt", "run2/train.txt", cwd=tmp_path)
    _, twice, _ = compared("a.log", "b.log", "--labels", "x", "x", cwd=tmp_path)

    assert list(files["runs"]) == ["a", "b"]
    assert list(folders["runs"]) == ["run1", "run2"]
    assert list(twice["runs"]) == ["x", "x_2"]


# What the original prints in each row, from the numbers of the log.
ATLAS_ROWS = {
    "Config": lambda log: "dim=512 layers=6 heads=8",
    "Total Steps": lambda log: f"{log.rows[-1][0]:,}",
    "Total Tokens (M)": lambda log: f"{log.rows[-1][1]:.1f}",
    "Final Train Loss": lambda log: f"{log.rows[-1][2]:.4f}",
    "Final Train PPL": lambda log: f"{log.rows[-1][3]:.2f}",
    "Best Val Loss": lambda log: f"{min(loss for loss, _ in log.val):.4f}",
    "Best Val PPL": lambda log: f"{min(ppl for _, ppl in log.val):.2f}",
    "Mean Throughput": lambda log: f"{statistics.fmean(log.column(5)):,.0f}",
    "Mean Grad Norm": lambda log: f"{statistics.fmean(log.column(4)):.2f}",
}


@pytest.mark.parametrize("row", ATLAS_ROWS)
def test_C03_rows_of_the_report(row: str, atlas_report: Report) -> None:
    assert cells(atlas_report.text, row) == [ATLAS_ROWS[row](log) for log in atlas_report.logs.values()]


def test_C03_key_findings_and_mode(atlas_report: Report) -> None:
    best = {name: min(ppl for _, ppl in log.val) for name, log in atlas_report.logs.items()}
    speeds = {name: statistics.fmean(log.column(5)) for name, log in atlas_report.logs.items()}
    winner = min(best, key=best.__getitem__)

    assert cells(atlas_report.text, "Mode") == ["MEMORY+ATTENTION", "ATTENTION-ONLY (ablation)"]
    assert "KEY FINDINGS" in atlas_report.text
    assert f"Best Val PPL: {winner} ({best[winner]:.4g})" in atlas_report.text
    # The speeds differ by less than what two digits show: nobody is "1.00x faster".
    assert max(speeds.values()) / min(speeds.values()) < 1.005
    assert "faster than" not in atlas_report.text.split("KEY FINDINGS")[1].split("Along the way")[0]


def test_C03_a_faster_run_is_named_with_its_ratio(tmp_path: Path) -> None:
    log = atlas(60)
    (tmp_path / "slow.log").write_text(log.text)
    (tmp_path / "fast.log").write_text(re.sub(r"Tok/s: (\d+)", lambda m: f"Tok/s: {int(m[1]) * 2}", log.text))

    text, _, _ = compared("slow.log", "fast.log", cwd=tmp_path)

    assert "Throughput: fast is 2.00x faster than slow" in text


def test_C03_a_run_against_itself_ties(tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_text(atlas(60).text)

    text, data, _ = compared("a.log", "b.log", cwd=tmp_path)

    assert data["verdict"] == "identical"
    assert "Best Val PPL: a (" in text
    assert ", tied" in text
    assert "faster than" not in text


def test_C03_long_names_do_not_break_columns(tmp_path: Path) -> None:
    for name in ("a.log", "b.log"):
        (tmp_path / name).write_text(atlas(60, seed=ord(name[0])).text)
    names = ["the baseline whose name is longer than any column", "x" * 70]

    text, data, _ = compared("a.log", "b.log", "--labels", *names, cwd=tmp_path)

    header, rule, *rows = text.split("Runs\n----\n\n")[1].split("\n\n")[0].splitlines()
    edges = [m.start() for m in re.finditer(r"(?:^|(?<=  ))-", rule)]
    assert list(data["runs"]) == names
    assert [header[e:].split("  ")[0].strip() for e in edges] == ["Metric", *names]
    assert all(row[e - 2 : e] == "  " for row in rows for e in edges[1:])


def test_C04_the_data_has_the_nine_keys_of_every_run(atlas_report: Report) -> None:
    for name, log in atlas_report.logs.items():
        told = atlas_report.data["runs"][name]
        config = told["config"]

        assert (config["dim"], config["layers"], config["heads"]) == (512, 6, 8)
        assert told["total_steps"] == log.rows[-1][0]
        assert told["total_tokens_m"] == pytest.approx(log.rows[-1][1])
        assert told["final_train_loss"] == log.rows[-1][2]
        assert told["final_train_ppl"] == log.rows[-1][3]
        assert told["best_val_loss"] == min(loss for loss, _ in log.val)
        assert told["best_val_ppl"] == min(ppl for _, ppl in log.val)
        assert told["mean_throughput"] == pytest.approx(statistics.fmean(log.column(5)))
        assert told["mean_grad_norm"] == pytest.approx(statistics.fmean(log.column(4)))


def test_C04_what_a_run_has_not_is_null(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(tt_train(60).text)
    (tmp_path / "b.log").write_text("Step: 1, Loss: inf\nStep: 2, Loss: nan\nStep: 3, Loss: inf\n")

    text, data, _ = compared("a.log", "b.log", cwd=tmp_path)

    assert data["runs"]["a"]["best_val_ppl"] is None
    assert data["runs"]["b"]["final_train_loss"] is None
    assert cells(text, "Best Val PPL") == ["N/A", "N/A"]


def test_C04_a_log_without_metrics_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(atlas(60).text)
    (tmp_path / "b.log").write_text("")

    said = fastlogs_("compare", "a.log", "b.log", "-o", "out", cwd=tmp_path)

    assert said.returncode == 1
    assert "no metrics found in b.log" in said.stderr
    assert not (tmp_path / "out").exists()


def test_C07_summary_has_the_figures_of_the_original(tmp_path: Path) -> None:
    log = atlas()
    (tmp_path / "train.log").write_text(log.text)

    said = fastlogs_("summary", "train.log", "--json", cwd=tmp_path)
    told = {m["metric"]: m for m in json.loads(said.stdout)["runs"][0]["metrics"]}

    assert told["lm_loss"]["last_step"] == log.rows[-1][0]
    assert told["tokens"]["last"] / 1e6 == pytest.approx(log.rows[-1][1])
    assert (told["lm_loss"]["last"], told["ppl"]["last"]) == (log.rows[-1][2], log.rows[-1][3])
    assert told["val_loss"]["min"] == min(loss for loss, _ in log.val)
    assert told["val_ppl"]["min"] == min(ppl for _, ppl in log.val)
    assert told["val_loss"]["n"] == len(log.val)
    speeds = log.column(5)
    assert told["tok_s"]["mean"] == pytest.approx(statistics.fmean(speeds))
    assert (told["tok_s"]["min"], told["tok_s"]["max"]) == (min(speeds), max(speeds))


def test_C07_an_empty_log_says_so_and_exits_1(tmp_path: Path) -> None:
    (tmp_path / "empty.log").write_text("")

    said = fastlogs_("summary", "empty.log", cwd=tmp_path)

    assert (said.returncode, said.stdout) == (1, "")
    assert "no metrics found in empty.log" in said.stderr


@pytest.mark.parametrize("window", ["0", "1", "1000000"])
def test_C08_any_smoothing_window_is_fine(window: str, atlas_report: Report) -> None:
    said = fastlogs_("compare", "ttl/train.log", "ablation/train.log", "--smooth", window, cwd=atlas_report.folder)

    assert (said.returncode, said.stderr) == (0, "")
    # The numbers are those of raw data.
    assert said.stdout == atlas_report.printed.split("wrote")[0].rstrip() + "\n" or "is worse" in said.stdout


def test_C09_the_python_of_the_original_has_its_lines(atlas_report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(atlas_report.folder)

    log = atlas_report.logs["ttl"]
    assert fastlogs.load("ttl/train.log").metrics["ppl"].drop_nulls()[-1] == log.rows[-1][3]
    found = fastlogs.compare("ttl/train.log", "ablation/train.log", labels=["TTL", "Ablation"])
    assert list(found.runs) == ["TTL", "Ablation"]
    assert found.table["metric"].to_list()[0] == "lm_loss"
    assert found.runs["TTL"].run.metrics["step"][-1] == log.rows[-1][0]


# --- tt-train: step times and losses ---------------------------------------------------------------------------------


def write(folder: Path, **logs: Timed) -> None:
    for name, log in logs.items():
        (folder / f"{name}.txt").write_text(log.text)


def test_B01_the_commands_of_the_document_run(tmp_path: Path) -> None:
    names = ["run_baseline", "run_optimized", "fw_only", "fw_bw_3_packs", "fw_bw_4_packs"]
    write(tmp_path, **{name: tt_train(120, seed=at) for at, name in enumerate(names)})
    commands = [
        ["--baseline", "run_baseline.txt", "--compare", "run_optimized.txt"],
        ["--baseline", "fw_only.txt", "--compare", "fw_bw_3_packs.txt", "fw_bw_4_packs.txt",
         "--labels", "Forward Only", "FW+BW 3 Packs", "FW+BW 4 Packs"],
        ["--baseline", "run_baseline.txt", "--compare", "run_optimized.txt", "--output-dir", "./plots",
         "--warmup-steps", "20", "--max-steps", "100", "--title-prefix", "NanoLlama SiLU "],
    ]  # fmt: skip

    said = [fastlogs_("compare", *command, cwd=tmp_path) for command in commands]

    assert [s.returncode for s in said] == [0, 0, 0], [s.stderr for s in said]
    assert "run_optimized against run_baseline" in said[0].stdout
    assert "FW+BW 4 Packs against Forward Only" in said[1].stdout
    report = (tmp_path / "plots" / "comparison_report.txt").read_text()
    assert "NanoLlama SiLU Comparison with run_baseline" in report
    assert "20 and 20 warm-up steps skipped" in flat(report)
    assert cells(report, "100 %")[0] == "100"


def test_B01_a_label_too_few_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, a=tt_train(60), b=tt_train(60, seed=1))

    said = fastlogs_("compare", "a.txt", "b.txt", "--labels", "only one", cwd=tmp_path)

    assert said.returncode == 2
    assert "2 runs and 1 label" in said.stderr


@pytest.mark.parametrize("one_line", [False, True], ids=["two lines", "one line"])
def test_B02_mean_and_std_of_step_times_after_warm_up(one_line: bool, tmp_path: Path) -> None:
    logs = {"base": tt_train(one_line=one_line), "fused": tt_train(seed=1, ms=650, one_line=one_line)}
    write(tmp_path, **logs)

    text, _, _ = compared("base.txt", "fused.txt", cwd=tmp_path)

    times = [np.array(log.times[15:]) for log in logs.values()]
    printed = [f"{t.mean():.2f} ms (std: {t.std(ddof=0):.2f} ms)" for t in times]
    assert cells(text, "step time after 15 warm-up steps") == printed
    assert f"Speed-up by mean step times: {times[0].mean() / times[1].mean():.3f}x" in text
    losses = [f"{np.mean(log.losses[-100:]):.6f}" for log in logs.values()]
    assert cells(text, "final (mean of last 100)") == losses
    assert cells(text, "Mean of last 100 losses") == losses


def test_B03_fewer_than_100_losses_are_all_averaged_and_marked(tmp_path: Path) -> None:
    short, long = tt_train(89), tt_train(200, seed=1)
    write(tmp_path, short=short, long=long)

    text, _, _ = compared("short.txt", "long.txt", cwd=tmp_path)

    assert cells(text, "Mean of last 100 losses") == [
        f"{np.mean(short.losses):.6f} (all 89 steps)", f"{np.mean(long.losses[-100:]):.6f}"
    ]  # fmt: skip


def test_B05_a_missing_baseline_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, new=tt_train(60))

    said = fastlogs_("compare", "--baseline", "gone.txt", "--compare", "new.txt", cwd=tmp_path)

    assert (said.returncode, said.stdout) == (2, "")
    assert "gone.txt" in said.stderr


def test_B05_no_step_left_after_the_warm_up_is_not_available(tmp_path: Path) -> None:
    write(tmp_path, base=tt_train(12), new=tt_train(120, seed=1))

    said = fastlogs_("compare", "base.txt", "new.txt", "-o", "out", cwd=tmp_path, env={"PYTHONWARNINGS": "error"})
    text = (tmp_path / "out" / "comparison_report.txt").read_text()

    assert (said.returncode, said.stderr) == (0, "")
    assert cells(text, "step time after 15 warm-up steps")[0] == "n/a"
    assert "Speed-up by mean" not in text
    assert not re.search(r"\bnan", text)
    assert "Speed: not enough evidence" in text


def test_B06_a_compiling_step_moves_the_mean_and_not_the_median(tmp_path: Path) -> None:
    base, new = tt_train(400), tt_train(400, seed=1, ms=650)
    new.text = new.text.replace("87819.168", "651.000")
    write(tmp_path, base=base, new=new)

    pace = fastlogs.compare(tmp_path / "base.txt", tmp_path / "new.txt", warmup_steps=0).pairs["new"].pace

    seconds = np.array(base.times) / 1000
    told = pace.speed.baseline
    assert told.mean == pytest.approx(seconds.mean())
    assert told.mean > 0.9
    assert told.median == pytest.approx(np.median(seconds))
    assert told.p95 == pytest.approx(np.quantile(seconds, 0.95))
    assert pace.speed.stalls[0].count == int((seconds > 3 * np.median(seconds)).sum()) == 1
    assert pace.typical.low < 700 / 650 < pace.typical.high
    assert pace.typical.high - pace.typical.low < 0.01
    assert pace.typical.verdict == "faster"


# --- Two pipelines, two experiments ----------------------------------------------------------------------------------


@dataclass
class Pipelines:
    folder: Path
    legacy: Sparse
    new: Sparse
    text: str
    data: dict[str, Any]


@pytest.fixture(scope="module")
def pipelines(tmp_path_factory: pytest.TempPathFactory) -> Pipelines:
    folder = tmp_path_factory.mktemp("pipelines")
    legacy = experiment(folder / "experiments/legacy_pipeline", 500)
    new = experiment(folder / "experiments/new_pipeline", 450, seed=1, factor=0.8)
    text, data, _ = compared("legacy_pipeline", "new_pipeline", "--base-dir", "experiments", cwd=folder)
    return Pipelines(folder, legacy, new, text, data)


@pytest.mark.parametrize(
    "names",
    [
        ("legacy_pipeline", "new_pipeline"),
        ("legacy", "new"),
        ("experiments/legacy_pipeline", "./experiments/new_pipeline"),
    ],
)
def test_D01_runs_are_found_by_name_part_of_it_or_path(names: tuple[str, str], pipelines: Pipelines) -> None:
    said = fastlogs_("compare", *names, "--base-dir", "experiments", "--json", cwd=pipelines.folder)

    assert said.returncode == 0, said.stderr
    document = json.loads(said.stdout)
    assert (document["baseline"], document["candidate"]) == ("legacy_pipeline", "new_pipeline")


def test_D01_any_relative_path_is_taken(pipelines: Pipelines) -> None:
    elsewhere = pipelines.folder / "elsewhere"
    elsewhere.mkdir(exist_ok=True)

    said = fastlogs_(
        "compare", "../experiments/legacy_pipeline", "../experiments/new_pipeline", "--output", "x", cwd=elsewhere
    )

    assert said.returncode == 0, said.stderr
    assert (elsewhere / "x" / "comparison_report.txt").exists()


def test_D01_an_ambiguous_name_lists_what_it_could_be(pipelines: Pipelines) -> None:
    said = fastlogs_("compare", "pipeline", "new", "--base-dir", "experiments", cwd=pipelines.folder)

    assert said.returncode == 2
    assert "ambiguous" in said.stderr
    assert "legacy_pipeline, new_pipeline" in said.stderr


def test_D01_list_and_choose(pipelines: Pipelines) -> None:
    listed = fastlogs_("compare", "--list", "--base-dir", "experiments", cwd=pipelines.folder)
    chosen = fastlogs_("compare", "-i", "--base-dir", "experiments", cwd=pipelines.folder, input="1\n2\n")
    same = fastlogs_("compare", "-i", "--base-dir", "experiments", cwd=pipelines.folder, input="2\n2\n")
    left = fastlogs_("compare", "-i", "--base-dir", "experiments", cwd=pipelines.folder, input="")

    assert listed.returncode == 0
    assert re.search(r"1 +legacy_pipeline", listed.stdout)
    assert re.search(r"2 +new_pipeline", listed.stdout)
    assert chosen.returncode == 0, chosen.stderr
    assert "new_pipeline against legacy_pipeline" in chosen.stdout
    assert same.returncode == 2
    assert left.returncode == 130


def parted(legacy: Sequence[float], new: Sequence[float], steps: Sequence[int], threshold: float = 2.0) -> int | None:
    """The original's rule: the first step at which legacy / (new + 1e-8) is over the threshold."""
    for step, a, b in zip(steps, legacy, new, strict=True):
        if a / (b + 1e-8) > threshold:
            return step
    return None


def test_D03_the_one_sided_rule_gives_the_original_step() -> None:
    steps, legacy = list(range(0, 500, 10)), [100 * 0.97**k + 5 for k in range(50)]
    new = [y / (1 + 0.05 * k) for k, y in enumerate(legacy)]

    found = naive.ratio_divergence(steps, legacy, steps, new, both_ways=False)

    assert found.x == parted(legacy, new, steps) == 210
    assert naive.ratio_divergence(steps, new, steps, legacy, both_ways=False) is None
    assert parted(new, legacy, steps) is None


def test_D03_both_directions_a_stretch_step_zero_and_equal_steps() -> None:
    steps = [0, 10, 20, 30, 40, 50]
    flat = [1.0] * 6

    worse = naive.ratio_divergence(steps, flat, steps, [1, 1, 1, 10, 10, 10])
    blip = naive.ratio_divergence(steps, flat, steps, [1, 10, 1, 10, 10, 10], sustained=3)
    first = naive.ratio_divergence(steps, flat, steps, [10.0] * 6)
    late = naive.ratio_divergence(steps, flat, [30, 40, 50], [1, 10, 10])

    assert (worse.x, worse.higher, worse.ratio) == (30, "candidate", pytest.approx(10))
    assert blip.x == 30
    assert first.x == 0
    assert late.x == 40


def test_D03_the_report_says_where_and_which_way(tmp_path: Path) -> None:
    steps = list(range(1, 401))
    losses = {
        "base": [3 + 2 / k**0.5 for k in steps],
        "bad": [(3 + 2 / k**0.5) * (10 if k >= 250 else 1) for k in steps],
    }
    for name, values in losses.items():
        (tmp_path / f"{name}.csv").write_text(
            "step,loss\n" + "".join(f"{k},{v!r}\n" for k, v in zip(steps, values, strict=True))
        )

    text, _, _ = compared("base.csv", "bad.csv", cwd=tmp_path)
    back, _, _ = compared("bad.csv", "base.csv", cwd=tmp_path, out="back")

    assert parted(losses["base"], losses["bad"], steps) is None
    assert "in either direction: from step 250 (bad is 10 times the other)" in flat(text)
    assert "only direction that such scripts look in: never" in flat(text)
    assert parted(losses["bad"], losses["base"], steps) == 250
    assert "in either direction: from step 250 (bad is 10 times the other)" in flat(back)
    assert "only direction" not in flat(back)


def test_D04_families_of_modes_are_found_and_labelled_the_right_way(pipelines: Pipelines) -> None:
    legacy, new = pipelines.legacy.evals[-1][1], pipelines.new.evals[-1][1]
    ratio = np.exp(legacy) / np.exp(new)
    first = [np.exp(run.evals[0][1]) for run in (pipelines.legacy, pipelines.new)]
    last = [np.exp(legacy), np.exp(new)]
    better = [f"{100 * (a - b) / a:.1f} %" for a, b in zip(first, last, strict=True)]

    row = cells(pipelines.text, "mode2_ppl", nth=1)

    assert row[:5] == [f"{np.exp(legacy):.2f}", f"{np.exp(new):.2f}", f"{ratio:.2f}x", *better]
    assert f"mode2_ppl: new_pipeline is {ratio:.2f}x lower" in flat(pipelines.text)
    # The real last steps, of either run.
    assert "legacy_pipeline at step 5,000, new_pipeline at step 4,500" in flat(pipelines.text)


def test_D04_a_lower_baseline_is_called_lower(tmp_path: Path) -> None:
    legacy, new = experiment(tmp_path / "legacy"), experiment(tmp_path / "new", seed=1, factor=1.3)

    text, _, _ = compared("legacy", "new", cwd=tmp_path)

    ratio = np.exp(new.evals[-1][1] - legacy.evals[-1][1])
    assert f"mode2_ppl: legacy is {ratio:.2f}x lower" in flat(text)
    assert "new is worse in these two runs" in flat(text)
    assert cells(text, "50 %")[-1] == "legacy"


def test_D04_training_loss_progression_and_divergence(pipelines: Pipelines) -> None:
    legacy, new = pipelines.legacy.train, pipelines.new.train

    assert cells(pipelines.text, "Final Train Loss") == [f"{legacy[-1][1]:.4f}", f"{new[-1][1]:.4f}"]
    assert "Progression of train_loss" in pipelines.text
    assert [cells(pipelines.text, f"{at} %")[-1] for at in (1, 10, 50, 100)] == ["new_pipeline"] * 4
    assert "Divergence:" in pipelines.text
    assert "legacy_pipeline is longer: compared up to step 4,500" in flat(pipelines.text)


def spiked(at: int, by: float, n: int = 300) -> np.ndarray:
    y = 50 * np.exp(-np.arange(n) / 60) + 10
    y[at] += by
    return y


def jumps(values: Sequence[float], threshold: float = 2.0) -> list[int]:
    """The original's rule: first differences whose z-score is over the threshold."""
    steps = np.diff(values)
    return [at for at, z in enumerate(np.abs((steps - steps.mean()) / steps.std())) if z > threshold]


def test_D05_anomalies_are_not_the_trend() -> None:
    smooth = spiked(150, 0.0)
    broken = spiked(150, 30.0)
    broken[20] = np.nan

    assert jumps(smooth)[:3] == [0, 1, 2]
    assert list(naive.jumps(smooth)) == jumps(smooth)
    assert naive.outliers(smooth) == ()
    assert naive.outliers(spiked(150, 30.0)) == (150,)
    assert naive.outliers(broken) == (150,)
    assert naive.jumps(broken) == ()


def test_D05_the_report_counts_both_ways_and_names_the_spike(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, 300)
    curves = {"calm": spiked(150, 0.0) + noise, "spiky": spiked(150, 30.0) + noise[::-1]}
    for name, y in curves.items():
        pl.DataFrame({"step": range(300), "loss": y}).write_csv(tmp_path / f"{name}.csv")

    text, data, _ = compared("calm.csv", "spiky.csv", cwd=tmp_path)

    assert cells(text, "jumps (z-score of steps over 2)") == [str(len(jumps(y))) for y in curves.values()]
    assert cells(text, "outliers (5 MAD from neighbours)") == ["0", "1 (step 150)"]
    assert data["anomalies"]["calm"] == []


def ddof0(values: Sequence[float]) -> dict[str, float]:
    y = list(values)
    mean = sum(y) / len(y)
    variance = sum((v - mean) ** 2 for v in y) / len(y)
    return {
        "mean": mean, "sd": variance**0.5, "variance": variance, "cv": variance**0.5 / mean, "min": min(y), "max": max(y),
        "initial": y[0], "final": y[-1], "improvement_percent": (y[0] - y[-1]) / y[0] * 100,
    }  # fmt: skip


S01_ROWS = {
    "mean": "mean", "standard deviation": "sd", "variance": "variance", "CV": "cv", "min": "min", "max": "max",
    "initial": "initial", "final (last value)": "final",
}  # fmt: skip


def test_S01_the_statistics_of_whole_curves(pipelines: Pipelines) -> None:
    wanted = [ddof0([y for _, y in run.train]) for run in (pipelines.legacy, pipelines.new)]

    for run, sums in zip((pipelines.legacy, pipelines.new), wanted, strict=True):
        found = naive.statistics([y for _, y in run.train])
        assert {key: getattr(found, key) for key in sums} == pytest.approx(sums)
    for label, key in S01_ROWS.items():
        assert cells(pipelines.text, label) == [f"{sums[key]:.6g}" for sums in wanted]
    assert cells(pipelines.text, "improvement") == [f"{sums['improvement_percent']:.1f} %" for sums in wanted]


def test_S02_the_original_rule_and_one_without_units() -> None:
    x = np.arange(1000)
    rising = 3 + 0.09 * x[:60]
    noise = np.random.default_rng(0).normal(0, 0.02, 1000)
    worse, better = 3 + x / 2000 + noise, 4 - x / 2000 + noise

    slope, _ = np.polyfit(range(3), rising[-3:], 1)
    found = naive.row_convergence(rising)
    assert (found.slope, found.stability) == pytest.approx((slope, np.std(rising[-3:])))
    # By the original's rule a loss that rises by 0.09 a row has converged.
    assert found.converged
    assert state(x, worse).state == "worsening"
    assert state(x, better).state == state(100 * x, 1e6 * better).state == "improving"
    assert state(x, better, goal="high").state == "worsening"


def test_S03_a_gap_is_looked_at_in_both_runs(tmp_path: Path) -> None:
    # The original flags -0.12 against -0.1, since -0.12 > 1.5 * -0.1.
    assert naive.gap_grew(-0.1, -0.12, original=True)
    assert not naive.gap_grew(-0.1, -0.12)
    assert naive.gap_grew(0.1, 0.16)
    x = np.arange(1, 401)
    noise = np.random.default_rng(0).normal(0, 0.01, 400)
    for name, rise in (("fine", 0.0), ("over", 0.004)):
        val = np.where(x % 10 == 0, 3.1 - x / 1000 + rise * np.maximum(x - 150, 0) + noise, np.nan)
        pl.DataFrame({"step": x, "train_loss": 3 - x / 1000 + noise[::-1], "val_loss": val}).with_columns(
            pl.col("val_loss").fill_nan(None)
        ).write_csv(tmp_path / f"{name}.csv")

    text, _, _ = compared("fine.csv", "over.csv", cwd=tmp_path)

    table = text.split("Validation against training")[1]
    assert cells(table, "fine")[-1] == "no"
    assert cells(table, "over")[-1] == "yes"
    assert "that of over is over 1.5 times the baseline's" in flat(text)


def noisy(seed: int, n: int, phi: float) -> np.ndarray:
    """AR(1) noise around a loss that falls; its deviation does not depend on phi."""
    shocks = np.random.default_rng(seed).normal(0, 0.05, n)
    y = np.empty(n)
    y[0] = shocks[0]
    for at in range(1, n):
        y[at] = phi * y[at - 1] + (1 - phi * phi) ** 0.5 * shocks[at]
    return 2.6 + 6 * (np.arange(1, n + 1) + 50) ** -0.35 + y


def frame(y: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame({"step": np.arange(1, y.size + 1), "loss": y})


def _verdict(a: np.ndarray, b: np.ndarray) -> str:
    found = fastlogs.compare(frame(a), frame(b), labels=["a", "b"], metric="loss", margin=0)
    return found.pairs["b"].quality.run_level.verdict


def test_S04_runs_of_one_process_are_not_told_apart() -> None:
    pairs = [(noisy(seed, 1000, 0.95), noisy(10_000 + seed, 1000, 0.95)) for seed in range(80)]

    alarms = sum(_verdict(a, b) in ("better", "worse") for a, b in pairs)
    naive_alarms = sum((naive.student_t(a[-200:], b[-200:]).p or 1) < 0.05 for a, b in pairs)

    # Binomial(80, 0.05) is over 10 less than twice in 1,000.
    assert alarms <= 10
    assert naive_alarms > 40


def test_S04_a_constant_gain_is_found_that_the_naive_test_misses() -> None:
    steps = np.arange(1000)
    noise = np.random.default_rng(0).normal(0, 0.01, (2, 1000))
    a, b = (np.exp(2.6 + 8 * np.exp(-steps / 60) + n) for n in noise)
    b *= 0.95

    assert _verdict(a, b) == "better"
    assert naive.student_t(a, b).p > 0.05
    assert naive.cohens_d(a, b).label == "small"


def test_S04_the_naive_figures_are_there_and_labelled(pipelines: Pipelines) -> None:
    a, b = (np.exp([y for _, y in run.evals]) for run in (pipelines.legacy, pipelines.new))
    tested = scipy.stats.ttest_ind(a, b)
    d = (a.mean() - b.mean()) / np.sqrt((a.var() + b.var()) / 2)
    label = "large" if abs(d) > 0.8 else "medium" if abs(d) > 0.5 else "small"
    says = (
        "highly significant" if tested.pvalue < 0.001 else "significant" if tested.pvalue < 0.05 else "not significant"
    )
    p = "< .001" if tested.pvalue < 0.001 else f"{tested.pvalue:.3f}"

    section = pipelines.text.split("As the usual scripts report it")[1]

    assert "no valid tests" in flat(section)
    assert "NOT VALID: t-test" in section
    assert cells(section, "mode2_ppl") == [f"{tested.statistic:.3f}", p, says, f"{d:.3f}", label]


def test_S05_other_lengths_other_steps_missing_metrics(tmp_path: Path) -> None:
    def csv(name: str, steps: Sequence[int], *columns: str) -> None:
        rows = [f"{s}," + ",".join(f"{3 + 5 / s**0.5 + at:.5f}" for at in range(len(columns))) for s in steps]
        (tmp_path / name).write_text("\n".join([",".join(["step", *columns]), *rows]) + "\n")

    csv("a.csv", range(10, 5000, 10), "train_loss", "mode1_ppl", "mode2_ppl")
    csv("b.csv", range(7, 3000, 7), "train_loss", "mode2_ppl", "mode9_ppl")
    csv("one.csv", [10], "train_loss")

    text, data, _ = compared("a.csv", "b.csv", cwd=tmp_path)
    few, short, _ = compared("a.csv", "one.csv", cwd=tmp_path, out="few")

    assert list(data["metrics"]) == ["train_loss", "mode2_ppl"]
    assert "a is longer: compared up to step 2,996" in flat(text)
    assert short["verdict"] == "not_enough_evidence"
    assert "Not enough evidence" in few


def stepped_up(p: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg by their definition: the least of p * m / rank among this p and all above."""
    ranked = sorted(range(len(p)), key=lambda k: p[k])
    q = [0.0] * len(p)
    for place, k in enumerate(ranked):
        q[k] = min([1.0, *(p[ranked[above]] * len(p) / (above + 1) for above in range(place, len(p)))])
    return q


def test_S06_one_file_holds_the_whole_report_and_metrics_are_corrected(pipelines: Pipelines) -> None:
    said = fastlogs_(
        "compare", "legacy", "new", "--base-dir", "experiments", "--output", "stats.txt", cwd=pipelines.folder
    )
    text = (pipelines.folder / "stats.txt").read_text()

    assert said.returncode == 0, said.stderr
    # The folder's report says besides which figures it could not draw.
    assert pipelines.text.startswith(text)
    assert all(part in text for part in ("Verdict:", "KEY FINDINGS", "Family mode*_ppl", "Student's t", "Method"))
    metrics = pipelines.data["metrics"]
    others = {name: m["run_level"]["p"] for name, m in metrics.items() if m["run_level"]["p"] is not None and "q" in m}
    assert len(others) > 3
    assert [metrics[name]["q"] for name in others] == pytest.approx(stepped_up(list(others.values())), rel=1e-6)


def test_S06_of_many_metrics_without_a_difference_few_are_called() -> None:
    rng = np.random.default_rng(3)
    tables = [
        pl.DataFrame({"step": range(600)} | {f"probe{k}_loss": 3 + rng.normal(0, 0.1, 600) for k in range(12)})
        for _ in range(2)
    ]

    found = fastlogs.compare(*tables, labels=["a", "b"], metric="probe*_loss", margin=0).pairs["b"]

    others = [q for name, q in found.metrics.items() if name != found.primary]
    assert [q.q for q in others] == pytest.approx(stepped_up([q.level.p for q in others]))
    assert all(q.verdict == "no_difference_found" for q in others if q.q >= 0.05)


@pytest.mark.parametrize("args", [["--help"], ["--list", "--base-dir", "experiments"]])
def test_S07_the_program_starts(args: list[str], pipelines: Pipelines) -> None:
    assert fastlogs_("compare", *args, cwd=pipelines.folder).returncode == 0


def test_Q02_final_loss_and_duration_of_runs_of_other_lengths(tmp_path: Path) -> None:
    runs = {
        "long": experiment(tmp_path / "long", 200),
        "short": experiment(tmp_path / "short", 120, seed=1, factor=0.7),
    }

    text, _, _ = compared("long", "short", cwd=tmp_path)

    finals = {name: run.train[-1][1] for name, run in runs.items()}
    best = min(finals, key=finals.__getitem__)
    assert cells(text, "Final Train Loss") == [f"{v:.4f}" for v in finals.values()]
    assert cells(text, "Duration (h)") == [f"{max(run.seconds) / 3600:.2f}" for run in runs.values()]
    assert f"Lowest final train loss: {best} ({finals[best]:.4g})" in text
