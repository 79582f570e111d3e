"""Statistics keep their promises on comparisons of known truth: a small, seeded part of `make calibrate`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastlogs
import numpy as np
import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benches"))

from calibration.cases import SETTINGS, Setting, made, write
from calibration.noise import Noise, curve
from calibration.score import scored
from click.testing import CliRunner
from fastlogs._cli.app import cli
from fastlogs._compare.cases import compare_cases
from fastlogs.stats import anomalies, seeds
from fastlogs.stats.divergence import divergence
from fastlogs.stats.prepare import Aligned, align
from fastlogs.stats.speed import speed
from fastlogs.stats.verdict import verdict
from fastlogs.stats.within import Within, within

SEED = 3
BY_NAME = {setting.name: setting for setting in SETTINGS}
NOISES = (Noise(), Noise(0.5), Noise(0.9), Noise(0.5, "t3"), Noise(0.5, fades=2.5))


def drawn(setting: Setting, count: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The first arm's first run, the second's, and what is true of them."""
    for number in range(count):
        (baseline, candidate), truth = made(setting, SEED, number)
        yield (baseline[0], candidate[0]), truth


def lined_up(arms: Any, share: float = 0.5) -> Aligned:
    a, b = arms
    return align(a["step"], a["loss"], b["step"], b["loss"], share=share)


def compared(setting: Setting, count: int) -> list[tuple[Within, float]]:
    return [(within(lined_up(arms)), truth["effect"]) for arms, truth in drawn(setting, count)]


def shorter(noise: Noise, **more: Any) -> Setting:
    return Setting(f"{noise} {more}", "loss", noise, steps=2_000, **more)


@pytest.fixture(scope="module")
def nulls() -> list[tuple[Within, float]]:
    return [one for noise in NOISES for one in compared(shorter(noise), 40)]


@pytest.fixture(scope="module")
def effects() -> list[tuple[Within, float]]:
    return [one for noise in NOISES[:3] for one in compared(shorter(noise, effect_se=3.5), 40)]


# Of 200 at 7 %, 14 are expected; 30 or more come by chance once in 10,000 seeds.
def test_runs_alike_are_rarely_told_apart(nulls):
    assert len(nulls) == 200
    assert sum(found.p is None for found, _ in nulls) <= 10
    assert sum(found.p is not None and found.p < 0.05 for found, _ in nulls) < 30


def test_the_usual_t_test_fails_what_ours_passes():
    alarms = 0
    for arms, _ in drawn(shorter(Noise(0.9)), 40):
        d = (arms[1]["loss"] - arms[0]["loss"])[-200:]
        alarms += abs(d.mean()) > 1.97 * d.std(ddof=1) / np.sqrt(200)

    # At 7 % it would be three, as above; it is more than half.
    assert alarms > 15


# Of 320 at 92 %, 294 are expected; under 276 once in 5,000 seeds.
def test_intervals_hold_the_truth(nulls, effects):
    held = [found.interval(0.95) for found, _ in nulls + effects]
    inside = [edges[0] <= true <= edges[1] for edges, (_, true) in zip(held, nulls + effects, strict=True) if edges]

    assert np.mean(inside) >= 276 / 320


# Of 120 at 80 %, 96 are expected; under 78 once in 20,000 seeds.
def test_a_difference_of_three_and_a_half_errors_is_found(effects):
    found = [one.p is not None and one.p < 0.05 for one, _ in effects]
    wrong = [one.p is not None and one.p < 0.05 and (one.difference > 0) != (true > 0) for one, true in effects]

    assert sum(found) >= 78
    assert not any(wrong)


# Of 80 at 7 %, six are expected; 15 or more once in 2,000 seeds.
def test_a_difference_at_the_margin_is_rarely_called_equivalent():
    setting = Setting("edge", "equivalence", steps=4_000, margin=0.005, at_margin=1.0)
    margin = setting.margin * float(curve(setting.steps)[-400:].mean())

    said = [verdict(f.difference, f.p, f.interval(0.90), margin, "low") for f, _ in compared(setting, 80)]

    assert said.count("equivalent") < 15


def test_no_difference_is_called_equivalent_when_the_error_is_small():
    setting = BY_NAME["no difference"]
    margin = setting.margin * float(curve(setting.steps)[-500:].mean())

    said = [verdict(f.difference, f.p, f.interval(0.90), margin, "low") for f, _ in compared(setting, 30)]

    assert said.count("equivalent") >= 22


@pytest.mark.parametrize("k", [2, 3, 5])
def test_methods_alike_are_rarely_told_apart(k):
    rng = np.random.default_rng(SEED)

    found = [seeds.welch(*rng.normal(3.0, 0.02, (2, k)).tolist()) for _ in range(500)]

    # 35 are expected at 7 %; 60 or more once in 20,000 seeds.
    assert sum(one.p is not None and one.p < 0.05 for one in found) < 60


@pytest.mark.parametrize(("name", "least"), [("parting by jump", 18), ("parting by ramp", 18)])
def test_a_parting_is_found_where_it_is(name, least):
    told = [(divergence_of(arms), truth) for arms, truth in drawn(BY_NAME[name], 25)]
    found = [(one, truth["onset"]) for one, truth in told if one.verdict == "diverged"]

    assert len(found) >= least
    assert np.median([abs(one.onset - true) / 5_000 for one, true in found]) <= 0.10
    # 85 % hold it; under 12 of 20 once in 700 seeds.
    assert np.mean([one.interval[0] <= true <= one.interval[1] for one, true in found]) >= 0.6


