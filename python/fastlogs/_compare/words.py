"""The sentences of a comparison: estimate, interval, ground, level; never a bare p."""

from __future__ import annotations

import math

from fastlogs._compare.pace import Pace
from fastlogs._compare.quality import Estimate, Quality
from fastlogs._metrics import role_of
from fastlogs.stats import seeds
from fastlogs.stats.effect import detectable, hedges
from fastlogs.stats.verdict import excluded, negligible

_NAMES = {"loss": "train loss", "val_loss": "val loss", "test_loss": "test loss"}
_VERDICTS = {
    "better": "better",
    "worse": "worse",
    "different": "different",
    "equivalent": "equivalent",
    "identical": "identical",
    "no_difference_found": "no difference found",
    "not_enough_evidence": "not enough evidence",
    "faster": "faster",
    "slower": "slower",
}
_TESTS = {
    "welch": "Welch",
    "paired": "paired t",
    "prediction": "prediction t",
    "floor": "t",
    "moderated": "moderated t",
}
# Below this the machine, not the program, may be what differs.
_NODE = 0.02


_PARTINGS = {
    "no_divergence_found": "no point found where the runs part to stay apart",
    "identical": "the runs are identical",
    "not_enough_evidence": "not enough evidence",
}


def parting(claim: str) -> str:
    """A divergence verdict that names no place."""
    return _PARTINGS[claim]


def spelt(claim: str) -> str:
    """A verdict as people write it."""
    return _VERDICTS[claim]


def quality_sentence(found: Quality, candidate: str) -> str:
    """The verdict on the deciding metric, with everything that it rests on."""
    if found.verdict == "identical":
        return f"Identical: {found.metric} is the same at every step; a copy of a run, or a fully determined one."
    if found.seeds is not None:
        return _by_seeds(found, candidate)
    says = {
        "equivalent": _equivalent,
        "no_difference_found": _none_found,
        "not_enough_evidence": _not_enough,
    }.get(found.verdict, _differs)
    return f"{says(found, candidate)} {_method(found)}".strip()


def _differs(found: Quality, candidate: str) -> str:
    depends = f" (depends on {' and '.join(found.run_level.depends)})" if found.run_level.depends else ""
    return (
        f"{candidate} is {spelt(found.verdict)} in these two runs: final {named(found.metric)} {_values(found)} "
        f"({_gap(found)}), {found.run_level.reason}{depends}."
    )


def _equivalent(found: Quality, _: str) -> str:
    estimate, edges = found.estimate, found.within.interval(0.90) if found.within else None
    differs = " Different beyond chance in these two runs, but negligible." if _negligible(found) else ""
    return (
        f"Equivalent in these two runs: {found.metric} differs by {_number(estimate.difference, edges)}"
        f"{_unit(found)} (90 % CI {interval(edges)}), inside the margin of ±{found.margin:.3g} "
        f"({_percent(found.margin, estimate.baseline)} %), {found.run_level.reason}.{differs}{_order(found)}"
    )


def _none_found(found: Quality, _: str) -> str:
    estimate = found.estimate
    return (
        f"No difference found in these two runs: final {named(found.metric)} {_values(found)} ({_gap(found)}), "
        f"{found.run_level.reason}; {_possible(found.margin, estimate)}."
    )


def _not_enough(found: Quality, _: str) -> str:
    return f"Not enough evidence: {found.run_level.reason}."


def _by_seeds(found: Quality, candidate: str) -> str:
    level, estimate, tested = found.method_level, found.estimate, found.seeds
    assert tested is not None
    if level.verdict == "not_enough_evidence":
        return f"Not enough evidence about the method: {level.reason}."
    count = f"{tested.n_a} against {tested.n_b} runs" if tested.n_a != tested.n_b else f"{tested.n_a} runs per arm"
    ground = (
        f"{count}, final {named(found.metric)} {_values(found)} ({_gap(found)}, {_evidence(found)}; {level.reason})"
    )
    if level.verdict == "equivalent":
        return f"Equivalent: {ground}, inside the margin of ±{found.margin:.3g}."
    if level.verdict == "no_difference_found":
        return f"No difference found between the methods: {ground}; {_possible(found.margin, estimate)}."
    return f"{candidate} is {spelt(level.verdict)}: {ground}."


def _evidence(found: Quality) -> str:
    tested = found.seeds
    assert tested is not None
    parts = [f"{_TESTS.get(tested.method, tested.method)} p = {_p(tested.p)}"]
    if found.finals is not None:
        a, b = (list(map(float, finals)) for finals in found.finals)
        exact, size = seeds.permutation(a, b), hedges(a, b)
        parts += [f"permutation p = {_p(exact)}"] if exact is not None else []
        parts += [f"Hedges g {size.g:.2g}"] if size.g is not None else []
    return ", ".join(parts)


def _method(found: Quality) -> str:
    level = found.method_level
    return (
        f"Method: {spelt(level.verdict)} - {level.reason}. Run 3 or more seeds per arm, or give the seed spread "
        "(--seed-std)."
    )


def change(found: Quality) -> str:
    """What would change our mind: how many more runs would settle how much."""
    if found.seeds is not None and found.seeds.se is not None and found.finals is not None:
        return _more_seeds(found)
    ratios = [f"{detectable(1.0, n, n):.2g} times with {n}" for n in (3, 5)]
    return (
        "What would change our mind: seeds. The smallest difference of methods that is found 8 times in 10 is, in "
        f"spreads between seeds, {' and '.join(ratios)} runs per arm."
    )


