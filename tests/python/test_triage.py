"""How runs end: last words of logs, states, causes, seed groups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fastlogs._sweep.glance import BINS, Curve, Glance, curve_of
from fastlogs._sweep.groups import Design, configs_of, design, groups, named_settings
from fastlogs._sweep.last_words import last_words
from fastlogs._sweep.options import Options
from fastlogs._sweep.swept import of_glances

TRACE = """Traceback (most recent call last):
  File "/home/u/train.py", line 210, in <module>
    main()
  File "/home/u/model/block.py", line 33, in forward
    return self.attention(x)
  File "/opt/venv/lib/python3.11/site-packages/torch/nn/functional.py", line 2, in linear
    return _linear(x)
"""
NOW = 2_000_000_000.0


@pytest.mark.parametrize(
    ("tail", "kind", "told", "cause"),
    [
        (
            TRACE + "RuntimeError: shape [3, 4] at 0x7f00a1",
            "crashed",
            "RuntimeError: shape [3, 4] at 0x7f00a1 at block.py:33 in forward",
            "RuntimeError: shape [N, N] at 0x…",
        ),
        (
            TRACE + "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB",
            "oom",
            "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB at block.py:33 in forward",
            "out of memory",
        ),
        (TRACE + "KeyboardInterrupt", "crashed", "KeyboardInterrupt at block.py:33 in forward", "KeyboardInterrupt"),
        (
            "step 4\nslurmstepd: error: *** JOB 77 ON n1 CANCELLED AT 2026-01-01 DUE TO TIME LIMIT ***",
            "killed",
            "cancelled at the time limit",
            "cancelled at the time limit",
        ),
        (
            "step 4\nrun.sh: line 3: 4242 Segmentation fault (core dumped) python train.py",
            "killed",
            "segmentation fault",
            "segmentation fault",
        ),
        ("step 4\nslurmstepd: error: Detected 1 oom_kill event", "oom", None, "out of memory"),
    ],
)
def test_last_words_are_understood(tail: str, kind: str, told: str | None, cause: str) -> None:
    found = last_words(tail)

    assert found is not None
    assert (found.kind, found.cause) == (kind, cause)
    assert told is None or found.told == told


def test_ranks_and_echoes_do_not_hide_the_first_cause() -> None:
    ranked = "".join(f"[rank3]: {line}\n" for line in (TRACE + "ValueError: bad batch 7").splitlines())
    echo = TRACE + "torch.distributed.elastic.multiprocessing.errors.ChildFailedError: train.py FAILED\n"
    found = last_words(echo + ranked)

    assert found is not None
    assert found.exception == "ValueError: bad batch 7"
    assert found.where == "block.py:33 in forward"


def test_a_run_that_went_on_after_a_traceback_did_not_end_by_it() -> None:
    went_on = TRACE + "ValueError: retrying\n" + "".join(f"step {at}: loss 1.0\n" for at in range(100))

    assert last_words(went_on) is None
    assert last_words("step 1: loss 2.0\nstep 2: loss 1.9\n") is None
    assert last_words("") is None


@pytest.mark.parametrize(
    "junk", ["Traceback (most recent call last):", TRACE, "\x00" * 99, "Traceback (most" * 50, "] [rank0]:"]
)
def test_any_tail_is_survived(junk: str) -> None:
    last_words(junk)
    last_words("\n".join([junk] * 50))


# States.


def glance(name: str, y: Any = None, *, steps: int = 100, **rest: Any) -> Glance:
    values = np.asarray(3.0 - np.linspace(0, 1, steps) if y is None else y, dtype=float)
    x = np.arange(len(values), dtype=float)
    fact = {
        "metric": "loss", "kind": "train", "unit": None, "n": len(values), "first_step": 0,
        "last_step": len(values) - 1, "mean": 2.0, "sd": 0.1, "min": 1.0, "max": 3.0,
    }  # fmt: skip
    noise = 1e-3 * np.random.default_rng(abs(hash(name)) % 2**32).normal(size=len(values)) if y is None else 0.0
    made = {"summary": (fact,), "metric": "loss", "curve": curve_of(x, values + noise), **rest}
    return Glance(name, **made)


def states(*glances: Glance, **options: Any) -> dict[str, str]:
    found = of_glances(glances, Options(now=NOW, **options))
    return {g.run: t.state for g, t in zip(glances, found.triage, strict=True)}


def others(count: int = 4) -> list[Glance]:
    return [glance(f"other{at}") for at in range(count)]


def test_a_run_that_made_its_steps_is_ok() -> None:
    assert set(states(*others()).values()) == {"ok"}


def test_states_have_their_evidence() -> None:
    short = glance("short", steps=30)
    fresh = glance("fresh", steps=30, written=NOW - 60)
    lost = glance("lost", [3.0] * 98 + [2.0, np.nan])
    up = glance("up", np.concatenate([np.linspace(3, 1, 50), np.linspace(1, 9, 50)]))
    crashed = glance("crashed", steps=20, tail=TRACE + "ValueError: x")
    empty = Glance("empty", broken="no metrics found")
    found = states(*others(8), short, fresh, lost, up, crashed, empty)

    assert found["short"] == "crashed"
    assert found["fresh"] == "running"
    assert found["lost"] == "diverged"
    assert found["up"] == "diverged"
    assert found["crashed"] == "crashed"
    assert found["empty"] == "broken"


def test_what_is_said_after_the_last_step_does_not_undo_the_run() -> None:
    assert states(*others(), glance("done", tail=TRACE + "ValueError: while saving"))["done"] == "ok"


def test_planned_steps_of_the_settings_win() -> None:
    assert states(*others(), glance("longer", planned=1000))["longer"] == "crashed"


def test_the_same_values_twice_are_a_duplicate_of_the_first() -> None:
    twin = np.linspace(3, 2, 100)
    found = states(*others(), glance("a", twin), glance("b", twin))

    assert (found["a"], found["b"]) == ("ok", "duplicate")


def test_a_run_behind_others_alike_is_slow() -> None:
    def timed(name: str, seconds: float) -> Glance:
        made = glance(name)
        return Glance(
            name, summary=(*made.summary, {**made.summary[0], "metric": "step_time", "mean": seconds}),
            metric="loss", curve=made.curve,
        )  # fmt: skip

    found = states(*(timed(f"r{at}", 1.0) for at in range(6)), timed("slow", 1.2))

    assert found["slow"] == "slow"
    assert found["r0"] == "ok"


def test_causes_are_clustered_the_commonest_first() -> None:
    dead = [glance(f"d{at}", steps=20 + at, tail=TRACE + f"ValueError: row {at} of 9") for at in range(3)]
    oom = [glance("o", steps=20, tail="CUDA out of memory")]
    found = of_glances([*others(8), *dead, *oom], Options(now=NOW))

    assert [(state, cause, len(runs)) for state, cause, runs in found.causes] == [
        ("crashed", "ValueError: row N of N at block.py:33 in forward", 3),
        ("oom", "out of memory", 1),
    ]
    assert found.failures["members"][0].to_list() == ["d0", "d1", "d2"]


# Curves.


def test_a_long_curve_is_kept_as_means_of_bins() -> None:
    y = np.random.default_rng(0).normal(size=10_000)
    y[5] = np.inf
    found = curve_of(np.arange(10_000.0), y)

    assert len(found.x) <= BINS
    assert (found.points, found.bad, found.ends_bad) == (10_000, 1, False)
    assert found.y[-1] == pytest.approx(y[-len(y) // BINS :].mean(), abs=0.5)
    assert found.digest != curve_of(np.arange(10_000.0), y + 1e-9).digest


def test_an_empty_curve_is_no_trouble() -> None:
    assert np.isnan(Curve().at(0.5))
    assert curve_of(np.empty(0), np.empty(0)).digest == ""


# Settings and groups.


def of(*configs: dict[str, Any]) -> Design:
    return design(configs)


def test_seeds_names_and_places_are_no_choices() -> None:
    found = of(
        *(
            {
                "lr": lr,
                "train.seed": seed,
                "data_seed": seed,
                "run_name": f"r{lr}{seed}",
                "output_dir": f"/out/{lr}{seed}",
            }
            for lr in (0.1, 0.2)
            for seed in (1, 2)
        )
    )

    assert found.varied == ("lr",)
    assert set(found.seeds) == {"train.seed", "data_seed"}
    assert set(found.left) == {"run_name", "output_dir"}


def test_settings_that_vary_together_stand_behind_the_first() -> None:
    found = of(*({"width": w, "model.dim": 64 * w, "lr": lr} for w in (1, 2) for lr in (0.1, 0.2)))

    assert found.varied == ("width", "lr")
    assert found.aliases["width"] == ("model.dim",)


def test_numbers_drawn_at_random_are_no_aliases_though_none_comes_twice() -> None:
    rng = np.random.default_rng(0)
    found = of(*({"lr": float(rng.random()), "wd": float(rng.random())} for _ in range(30)))

    assert found.varied == ("lr", "wd")


def test_a_setting_computed_of_another_is_an_alias_though_none_comes_twice() -> None:
    rng = np.random.default_rng(0)
    found = of(*({"lr": (lr := float(rng.random())), "min_lr": lr / 10, "wd": float(rng.random())} for _ in range(30)))

    assert found.aliases["lr"] == ("min_lr",)


def test_groups_are_runs_equal_but_for_the_seed() -> None:
    configs = [{"lr": lr, "seed": seed} for lr in (0.1, 0.2) for seed in range(3)]
    glances = [Glance(f"r{at}", config=config) for at, config in enumerate(configs)]
    found = groups(glances, configs, design(configs))

    assert [group.members for group in found] == [(0, 1, 2), (3, 4, 5)]
    assert [group.name for group in found] == ["lr=0.1", "lr=0.2"]


def test_a_run_without_settings_is_alone() -> None:
    configs: list[dict[str, Any]] = [{"lr": 0.1}, {}, {}, {"lr": 0.2}]
    glances = [Glance(f"r{at}", config=config) for at, config in enumerate(configs)]

    assert [group.members for group in groups(glances, configs, design(configs))] == [(0,), (1,), (2,), (3,)]


def test_names_spell_settings_where_there_are_no_files() -> None:
    glances = [Glance(f"lr={lr},seed={seed}") for lr in (0.1, 0.2) for seed in (0, 1)]

    assert configs_of(glances)[2] == {"lr": 0.2, "seed": 0}
    assert design(configs_of(glances)).varied == ("lr",)
    assert named_settings("plain_name") == {}
