"""`compare`: what may be an arm, how arms are named, what decides, and what each option does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fastlogs
import numpy as np
import polars as pl
import pytest
from fastlogs.errors import TooFew, UnknownMetric, UsageError
from test_cli import fastlogs_

STEPS = np.arange(1, 601)


def curve(seed: int, effect: float = 0.0) -> np.ndarray:
    return 2.5 + 4 / np.sqrt(STEPS + 5) + np.random.default_rng(seed).normal(0, 0.03, STEPS.size) + effect


def frame(seed: int, effect: float = 0.0, **more: Any) -> pl.DataFrame:
    return pl.DataFrame({"step": STEPS, "loss": curve(seed, effect), **more})


def write(path: Path, seed: int, effect: float = 0.0, config: dict[str, Any] | None = None, **more: Any) -> Path:
    """A run folder; settings beside it when given."""
    path.mkdir(parents=True)
    frame(seed, effect, **more).write_csv(path / "metrics.csv")
    if config is not None:
        (path / "config.json").write_text(json.dumps(config))
    return path


@pytest.fixture
def two(tmp_path: Path) -> Path:
    write(tmp_path / "base", 1, config={"lr": 0.1, "batch_size": 8})
    write(tmp_path / "new", 2, -0.1, config={"lr": 0.2, "batch_size": 8})
    return tmp_path


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Two arms of three seeds."""
    for arm, effect in (("base", 0.0), ("new", -0.2)):
        for seed in range(3):
            write(
                tmp_path / arm / f"seed{seed}",
                10 * seed + (arm == "new"),
                effect,
                {"width": 64 if arm == "base" else 128},
            )
    return tmp_path


def test_paths_runs_frames_and_lists_are_arms(two: Path) -> None:
    run, table = fastlogs.load(two / "new"), frame(2, -0.1)

    verdicts = {
        fastlogs.compare(two / "base", given).verdict for given in (two / "new", str(two / "new"), run, table, [run])
    }

    assert verdicts == {"better"}


def test_several_seeds_speak_of_the_method(seeds: Path) -> None:
    pair = fastlogs.compare(seeds / "base", seeds / "new").pairs["new"]

    assert (len(pair.baseline), len(pair.candidate)) == (3, 3)
    assert pair.verdict == "better"
    assert pair.quality.level is pair.quality.method_level
    assert "3 runs per arm" in pair.sentences[0]
    assert "in these two runs" not in pair.sentences[0]


def test_runs_are_arms_and_a_setting_splits_them(seeds: Path) -> None:
    runs = fastlogs.discover(seeds)

    whole = fastlogs.compare(runs.filter(width=64), runs.filter(width=128), labels=["small", "wide"])
    split = fastlogs.compare(runs, by="width")
    turned = fastlogs.compare(runs, by="width", baseline="128")

    assert whole.pairs["wide"].verdict == split.pairs["width=128"].verdict == "better"
    assert turned.pairs["width=64"].verdict == "worse"
    with pytest.raises(UsageError, match="has no setting 'depth'"):
        fastlogs.compare(runs, by="depth")


def test_one_arm_is_too_few(two: Path) -> None:
    with pytest.raises(TooFew, match="wanted two arms or more, found 1"):
        fastlogs.compare(two / "base")


def test_labels_name_the_arms_and_the_baseline(two: Path) -> None:
    found = fastlogs.compare(two / "base", two / "new", labels=["old", "young"], baseline="young")

    assert found.baseline.name == "young"
    assert found.pairs["old"].verdict == "worse"
    with pytest.raises(UsageError, match="2 runs and 1 label"):
        fastlogs.compare(two / "base", two / "new", labels=["old"])


def test_a_path_may_carry_its_label(two: Path) -> None:
    said = fastlogs_("compare", "TTL=base", "Ablation=new", "--json", cwd=two)

    document = json.loads(said.stdout)
    assert (document["baseline"], document["candidate"]) == ("TTL", "Ablation")


