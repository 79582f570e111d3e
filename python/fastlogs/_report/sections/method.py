"""How the numbers were made: sensitivity of the verdict, and the method in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastlogs import _core
from fastlogs._compare import words
from fastlogs._report.blocks import Block, Heading, Prose, Table

if TYPE_CHECKING:
    from fastlogs._compare import Comparison, Pair

_RUNS = (
    "These runs: the difference of the two runs, step by step where they logged the same steps, else in equal bins of "
    "the axis. The last half teaches how the difference wanders (its long-run variance, by slow cosines of 64 bin "
    "means), the last tenth is tested, by a t-test that counts independent blocks instead of steps."
)
_METHOD = (
    "The method: the run is the unit. Each run counts with its mean over the last tenth; Welch's t compares arms of "
    "two seeds and more, a prediction t one run with three and more. One run an arm says nothing of the method "
    "unless the spread between seeds is known."
)


def sensitivity(pair: Pair) -> Iterator[Block]:
    """The same test with other windows, and with spikes drawn in."""
    within = pair.quality.within
    if within is None or not within.sensitivity:
        return
    rows = [(s.name, f"{s.difference:+.4g}", words.interval((s.low, s.high)), f"{s.p:.2g}") for s in within.sensitivity]
    yield Table(("with", "difference", "95 % CI", "p"), rows, f"Sensitivity of {pair.primary}")


def method(found: Comparison) -> Iterator[Block]:
    """What was done, in plain words, and by which version."""
    yield Heading("Method", 2)
    several = any(len(arm) > 1 for arm in found.arms)
    yield Prose(_METHOD if several else _RUNS)
    yield Prose(
        f"fastlogs {_core.__version__}; compared along {found.options.x}; differences are candidate - baseline."
    )
