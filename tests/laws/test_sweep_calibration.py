"""Sweeps of known truth: ten of the two hundred of `make calibrate`, and some leaderboards."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "benches"))

from calibration.sweep_checks import ranked, said

SEED = 100


# Of six at 5 %, three or more come once in 450 seeds.
def test_where_nothing_matters_nothing_is_named() -> None:
    assert sum(bool(said("null", 60, tails, SEED + at).named) for at in range(3) for tails in (False, True)) <= 2


def test_a_u_shape_is_named_and_called_so() -> None:
    for at in range(2):
        found = said("u_shaped", 300, False, SEED + at)

        assert "lr" in found.named
        assert found.shape == "U-shaped"


def test_a_pair_that_matters_only_together_is_named() -> None:
    for at in range(2):
        found = said("interacting", 300, False, SEED + at)

        assert {"lr", "batch_size"} <= set(found.named)
        assert frozenset(("lr", "batch_size")) in found.pairs


# Of 100 at 5 %, 13 or more come once in 850 seeds.
def test_tiers_hold_their_level() -> None:
    equal = [ranked("equal", 20, SEED + at) for at in range(100)]
    spread = [ranked("spread", 20, SEED + at) for at in range(100)]

    assert sum(one.separated for one in equal) <= 12
    assert sum(one.best_out for one in spread) <= 12
    assert np.mean([one.ranks_held for one in spread]) >= 0.9
