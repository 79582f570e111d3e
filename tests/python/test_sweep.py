"""`sweep` over folders of runs whose truth is known: tables, figures, reports, and what it refuses."""

from __future__ import annotations

import json
import os
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import fastlogs
import numpy as np
import polars as pl
import pytest
from fastlogs._sweep.glance import Glance, curve_of
from fastlogs._sweep.hints import hints
from fastlogs._sweep.options import Options
from fastlogs._sweep.swept import Sweep, of_glances
from fastlogs.errors import TooFew, UnknownMetric, UsageError
from swept_runs import counted, folders

LONG_AGO = 1_700_000_000


def aged(root: Path) -> Path:
    """As if the logs were last written long ago."""
    for path in root.rglob("*.log"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return root


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    root = tmp_path_factory.mktemp("sweep")
    return root, folders(root, 1, 80, steps=120)


@pytest.fixture(scope="module")
def found(made: tuple[Path, dict[str, str]]) -> Sweep:
    return fastlogs.sweep(aged(made[0]), metric="loss")


def test_N01_every_run_is_a_row_with_its_state(made: tuple[Path, dict[str, str]], found: Sweep) -> None:
    _, kinds = made
    told = dict(found.runs.select("run", "state").iter_rows())
    wanted = {name: {"ok": ("ok", "plateau")}.get(kind, (kind,)) for name, kind in kinds.items()}

    assert len(told) == 80
    assert {name for name in kinds if told[name] not in wanted[name]} == set()


def test_N01_a_broken_run_is_skipped_with_its_reason(tmp_path: Path) -> None:
    root = tmp_path / "sweep"
    folders(root, 2, 12, steps=60, failing=False)
    (root / "run_0003" / "train.log").write_bytes(b"\x00\xff" * 500)
    (root / "run_0005" / "train.log").write_text("no metric at all\n" * 5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fastlogs.LinesLeft)
        swept = fastlogs.sweep(aged(root), metric="loss")
    told = {run: (state, why) for run, state, why in swept.runs.select("run", "state", "why").iter_rows()}

    assert [run for run, (state, _) in told.items() if state == "broken"] == ["run_0003", "run_0005"]
    assert all(told[run][1] for run in ("run_0003", "run_0005"))
    assert swept.leaderboard.height == 10


def test_N03_settings_stand_beside_the_summary(made: tuple[Path, dict[str, str]], found: Sweep) -> None:
    root, kinds = made
    name = next(name for name, kind in kinds.items() if kind == "ok")
    row = found.runs.filter(pl.col("run") == name).to_dicts()[0]
    config = json.loads((root / name / "config.json").read_text())
    summary = fastlogs.load(root / name).summary().filter(pl.col("metric") == "loss").to_dicts()[0]

    assert row["lr"] == config["lr"]
    assert row["batch_size"] == config["batch_size"]
    assert {key: row[key] for key in ("n", "min", "last", "last100")} == {
        key: summary[key] for key in ("n", "min", "last", "last100")
    }


def test_the_leaderboard_ranks_by_the_mean_of_the_last_tenth(found: Sweep) -> None:
    best = found.leaderboard.row(0, named=True)
    log = fastlogs.load(next(g.path for g in found.glances if g.run == best["group"])).metrics

    assert best["value"] == pytest.approx(log.filter(pl.col("step") > 119 - 11.9)["loss"].mean())
    assert found.leaderboard["value"].is_sorted()


def test_what_matters_and_what_fails_is_found(found: Sweep) -> None:
    assert found.weighed.named == ("lr",)
    assert found.shared[0].name == "lr"
    assert {state for state, _, _ in found.causes} == {"oom", "diverged", "crashed", "killed"} & set(found.counts)
    assert any("train.py:88 in train_step" in cause for state, cause, _ in found.causes if state == "crashed")
    assert found.failing.reason is None


def test_seed_groups_carry_claims() -> None:
    swept = counted(n=30, seeds=2)

    assert len(swept.seed_groups) == 30
    assert swept.board.noise.sd == pytest.approx(0.05, rel=0.4)
    assert swept.leaderboard["tier"].min() == 1
    assert "too good by about" in " ".join(swept.words())


def test_null_sweeps_say_that_nothing_matters() -> None:
    swept = counted("null", 60)

    assert swept.weighed.matters is False
    assert any(line.startswith("nothing that was varied") for line in swept.words())
    assert not any(hint.kind in ("fix", "extend") for hint in swept.hints)


def test_hints_have_evidence_and_name_runs() -> None:
    swept = counted()
    kinds = Counter(hint.kind for hint in hints(swept))

    assert kinds["replicate"] == kinds["seeds"] == kinds["fix"] == 1
    assert all(hint.evidence for hint in swept.hints)


def test_a_range_whose_best_runs_crowd_at_its_edge_is_to_be_extended() -> None:
    swept = counted()
    glances = [glance for glance in swept.glances if glance.config["lr"] > 10**-3]
    edge = of_glances(glances, swept.options)

    assert [hint.action.split(" ")[1] for hint in edge.hints if hint.kind == "extend"] == ["lr"]
    assert not [hint for hint in swept.hints if hint.kind == "extend"]


def test_a_setting_that_never_reached_the_program_is_told() -> None:
    glances = list(counted().glances[:30])
    glances.append(Glance("twin", config={**glances[0].config, "lr": 0.5}, summary=glances[0].summary,
                          metric="loss", curve=glances[0].curve))  # fmt: skip
    told = [hint for hint in of_glances(glances, Options(now=2e9)).hints if hint.kind == "check"]

    assert told[0].action == "see whether lr reaches the program"


def test_running_runs_that_trail_may_be_stopped() -> None:
    swept = counted()
    behind = swept.glances[0]
    x = np.arange(140.0)
    y = 9 + 3 * np.exp(-x / 20) + 0.02 * np.random.default_rng(0).normal(size=140)
    fact = {**behind.summary[0], "last_step": 139, "n": 140}
    late = Glance("late", config=behind.config, summary=(fact,), metric="loss", curve=curve_of(x, y), written=2e9 - 5)
    told = [hint for hint in of_glances([*swept.glances, late], Options(now=2e9)).hints if hint.kind == "stop"]

    assert told[0].about == ("late",)


def test_a_high_goal_turns_everything() -> None:
    low = counted()
    turned = [Glance(g.run, config=g.config, summary=g.summary, metric="acc", curve=curve_of(g.curve.x, -g.curve.y))
              for g in low.glances]  # fmt: skip
    high = of_glances(turned, Options(now=2e9))

    assert high.goal == "high"
    assert list(high.leaderboard["group"]) == list(low.leaderboard["group"])


def test_the_order_of_runs_changes_no_verdict() -> None:
    plain = counted(n=40)
    turned = of_glances(plain.glances[::-1], plain.options)

    assert turned.leaderboard.select("group", "value").equals(plain.leaderboard.select("group", "value"))
    assert set(turned.weighed.named) == set(plain.weighed.named)


def test_quality_is_held_against_cost(found: Sweep) -> None:
    assert found.cost is not None
    assert found.cost.name == "step_time"
    assert found.pareto.filter(pl.col("place") == "on").height >= 1


def test_options_change_what_counts(made: tuple[Path, dict[str, str]]) -> None:
    best = fastlogs.sweep(made[0], metric="@loss", score="best", cost="step_time", ignore=["lr"])
    row = best.leaderboard.row(0, named=True)

    assert row["value"] == best.runs.filter(pl.col("run") == row["group"])["min"].item()
    assert "lr" not in best.design.varied


@pytest.mark.parametrize(
    ("options", "refusal", "said"),
    [
        ({"metric": "los"}, UnknownMetric, "no metric 'los' in any of 80 runs"),
        ({"metric": "lr"}, UsageError, "nobody knows whether lr should be low or high"),
        ({"metric": "loss", "score": "mean"}, UsageError, "wanted score"),
        ({"metric": "loss", "seed_std": -1.0}, UsageError, "wanted a positive seed_std"),
    ],
)
def test_what_cannot_be_is_refused(
    made: tuple[Path, dict[str, str]], options: dict[str, Any], refusal: type[Exception], said: str
) -> None:
    with pytest.raises(refusal, match=said):
        fastlogs.sweep(made[0], **options)


def test_a_cost_that_no_run_has_is_refused(made: tuple[Path, dict[str, str]]) -> None:
    swept = fastlogs.sweep(made[0], metric="loss", cost="gpu_hours")
    with pytest.raises(UnknownMetric, match="gpu_hours"):
        _ = swept.cost


def test_no_runs_are_refused() -> None:
    with pytest.raises(TooFew, match="no run in the sweep"):
        fastlogs.sweep([])


def test_one_run_is_a_sweep_without_claims(log: Path) -> None:
    swept = fastlogs.sweep([log], metric="loss")

    assert swept.counts == {"ok": 1}
    assert swept.weighed.reason == "no setting varies"
    assert swept.hints == ()


def test_the_result_is_quiet_fits_and_says_its_schema(found: Sweep, capsys: pytest.CaptureFixture[str]) -> None:
    lines = repr(found).splitlines()
    document = found.to_dict()

    assert max(map(len, lines)) <= 80
    assert "<table>" in found._repr_html_()
    assert document["schema"] == "fastlogs.sweep/1"
    assert len(json.loads(json.dumps(document, default=str))["runs"]) == 80
    assert capsys.readouterr().out == ""


def test_progress_is_told_in_order(made: tuple[Path, dict[str, str]]) -> None:
    told: list[tuple[int, int]] = []
    fastlogs.sweep(made[0], metric="loss", tell=lambda done, of: told.append((done, of)))

    assert told == sorted(told)
    assert told[-1] == (80, 80)


def test_somebody_else_may_gather(found: Sweep) -> None:
    again = fastlogs.sweep(
        fastlogs.discover(Path(found.glances[0].path).parent),
        collect=lambda runs, metric, tell: list(found.glances),
    )

    assert again.runs.equals(found.runs)


def test_N02_a_report_has_figures_of_the_whole_and_none_of_each_run(found: Sweep, tmp_path: Path) -> None:
    files = {path.name for path in fastlogs.report(found).save(tmp_path / "out")}

    assert {"report.html", "sweep.json", "sweep_report.txt", "sweep_report.md"} <= files
    assert {f for f in files if f.endswith(".png")} == {
        "sweep_curves.png", "leaderboard.png", "importance.png", "directions.png", "pareto.png", "sweep_parallel.png",
    }  # fmt: skip
    page = (tmp_path / "out" / "report.html").read_text()
    assert "What to run next" in page
    assert "no two settings are seen to matter together" in page


def odd(name: str, y: Any, config: dict[str, Any]) -> Glance:
    """A run of any values and settings."""
    values = np.asarray(y, dtype=float)
    last = len(values) - 1
    fact = {"metric": "loss", "kind": "train", "unit": None, "n": len(values), "first_step": 0, "last_step": last}
    fact |= {"mean": 1.0, "sd": 0.1, "min": 0.0, "max": 1.0, "last100": 0.0}
    curve = curve_of(np.arange(len(values), dtype=float), values)
    return Glance(name, config=config, summary=(fact,), metric="loss", curve=curve)


def falling(at: int) -> np.ndarray:
    return np.linspace(3, 2 + at % 3 / 10, 60) + at / 1000


ODD: dict[str, list[Glance]] = {
    "all broken": [Glance(f"b{at}", broken="no metrics") for at in range(4)],
    "none finite": [odd(f"b{at}", [np.nan] * 5, {"lr": at}) for at in range(4)],
    "a value each": [odd(f"b{at}", [float(at)], {"lr": at}) for at in range(5)],
    "no settings": [odd(f"b{at}", falling(at), {}) for at in range(25)],
    "all the same": [odd(f"b{at}", np.full(60, 2.0) + at * 1e-12, {"lr": at % 5}) for at in range(25)],
    "huge": [odd(f"b{at}", np.linspace(3, 1e300 * (at + 1), 60), {"lr": float(at)}) for at in range(30)],
    "below zero": [odd(f"b{at}", np.linspace(3, -50 - at, 60), {"lr": float(at)}) for at in range(30)],
    "seeds only": [odd(f"b{at}", falling(at), {"seed": at}) for at in range(30)],
    "words and numbers": [odd(f"b{at}", falling(at), {"lr": "auto" if at % 2 else at / 10}) for at in range(30)],
    "hostile names": [odd(f"<b>$\\x{at}", falling(at), {"<lr>$_{": at + 1.0}) for at in range(30)],
    "names of ours": [
        odd(f"b{at}", falling(at), {"run": at, "state": at, "value": at, "group": at, "tier": at, "mean": at})
        for at in range(30)
    ],
}


@pytest.mark.parametrize("kind", ODD)
def test_any_sweep_has_every_form_and_figure_or_a_reason(kind: str, tmp_path: Path) -> None:
    swept = of_glances(ODD[kind], Options(now=2e9))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        files = fastlogs.report(swept).save(tmp_path / "out")

    assert max(map(len, repr(swept).splitlines())) <= 80
    assert len(json.loads((tmp_path / "out" / "sweep.json").read_text())["runs"]) == len(swept)
    assert "<b>" not in (tmp_path / "out" / "report.html").read_text() or kind != "hostile names"
    assert len(files) >= 4