def test_what_decides_is_the_loss_unless_named() -> None:
    more = {"lr": np.full(600, 0.1), "accuracy": STEPS / 600}
    a, b = frame(1, **more), frame(2, **more)

    assert fastlogs.compare(a, b).pairs["frame 2"].primary == "loss"
    assert fastlogs.compare(a, b, metric="@accuracy").pairs["frame 2"].primary == "accuracy"
    with pytest.raises(UnknownMetric, match="no metric 'los' in both arms"):
        _ = fastlogs.compare(a, b, metric="los").table


def test_of_two_train_losses_the_one_that_was_logged_often_decides() -> None:
    """As in nanoGPT's logs, whose evaluations print a train loss of their own."""
    rare = np.where(STEPS % 50 == 1, 2.5, np.nan)
    a, b = (
        pl.DataFrame({"step": STEPS, "train_loss": rare, "loss": curve(seed)}).with_columns(
            pl.col("train_loss").fill_nan(None)
        )
        for seed in (1, 2)
    )

    assert fastlogs.compare(a, b).pairs["frame 2"].primary == "loss"


@pytest.mark.parametrize(("goal", "verdict"), [("low", "better"), ("high", "worse"), ("none", "different")])
def test_the_goal_turns_a_difference_into_a_verdict(goal: Any, verdict: str) -> None:
    assert fastlogs.compare(frame(1), frame(2, -0.1), goal=goal).verdict == verdict


@pytest.mark.parametrize(("margin", "verdict"), [(0, "no_difference_found"), ("5%", "equivalent"), (0.1, "equivalent")])
def test_the_margin_makes_equivalent(margin: Any, verdict: str) -> None:
    assert fastlogs.compare(frame(1), frame(2), margin=margin).verdict == verdict


def test_a_known_spread_between_seeds_speaks_of_the_method() -> None:
    found = fastlogs.compare(frame(1), frame(2, -0.1), seed_std=0.005).pairs["frame 2"].quality

    assert found.method_level.verdict == "better"


def test_max_steps_ends_the_comparison() -> None:
    late = np.where(STEPS > 300, -0.5, 0.0)
    a, b = frame(1), pl.DataFrame({"step": STEPS, "loss": curve(2) + late})

    whole, half = (fastlogs.compare(a, b, max_steps=n, margin=0) for n in (None, 300))

    assert whole.verdict == "better"
    assert half.verdict == "no_difference_found"
    assert half.pairs["frame 2"].quality.within.window_high == 300


def test_along_tokens_runs_of_other_batch_sizes_meet() -> None:
    """The candidate takes half the steps for the same tokens, and is as good at each token."""
    n = np.arange(1, 1201)
    noise = np.random.default_rng(1).normal(0, 0.02, (2, n.size))
    a = pl.DataFrame({"step": n, "tokens": 1000.0 * n, "loss": 2 + 30 / np.sqrt(1000 * n) + noise[0]})
    b = pl.DataFrame({"step": n, "tokens": 2000.0 * n, "loss": 2 + 30 / np.sqrt(2000 * n) + noise[1]})

    by_step, by_tokens = (fastlogs.compare(a, b, x=x, margin=0) for x in ("step", "tokens"))

    assert by_step.verdict == "better"
    assert by_tokens.verdict == "no_difference_found"
    with pytest.raises(UsageError, match="no column 'samples'"):
        _ = fastlogs.compare(a, b, x="samples").table


def test_cautions_say_what_to_know_first(two: Path) -> None:
    write(two / "long", 3, config={"lr": 0.2, "batch_size": 16})
    table = frame(3).filter(pl.col("step") <= 500)
    table.write_csv(two / "long" / "metrics.csv")

    warnings = " | ".join(fastlogs.compare(two / "base", two / "long").pairs["long"].warnings)

    assert "batch_size differs (8 and 16)" in warnings
    assert "2 settings differ" in warnings
    assert "base is longer: compared up to step 500" in warnings


@pytest.mark.parametrize(
    "bad", [{"x": "moon"}, {"seed_std": 0.0}, {"smooth": -1}, {"max_steps": -1}, {"warmup_steps": -1}]
)
def test_options_that_mean_nothing_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="wanted"):
        fastlogs.compare(frame(1), frame(2), **bad)