def test_runs_alike_rarely_part():
    found = [divergence_of(arms).verdict for arms, _ in drawn(BY_NAME["null parting"], 50)]

    # 3.5 are expected at 7 %; 11 or more once in 1,500 seeds.
    assert found.count("diverged") < 11
    assert found.count("not_enough_evidence") == 0


def divergence_of(arms: Any) -> Any:
    whole = lined_up(arms, share=1.0)
    return divergence(whole.x, whole.baseline, whole.candidate, same=whole.same)


def speeds(name: str, count: int) -> list[Any]:
    return [speed(a["step_time_ms"], b["step_time_ms"]) for (a, b), _ in drawn(BY_NAME[name], count)]


def test_speeds_alike_are_rarely_told_apart():
    verdicts = [one.typical.verdict for one in speeds("null speed, stalls", 80)]

    # 6.4 are expected at 8 %; 17 or more once in 5,000 seeds.
    assert verdicts.count("faster") + verdicts.count("slower") < 17


def test_one_per_cent_faster_is_found():
    found = speeds("1 % faster", 40)

    assert sum(one.typical.verdict == "faster" for one in found) >= 33
    assert np.median([one.typical.ratio for one in found]) == pytest.approx(1.01, abs=0.003)


def test_a_slow_start_is_no_difference():
    ratios = [one.typical.ratio for one in speeds("slow start in one", 40)]

    assert np.median(ratios) == pytest.approx(1, abs=0.003)


@pytest.mark.parametrize("name", ["spikes in normal", "spikes in skewed", "clean t3", "clean rho 0.5", "nan and inf"])
def test_anomalies_are_found_where_they_are(name):
    hit = wanted = false = 0
    for (_, run), truth in drawn(BY_NAME[name], 10):
        found = anomalies.find(run["step"], run["loss"], "loss")
        starts = [a.first for a in found if a.kind == "loss_spike"]
        near = [[-3 <= start - place <= 80 for place in truth["spikes"]] for start in starts]
        false += sum(not any(each) for each in near)
        hit += sum(map(any, zip(*near, strict=True)))
        wanted += len(truth["spikes"])
        for kind in ("nan", "inf"):
            assert [a.first for a in found if a.kind == kind] == truth[kind]

    assert hit >= 0.85 * wanted
    # At two in 10,000 steps, ten are expected in these 50,000.
    assert false < 22


FEW = ("null rho 0.5", "null every 10 and 25", "null resumed", "null 3 seeds", "1 % faster", "nan and inf")


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cases")
    write(root, [BY_NAME[name] for name in FEW], SEED, 2, 1)
    return root


def answers(root: Path, jobs: int) -> dict[str, bytes]:
    assert [done.reason for done in compare_cases(root, jobs)] == [None] * 2 * len(FEW)
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("out.json"))}


@pytest.mark.slow
def test_cases_say_the_same_bytes_alone_and_by_two(cases):
    said = answers(cases, 1)

    assert len(said) == 2 * len(FEW)
    assert said == answers(cases, 2)
    for name in list(said)[::2]:
        folder = (cases / name).parent
        paths = [str(folder / arm) for arm in ("baseline", "candidate")]
        alone = CliRunner().invoke(cli, ["compare", *paths, "-m", "loss", "--margin", "0%", "--json"])
        assert alone.exit_code == 0
        assert alone.stdout_bytes == said[name]


def test_many_runs_say_what_each_says_alone(tmp_path):
    setting = Setting("many", "loss", Noise(0.5), steps=300)
    paths = []
    for number in range(12):
        (one, _), _ = made(setting, SEED, number)
        paths.append(tmp_path / f"run_{number}.csv")
        pl.DataFrame(one[0]).write_csv(paths[-1])

    together = fastlogs.compare(*paths).to_dict()

    for path in paths[1:]:
        alone = fastlogs.compare(paths[0], path).to_dict()
        said = together["comparisons"][path.stem]
        assert said == {key: alone[key] for key in said}
        assert together["anomalies"][path.stem] == alone["anomalies"][path.stem]


def test_the_same_seed_writes_the_same_cases(cases, tmp_path):
    write(tmp_path, [BY_NAME[name] for name in FEW[:2]], SEED, 2, 1)

    paths = list(tmp_path.rglob("*.csv"))

    assert len(paths) == 8
    for path in paths:
        assert path.read_bytes() == (cases / path.relative_to(tmp_path)).read_bytes()


def test_a_wrong_answer_fails_its_check(tmp_path):
    truths = write(tmp_path, [BY_NAME["null rho 0.5"]], SEED, 12, 1)
    for truth in truths:
        better = {"verdict": "better"}
        said = {"run_level": better, "method_level": better, "estimate": {"ci": [1, 2]}}
        (tmp_path / truth["case"] / "out.json").write_text(json.dumps({"metrics": {"loss": said}}))

    failing = {check.what for check in scored(tmp_path) if not check.holds}

    assert failing == {"false alarms", "95 % intervals hold the truth", "claims about the method"}
