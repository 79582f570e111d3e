"""Holds what is said of made sweeps against their truth: importance, leaderboards."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

import numpy as np
from fastlogs.stats.importance import Importance, importance
from fastlogs.stats.leaderboard import leaderboard
from fastlogs.stats.parameter import parameter

from calibration.score import Check
from calibration.sweeps import SPACE, board, numbers

# The bars: sweeps that name a setting where none matters, leaderboards that separate equals.
NAMED, SEPARATED = 0.07, 0.07
_FOUND = 0.9
_N = 300
# Of a candidate that leads of many a 95 % interval holds less often; STATS measured 84 to 96 %.
_TOP, _RANKS = 0.8, 0.9

T = TypeVar("T")


@dataclass(frozen=True)
class Said:
    """What importance said of one sweep."""

    named: tuple[str, ...]
    shape: str
    pairs: tuple[frozenset[str], ...]


def said(kind: str, n: int, tails: bool, seed: int) -> Said:
    """Importance of a made sweep."""
    made = numbers(kind, seed, n, tails=tails)
    settings = [parameter(name, [one[name] for one in made.settings]) for name in SPACE]
    found = importance([one for one in settings if one is not None], made.losses, seed=seed)
    return Said(found.named, _shape(found), tuple(frozenset((i.a, i.b)) for i in found.interactions if i.named))


def _shape(found: Importance) -> str:
    return next((one.shape.word for one in found.weights if one.name == "lr"), "")


@dataclass(frozen=True)
class Ranked:
    """What the leaderboard of one sweep got right."""

    separated: bool
    best_out: bool
    top_held: bool
    ranks_held: float


def ranked(kind: str, n: int, seed: int) -> Ranked:
    """A leaderboard of known worth."""
    made = board(kind, seed, n)
    found = leaderboard(made.values, seed=seed)
    truth, lead = made.truth, found.order[0]
    tiers = np.array([one.tier for one in found.standings])
    top = found.standings[lead]
    ranks = np.argsort(np.argsort(truth)) + 1
    held = [one.rank_low <= rank <= one.rank_high for one, rank in zip(found.standings, ranks, strict=True)]
    return Ranked(
        bool(((tiers > 1) & (truth <= truth[lead])).any()),
        bool(tiers[truth.argmin()] != 1),
        bool(top.low <= truth[lead] <= top.high),
        float(np.mean(held)) if np.ptp(truth) else 1.0,
    )


def checks(seed: int, count: int, jobs: int) -> Iterator[Check]:
    """Every check, over `count` sweeps where nothing matters and as many of equal runs; a fifth of that for finds."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from _nothing(pool.map, seed, count)
        yield from _something(pool.map, seed, max(count // 5, 1))
        yield from _boards(pool.map, seed, count)


Map = Callable[..., Iterable[T]]


def _nothing(over: Map, seed: int, count: int) -> Iterator[Check]:
    for n, tails in ((60, False), (_N, True)):
        told = list(over(partial(said, "null", n, tails), range(seed, seed + count // 2)))
        name = f"null, {n} runs{', heavy tails' if tails else ''}"
        yield Check(name, "sweeps that name a setting", float(np.mean([bool(one.named) for one in told])), high=NAMED)


def _something(over: Map, seed: int, count: int) -> Iterator[Check]:
    seeds = range(seed, seed + count)
    bowl = list(over(partial(said, "u_shaped", _N, False), seeds))
    pair = list(over(partial(said, "interacting", _N, False), seeds))
    word = list(over(partial(said, "word", _N, False), seeds))
    yield _least(f"U-shaped, {_N} runs", "named", ["lr" in one.named for one in bowl])
    yield _least(f"U-shaped, {_N} runs", "called U-shaped", [one.shape == "U-shaped" for one in bowl])
    both = {"lr", "batch_size"}
    yield _least(f"interacting, {_N} runs", "both named", [both <= set(one.named) for one in pair])
    yield _least(f"interacting, {_N} runs", "the pair named", [frozenset(both) in one.pairs for one in pair])
    yield _least(f"words, {_N} runs", "named", ["optimizer" in one.named for one in word])
    idle = [
        set(one.named) - known for told, known in ((bowl, {"lr"}), (pair, both), (word, {"optimizer"})) for one in told
    ]
    yield Check("all three", "idle settings named, a sweep", float(np.mean([len(one) for one in idle])), high=0.15)


def _least(name: str, what: str, flags: list[bool]) -> Check:
    return Check(name, what, float(np.mean(flags)), low=_FOUND)


def _boards(over: Map, seed: int, count: int) -> Iterator[Check]:
    for kind, n in itertools.product(("equal", "two", "spread"), (20, 100)):
        told = list(over(partial(ranked, kind, n), range(seed, seed + count)))
        name = f"{kind}, {n} settings"
        yield Check(name, "equals separated", float(np.mean([one.separated for one in told])), high=SEPARATED)
        if kind == "spread":
            yield Check(name, "best not in tier 1", float(np.mean([one.best_out for one in told])), high=SEPARATED)
            yield Check(name, "leader's interval holds", float(np.mean([one.top_held for one in told])), low=_TOP)
            yield Check(name, "rank intervals hold", float(np.mean([one.ranks_held for one in told])), low=_RANKS)
