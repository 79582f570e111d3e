"""Verdicts: the order of the rules, margins as typed, and what is never said."""

from __future__ import annotations

import math

import pytest
from fastlogs.stats.verdict import Excluded, Margin, direction, excluded, negligible, settled, verdict
from hypothesis import given
from hypothesis import strategies as st

FLIPPED = {"better": "worse", "worse": "better"}


@pytest.mark.parametrize(
    ("given", "baseline", "size"),
    [
        ("0.5%", 3.3, 0.0165),
        (" 2 % ", -50.0, 1.0),
        ("0.02", 3.3, 0.02),
        (0.02, 3.3, 0.02),
        (0, 3.3, 0.0),
        ("0%", 3.3, 0.0),
        ("1e-3", None, 0.001),
        ("1%", None, 0.0),
        ("1%", math.nan, 0.0),
    ],
)
def test_margins_as_typed(given, baseline, size):
    assert Margin.of(given).resolve(baseline) == pytest.approx(size)


@pytest.mark.parametrize("given", ["", "%", "five", "-1%", -0.1, math.nan, "inf", "5%%"])
def test_what_is_no_margin(given):
    with pytest.raises(ValueError, match="wanted a margin"):
        Margin.of(given)


@given(st.floats(0, 1e6), st.booleans())
def test_a_margin_reads_its_own_text(value, relative):
    margin = Margin(float(f"{value:.3g}"), relative)

    assert Margin.of(str(margin)).resolve(7.0) == pytest.approx(margin.resolve(7.0), rel=1e-5)
    assert Margin.of(margin) is margin


@pytest.mark.parametrize(
    ("d", "p", "ninety", "margin", "extra", "word"),
    [
        (-0.02, 0.001, (-0.03, -0.01), 0.0, {}, "better"),
        (0.02, 0.001, (0.01, 0.03), 0.0, {}, "worse"),
        (0.02, 0.2, (-0.01, 0.05), 0.0, {}, "no_difference_found"),
        # Equivalence comes before better: a difference nobody cares about is no gain.
        (-0.002, 0.001, (-0.003, -0.001), 0.01, {}, "equivalent"),
        (-0.02, 0.001, (-0.03, -0.01), 0.01, {}, "better"),
        (0.0, 0.9, (-0.02, 0.02), 0.01, {}, "no_difference_found"),
        (-0.02, 0.001, (-0.03, -0.01), 0.1, {"reason": "fewer than 50 common points"}, "not_enough_evidence"),
        (-0.02, None, None, 0.1, {}, "not_enough_evidence"),
        (None, None, None, 0.1, {}, "not_enough_evidence"),
        (0.0, math.nan, None, 0.1, {}, "not_enough_evidence"),
        (0.0, None, None, 0.0, {"identical": True, "reason": "constant"}, "identical"),
        # The edge of the margin is not inside it.
        (0.0, 0.5, (-0.01, 0.005), 0.01, {}, "no_difference_found"),
        (-0.02, 0.05, (-0.03, -0.01), 0.0, {}, "no_difference_found"),
    ],
)
def test_the_order_of_the_rules(d, p, ninety, margin, extra, word):
    assert verdict(d, p, ninety, margin, "low", **extra) == word


def test_without_a_goal_nothing_is_better():
    assert verdict(1.0, 0.01, (0.5, 1.5), 0.0, "none") == "different"
    assert direction(0.0, "low") == "no_difference_found"


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5), st.sampled_from(["low", "high"]))
def test_swapping_mirrors_and_so_does_the_goal(d, p, half, margin, goal):
    there = verdict(d, p, (d - half, d + half), margin, goal)
    other = {"low": "high", "high": "low"}[goal]

    assert verdict(-d, p, (-d - half, -d + half), margin, goal) == FLIPPED.get(there, there)
    assert verdict(d, p, (d - half, d + half), margin, other) == FLIPPED.get(there, there)


def test_different_but_negligible():
    assert negligible("equivalent", (-0.004, -0.001))
    assert not negligible("equivalent", (-0.004, 0.001))
    assert not negligible("better", (-0.004, -0.001))


def test_what_is_still_possible():
    assert excluded((-0.03, 0.013), 0.0165) == Excluded(-0.03, 0.013, 0.03, False)
    assert excluded((-0.01, 0.013), 0.0165).beyond_margin is True
    assert excluded((-0.01, 0.013), 0.0).beyond_margin is None
    assert excluded(None, 0.1) is None
    assert excluded((-0.03, 0.013), 0.0).shares(-10.0) == pytest.approx((-0.003, 0.0013))
    assert excluded((-0.03, 0.013), 0.0).shares(0.0) is None


@pytest.mark.parametrize(
    ("found", "others", "then"),
    [
        ("better", {"a": "better"}, ("better", ())),
        ("better", {"a": "equivalent", "b": "better"}, ("better", ("a",))),
        ("worse", {"a": "no_difference_found", "b": "better"}, ("no_difference_found", ("a", "b"))),
        ("no_difference_found", {"a": "better"}, ("no_difference_found", ())),
        ("equivalent", {}, ("equivalent", ())),
    ],
)
def test_sensitivity(found, others, then):
    assert settled(found, others) == then
