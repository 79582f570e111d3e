"""Writes made comparisons as folders, baseline/ and candidate/ and case.json each, and the truth in truth.json."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from calibration.noise import SD, Floats, Noise, apart, curve, resumed, spiked, step_times

STEPS = 5_000
SEED_SD = 0.02
# What a run says at its end: the mean of its last tenth.
TAIL = 0.1

Table = dict[str, Floats]
Arms = tuple[list[Table], list[Table]]
Truth = dict[str, Any]


WHITE = Noise()


@dataclass(frozen=True)
class Setting:
    """One way to make a comparison; `kind` says what is asked of it, the rest is read by that kind's maker."""

    name: str
    kind: str
    noise: Noise = WHITE
    steps: int = STEPS
    # Every how many steps the arms log.
    every: tuple[int, int] = (1, 1)
    resumes: int = 0
    # The share of the noise that both arms have in common: the same data in the same order.
    common: float = 0.0
    # A true difference, in true standard errors of the last tenth's mean.
    effect_se: float = 0.0
    seeds: int = 1
    # A true difference of methods, in spreads of seeds.
    effect_seeds: float = 0.0
    # A true difference as a share of the margin.
    at_margin: float = 0.0
    margin: float = 0.0
    stalls: float = 0.01
    slow_start: int = 0
    gain: float = 0.0
    shape: str = ""
    spikes: int = 0
    holes: int = 0


AR = {rho: Noise(rho) for rho in (0.0, 0.5, 0.9, 0.99)}
# Under a null nothing differs. Where blocks are few, comparisons may go unanswered.
LOSS = (
    *(Setting(f"null rho {rho:g}", "loss", noise) for rho, noise in AR.items()),
    Setting("null t3", "loss", Noise(0.5, "t3")),
    Setting("null spiky", "loss", Noise(shocks="spiky")),
    Setting("null skewed", "loss", Noise(0.5, "skewed")),
    Setting("null bursts", "loss", Noise(shocks="bursts")),
    Setting("null fading", "loss", Noise(0.5, fades=2.5)),
    Setting("null 1,000 steps", "loss", AR[0.5], steps=1_000),
    Setting("null every 10 and 25", "loss", AR[0.9], steps=20_000, every=(10, 25)),
    Setting("null resumed", "loss", AR[0.5], resumes=2),
    Setting("null same data", "loss", AR[0.5], common=0.8),
    Setting("null slow wander", "loss", Noise(0.97, slow=0.1)),
    *(Setting(f"effect rho {rho:g}", "loss", AR[rho], effect_se=3.5) for rho in (0.0, 0.5, 0.9)),
    Setting("effect fading", "loss", Noise(0.5, fades=2.5), effect_se=3.5),
)
SEEDS = (
    Setting("one seed each", "seeds"),
    *(Setting(f"null {k} seeds", "seeds", seeds=k) for k in (2, 3, 5, 10)),
    Setting("effect 5 seeds", "seeds", seeds=5, effect_seeds=2.5),
)
EQUIVALENCE = (
    Setting("at the margin", "equivalence", margin=0.005, at_margin=1.0),
    Setting("no difference", "equivalence", margin=0.005),
)
SPEED = (
    Setting("null speed", "speed", steps=1_000),
    Setting("null speed, stalls", "speed", steps=1_000, stalls=0.05),
    Setting("slow start in one", "speed", steps=1_000, slow_start=120),
    Setting("1 % faster", "speed", steps=1_000, gain=0.01),
)
DIVERGENCE = (
    *(Setting(f"parting by {shape}", "divergence", shape=shape) for shape in ("jump", "ramp", "levelling")),
    Setting("null parting", "divergence"),
)
SHOCKS = {"normal": Noise(), "t3": Noise(shocks="t3"), "skewed": Noise(shocks="skewed"), "rho 0.5": AR[0.5]}
ANOMALY = (
    *(Setting(f"spikes in {name}", "anomaly", noise, spikes=3) for name, noise in SHOCKS.items()),
    *(Setting(f"clean {name}", "anomaly", noise) for name, noise in SHOCKS.items()),
    Setting("nan and inf", "anomaly", holes=2),
)
SETTINGS = LOSS + SEEDS + EQUIVALENCE + SPEED + DIVERGENCE + ANOMALY


def write(root: Path, settings: Sequence[Setting], seed: int, each: int, jobs: int) -> list[Truth]:
    """Writes `each` cases of every setting and truth.json; the same seed writes the same bytes."""
    plan = [(setting, number) for setting in settings for number in range(each)]
    truths = _written(partial(_write, root, seed), plan, jobs)
    (root / "truth.json").write_text(json.dumps(truths))
    return truths


def _written(one: Callable[[tuple[Setting, int]], Truth], plan: list[tuple[Setting, int]], jobs: int) -> list[Truth]:
    if jobs == 1:
        return list(map(one, plan))
    # Never a fork: polars has threads, and a lock that one of them holds would stay locked.
    with ProcessPoolExecutor(jobs, mp_context=get_context("forkserver")) as pool:
        return list(pool.map(one, plan, chunksize=16))