@pytest.mark.parametrize(
    ("verdict", "code"), [("better", 1), ("worse", 0), ("slower", 0), ("not-equivalent", 1), ("different", 0)]
)
def test_fail_on_is_exit_code_1(verdict: str, code: int, two: Path) -> None:
    assert fastlogs_("compare", "base", "new", "--fail-on", verdict, cwd=two).returncode == code


@pytest.mark.parametrize("form", ["table", "json", "csv", "md", "latex"])
def test_every_form(form: str, two: Path) -> None:
    said = fastlogs_("compare", "base", "new", "--format", form, cwd=two)

    assert (said.returncode, said.stderr) == (0, "")
    assert "loss" in said.stdout
    assert "better" in said.stdout


@pytest.mark.parametrize("ending", ["txt", "csv", "tex", "json", "html"])
def test_a_report_can_be_one_file(ending: str, two: Path) -> None:
    said = fastlogs_("compare", "base", "new", "-o", f"made/here.{ending}", cwd=two)

    assert said.returncode == 0, said.stderr
    assert [p.name for p in (two / "made").iterdir()] == [f"here.{ending}"]
    assert "loss" in (two / "made" / f"here.{ending}").read_text()


def test_many_candidates_each_have_their_verdict(two: Path) -> None:
    write(two / "third", 5, 0.1)

    found = fastlogs.compare(two / "base", two / "new", two / "third")

    assert [pair.verdict for pair in found.pairs.values()] == ["better", "worse"]
    assert set(found.to_dict()["comparisons"]) == {"new", "third"}
    assert found.table["candidate"].to_list() == ["new", "third"]
    with pytest.raises(UnknownMetric, match="several candidates"):
        _ = found.verdict


def test_cases_are_compared_and_a_broken_one_is_told(tmp_path: Path) -> None:
    for case, effect in (("one", 0.0), ("two", -0.1)):
        write(tmp_path / "cases" / case / "baseline", 1)
        write(tmp_path / "cases" / case / "candidate", 2, effect)
    (tmp_path / "cases/broken/baseline").mkdir(parents=True)
    (tmp_path / "cases/broken/candidate").mkdir()
    (tmp_path / "cases/two/case.json").write_text(json.dumps({"metric": "loss", "margin": 0.001}))

    said = fastlogs_("compare", "--cases", "cases", cwd=tmp_path)

    assert said.returncode == 1
    assert "2 cases compared, 1 could not be" in said.stdout
    assert "cases/broken" in said.stderr
    out = {case: json.loads((tmp_path / "cases" / case / "out.json").read_text()) for case in ("one", "two")}
    assert out["two"]["verdict"] == "better"
    assert out["two"]["metrics"]["loss"]["margin"] == pytest.approx(
        0.001 * out["two"]["metrics"]["loss"]["estimate"]["baseline"]
    )


def test_a_comparison_shows_itself_in_a_line_and_in_html() -> None:
    found = fastlogs.compare(frame(1), frame(2, -0.1), labels=["<b>", "y" * 90])

    assert len(repr(found)) <= 80
    assert "<b>" not in found._repr_html_().replace("&lt;b&gt;", "")


def test_the_naive_figures_are_of_single_runs_only(seeds: Path) -> None:
    said = fastlogs_("compare", "base", "new", "-o", "out", cwd=seeds)

    assert said.returncode == 0, said.stderr
    text = (seeds / "out" / "comparison_report.txt").read_text()
    assert "As the usual scripts" not in text
    assert "new/seed0" in text


def test_the_same_thing_under_two_names_is_compared_by_its_role(tmp_path: Path) -> None:
    ours = pl.DataFrame({"step": range(1, 401), "lm_loss": [3.0 - k / 1000 for k in range(400)]})
    theirs = ours.rename({"lm_loss": "loss"}).with_columns(pl.col("loss") - 0.5)

    pair = next(iter(fastlogs.compare(ours, theirs, labels=["a", "b"]).pairs.values()))

    assert pair.primary == "lm_loss"
    assert pair.quality.estimate.difference == pytest.approx(-0.5)
    assert "lm_loss of a is held against loss of b: they play the same role" in pair.warnings