def _more_seeds(found: Quality) -> str:
    assert found.finals is not None
    spread = seeds.spread([list(map(float, f)) for f in found.finals])
    if spread.sd is None:
        return ""
    each = min(f.size for f in found.finals)
    ways = [
        f"{each + k} runs per arm: {detectable(spread.sd, each + k, each + k):.2g}{_unit(found)}"
        for k in (0, 2, 5)
        if each + k > 1
    ]
    return f"What would change our mind: the smallest difference that is found 8 times in 10 with {', '.join(ways)}."


def speed_sentence(pace: Pace, seeds_each: int) -> str:
    """The verdict on speed: typical steps, and with stalls."""
    typical, effective = pace.typical, pace.effective
    if typical.verdict == "not_enough_evidence" or typical.ratio is None:
        return f"Speed: not enough evidence: {pace.speed.reason or 'too few independent steps'}."
    skipped = " and ".join(f"{n:,}" for n in pace.speed.skipped)
    claim = "no difference found" if typical.verdict == "no_difference_found" else typical.verdict
    where = " in these two runs" if seeds_each == 1 else ""
    including = f", {_ratio(effective)} including stalls" if effective.ratio is not None else ""
    near = abs(typical.ratio - 1) < _NODE and typical.verdict != "no_difference_found" and seeds_each == 1
    node = " Same machine? One run per arm cannot separate a change under 2 % from the node." if near else ""
    said = f"Speed: {claim}{where}: {_ratio(typical)} typical{including}, by {pace.metric}"
    return f"{said}; {skipped} warm-up steps skipped.{node}"


def _ratio(ratio: object) -> str:
    value, low, high = (getattr(ratio, name) for name in ("ratio", "low", "high"))
    if low is None:
        return f"{value:.4g}x"
    decimals = min(max(places((low, high)), 2), 4)
    return f"{value:.{decimals}f}x (95 % CI {low:.{decimals}f} to {high:.{decimals}f})"


def named(metric: str) -> str:
    """`lm_loss` is the train loss; other metrics go by their names."""
    role = role_of(metric)
    said = _NAMES.get(role.name) if role else None
    return said if said and metric in ("loss", "train_loss", "val_loss", "test_loss") else metric


def _values(found: Quality) -> str:
    estimate = found.estimate
    digits = places(estimate.interval)
    return f"{_fixed(estimate.candidate, digits)} vs {_fixed(estimate.baseline, digits)}"


def _gap(found: Quality) -> str:
    estimate = found.estimate
    percent = f", {estimate.percent:+.2g} %" if estimate.percent is not None else ""
    difference = _number(estimate.difference, estimate.interval)
    return f"{difference}{_unit(found)}, 95 % CI {interval(estimate.interval)}{percent}"


def _unit(found: Quality) -> str:
    return f" {found.unit}" if found.unit else ""


def _possible(margin: float, estimate: Estimate) -> str:
    left = excluded(estimate.interval, margin)
    if left is None:
        return "nothing is excluded"
    shares = left.shares(estimate.baseline)
    said = (
        f"cannot exclude {100 * shares[0]:+.2g} % to {100 * shares[1]:+.2g} %"
        if shares
        else f"cannot exclude ±{left.largest:.2g}"
    )
    if left.beyond_margin is None:
        return said
    edge = f"{_percent(margin, estimate.baseline)} %"
    return f"anything beyond {edge} is excluded" if left.beyond_margin else f"{said}: beyond {edge} is NOT excluded"


def _negligible(found: Quality) -> bool:
    return negligible(found.verdict, found.estimate.interval)


def _order(found: Quality) -> str:
    shared = found.within.shared if found.within else None
    if shared is None or shared < 0.5:
        return ""
    return f" Same data order (step noise correlation {shared:.2f}), compared step by step."


def _percent(part: float, whole: float | None) -> str:
    return f"{100 * part / abs(whole):.2g}" if whole else "?"


def places(interval: tuple[float, float] | None) -> int:
    """The decimals that the interval's width deserves: two digits of it."""
    width = interval[1] - interval[0] if interval else 0.0
    return min(max(1 - math.floor(math.log10(width / 4)), 0), 12) if width > 0 and math.isfinite(width) else 4


def _number(value: float | None, interval: tuple[float, float] | None) -> str:
    return "unknown" if value is None else f"{value:+.{places(interval)}f}"


def _fixed(value: float | None, digits: int) -> str:
    return "unknown" if value is None else f"{value:.{digits}f}"


def interval(edges: tuple[float, float] | None) -> str:
    """Both edges, to the digits they deserve."""
    if edges is None:
        return "unknown"
    decimals = places(edges)
    return f"{edges[0]:.{decimals}f} to {edges[1]:.{decimals}f}"


def digits(error: float) -> int:
    """The decimals that show two digits of an error."""
    return min(max(1 - math.floor(math.log10(error)), 0), 12) if error > 0 and math.isfinite(error) else 4


def _p(p: float | None) -> str:
    return "unknown" if p is None else ("< .001" if p < 0.001 else f"{p:.2g}")