def _write(root: Path, seed: int, planned: tuple[Setting, int]) -> Truth:
    setting, number = planned
    arms, truth = made(setting, seed, number)
    case = Path(setting.name.replace(" ", "-").replace(",", ""), f"{number:04d}")
    for name, runs in zip(("baseline", "candidate"), arms, strict=True):
        folder = root / case / name
        folder.mkdir(parents=True, exist_ok=True)
        for at, table in enumerate(runs):
            _logged(table).write_csv(folder / f"run_{at}.csv")
    asked = {"metric": "loss", "margin": setting.margin, "seeds_paired": False, "seed_std": None}
    (root / case / "case.json").write_text(json.dumps(asked | {"kind": setting.kind}))
    return {"case": str(case), "setting": setting.name, "kind": setting.kind, **truth}


def _logged(table: Table) -> pl.DataFrame:
    """As logs print numbers: seven digits and whole steps."""
    return pl.DataFrame(table).with_columns(pl.col("step").cast(pl.Int64), pl.exclude("step").round(6))


def made(setting: Setting, seed: int, number: int) -> tuple[Arms, Truth]:
    """The two arms of one case, and what is true of them; a setting's cases do not depend on the other settings."""
    rng = np.random.default_rng([seed, zlib.crc32(setting.name.encode()), number])
    return _MAKERS[setting.kind](rng, setting, 1 if number % 2 else -1)


def _by_seeds(rng: np.random.Generator, setting: Setting, sign: int) -> tuple[Arms, Truth]:
    effect = setting.effect_seeds * SEED_SD * sign
    arms = tuple([_curve(rng, setting, at) for _ in range(setting.seeds)] for at in (0, 1))
    for at, runs in enumerate(arms):
        for table in runs:
            table["loss"] = table["loss"] + SEED_SD * rng.standard_normal() + effect * at
    return (arms[0], arms[1]), {"effect": effect, "seeds": setting.seeds}


def _one_each(rng: np.random.Generator, setting: Setting, sign: int) -> tuple[Arms, Truth]:
    points = TAIL * setting.steps
    error = SD * math.sqrt(2 * setting.noise.long_run * (1 - setting.common) / points)
    effect = setting.effect_se * error * sign
    if setting.at_margin:
        # Half of the cases are at either edge.
        effect = sign * setting.at_margin * setting.margin * float(curve(setting.steps)[-int(points) :].mean())
    a, b = _curve(rng, setting, 0), _curve(rng, setting, 1)
    if setting.common:
        common = setting.noise.draw(rng, setting.steps)
        for table in (a, b):
            own = (table["loss"] - curve(setting.steps)) * math.sqrt(1 - setting.common)
            table["loss"] = curve(setting.steps) + own + SD * math.sqrt(setting.common) * common
    b["loss"] = b["loss"] + effect
    return ([a], [b]), {"effect": effect, "seeds": 1}


def _curve(rng: np.random.Generator, setting: Setting, arm: int) -> Table:
    if setting.resumes:
        step, loss = resumed(rng, setting.noise, setting.steps, setting.resumes)
    else:
        step = np.arange(1.0, setting.steps + 1)
        loss = curve(setting.steps) + SD * setting.noise.draw(rng, setting.steps)
    kept = step % setting.every[arm] == 0
    return {"step": step[kept], "loss": loss[kept]}


def _timed(rng: np.random.Generator, setting: Setting, _: int) -> tuple[Arms, Truth]:
    a, b = (_curve(rng, setting, at) for at in (0, 1))
    old = step_times(rng, setting.steps, stalls=setting.stalls)
    new = step_times(rng, setting.steps, stalls=setting.stalls, slow_start=setting.slow_start)
    a["step_time_ms"], b["step_time_ms"] = 1e3 * old, 1e3 * new / (1 + setting.gain)
    return ([a], [b]), {"ratio": 1 + setting.gain}


def _parted(rng: np.random.Generator, setting: Setting, sign: int) -> tuple[Arms, Truth]:
    a, b = (_curve(rng, setting, at) for at in (0, 1))
    if not setting.shape:
        return ([a], [b]), {"onset": None, "steps": setting.steps}
    onset = int(rng.integers(3 * setting.steps // 10, 7 * setting.steps // 10))
    size = 8 * SD * math.sqrt(2 * setting.noise.long_run / (setting.steps - onset))
    b["loss"] = b["loss"] + sign * apart(setting.steps, onset, setting.shape, size)
    return ([a], [b]), {"onset": onset, "steps": setting.steps, "shape": setting.shape}


def _harmed(rng: np.random.Generator, setting: Setting, _: int) -> tuple[Arms, Truth]:
    a, b = _curve(rng, Setting("", "loss"), 0), _curve(rng, setting, 1)
    b["loss"], places = spiked(rng, b["loss"], setting.spikes)
    holes = sorted(rng.choice(np.arange(500, setting.steps - 500), 2 * setting.holes, replace=False).tolist())
    b["loss"][holes[::2]], b["loss"][holes[1::2]] = np.nan, np.inf
    truth = {"spikes": [p + 1 for p in places], "nan": [p + 1 for p in holes[::2]], "inf": [p + 1 for p in holes[1::2]]}
    return ([a], [b]), {**truth, "steps": setting.steps}


_MAKERS: dict[str, Callable[[np.random.Generator, Setting, int], tuple[Arms, Truth]]] = {
    "loss": _one_each,
    "equivalence": _one_each,
    "seeds": _by_seeds,
    "speed": _timed,
    "divergence": _parted,
    "anomaly": _harmed,
}
