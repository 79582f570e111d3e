"""What must hold of every comparison: mirrors, order, shift and scale, identity, determinism, one answer a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastlogs
import numpy as np
import polars as pl
import pytest
from fastlogs._compare.cases import written

STEPS = 1_200
MIRROR = {"better": "worse", "worse": "better"}


def curve(seed: int, *, effect: float = 0.0, rho: float = 0.5, n: int = STEPS) -> np.ndarray:
    """A loss that falls, with noise that remembers."""
    rng = np.random.default_rng(seed)
    noise = np.zeros(n)
    for at, shock in enumerate(rng.normal(0, 0.05, n)):
        noise[at] = (rho * noise[at - 1] if at else 0.0) + np.sqrt(1 - rho * rho) * shock
    return 2.6 + 6 * (np.arange(1, n + 1) + 50) ** -0.35 + noise + effect


def frame(loss: np.ndarray, **more: np.ndarray) -> pl.DataFrame:
    return pl.DataFrame({"step": np.arange(1, len(loss) + 1), "loss": loss, **more})


def _quality(a: Any, b: Any, **options: Any) -> Any:
    comparison = fastlogs.compare(a, b, metric="loss", **options)
    return next(iter(comparison.pairs.values())).quality


@pytest.mark.parametrize("effect", [0.0, -0.03, 0.05])
@pytest.mark.parametrize("seeds", [1, 3])
def test_swapped_arms_mirror(effect: float, seeds: int) -> None:
    a = [frame(curve(seed)) for seed in range(seeds)]
    b = [frame(curve(100 + seed, effect=effect)) for seed in range(seeds)]

    there, back = _quality(a, b, margin=0), _quality(b, a, margin=0)

    assert back.level.p == pytest.approx(there.level.p, rel=1e-9)
    assert back.estimate.difference == pytest.approx(-there.estimate.difference, rel=1e-9)
    assert (back.estimate.low, back.estimate.high) == pytest.approx((-there.estimate.high, -there.estimate.low))
    assert back.verdict == MIRROR.get(there.verdict, there.verdict)


def test_the_order_of_seeds_is_nothing() -> None:
    a, b = [curve(seed) for seed in range(4)], [curve(50 + seed, effect=-0.02) for seed in range(4)]

    straight = _quality([frame(y) for y in a], [frame(y) for y in b])
    shuffled = _quality([frame(a[k]) for k in (2, 0, 3, 1)], [frame(b[k]) for k in (1, 3, 2, 0)])

    assert shuffled.level == straight.level
    assert shuffled.estimate == straight.estimate


@pytest.mark.parametrize(("scale", "shift"), [(1000.0, 0.0), (1e-6, 0.0), (1.0, 40.0), (-1.0, 0.0)])
def test_shift_and_scale_change_the_unit_and_nothing_else(scale: float, shift: float) -> None:
    a, b = curve(1), curve(2, effect=-0.03)

    plain = _quality(frame(a), frame(b), margin=0)
    other = _quality(frame(scale * a + shift), frame(scale * b + shift), margin=0, goal="low" if scale > 0 else "high")

    assert other.level.p == pytest.approx(plain.level.p, rel=1e-6)
    assert other.estimate.difference == pytest.approx(scale * plain.estimate.difference, rel=1e-9)
    assert other.verdict == plain.verdict


def test_a_copy_is_identical_never_better() -> None:
    y = curve(3)
    y[500] = np.nan

    quality = _quality(frame(y), frame(y.copy()))

    assert quality.verdict == "identical"
    assert quality.divergence.verdict == "identical"
    assert quality.method_level.verdict == "not_enough_evidence"


def test_two_calls_say_the_same_bytes() -> None:
    a, b = frame(curve(4)), frame(curve(5, effect=-0.02))

    said = [written(fastlogs.compare(a, b, labels=["a", "b"]).to_dict()) for _ in range(2)]

    assert said[0] == said[1]


@pytest.mark.parametrize("seed", range(12))
def test_one_run_each_says_nothing_of_the_method(seed: int) -> None:
    quality = _quality(frame(curve(seed)), frame(curve(seed + 900, effect=-0.1 * (seed % 3))))

    assert quality.method_level.verdict == "not_enough_evidence"
    assert "one seed per arm" in quality.method_level.reason


def test_a_known_spread_of_seeds_speaks_of_the_method() -> None:
    a, b = frame(curve(6)), frame(curve(7, effect=-0.2))

    assert _quality(a, b, seed_std=0.01).method_level.verdict == "better"
    assert _quality(a, b, seed_std=1.0).method_level.verdict == "no_difference_found"


def test_the_words_hold_what_they_rest_on() -> None:
    a, b = frame(curve(8)), frame(curve(9, effect=-0.1))

    (sentence, *_) = next(iter(fastlogs.compare(a, b, labels=["a", "b"], margin=0).pairs.values())).sentences

    assert "in these two runs" in sentence
    assert "95 % CI" in sentence
    assert "independent blocks" in sentence
    assert "last " in sentence
    assert "Method: not enough evidence" in sentence
    assert "significant" not in sentence.lower()


WRITERS: dict[str, Callable[[pl.DataFrame], str]] = {
    "csv": lambda t: t.write_csv(),
    "jsonl": lambda t: "".join(json.dumps(row) + "\n" for row in t.to_dicts()),
    "log": lambda t: "".join(f"step {row['step']} | loss {row['loss']!r}\n" for row in t.to_dicts()),
}


def test_csv_jsonl_and_text_of_one_run_give_one_answer(tmp_path: Path) -> None:
    answers = {}
    for ending, write in WRITERS.items():
        for name, table in (("a", frame(curve(10).round(4))), ("b", frame(curve(11, effect=-0.02).round(4)))):
            (tmp_path / f"{name}.{ending}").write_text(write(table))
        comparison = fastlogs.compare(tmp_path / f"a.{ending}", tmp_path / f"b.{ending}", metric="loss")
        answers[ending] = written(comparison.to_dict())

    assert answers["csv"] == answers["jsonl"] == answers["log"]


def test_a_comparison_is_valid_json_whatever_the_logs_hold(tmp_path: Path) -> None:
    y = curve(12)
    y[-200:] = np.inf
    document = fastlogs.compare(frame(y), frame(curve(13)), labels=["a", "b"]).to_dict()

    def refused(word: str) -> float:
        raise AssertionError(word)

    again = json.loads(json.dumps(document), parse_constant=refused)
    assert again["schema"] == "fastlogs.compare/1"
    assert again["metrics"]["loss"]["run_level"]["verdict"] == "not_enough_evidence"
    assert [a["kind"] for a in again["anomalies"]["a"]] == ["inf"]
