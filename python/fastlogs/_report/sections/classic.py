"""What the usual scripts print of two runs, labelled for what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastlogs._compare.classic import TAIL, Classic, StepTime, Told
from fastlogs._compare.classic import classic as told_of
from fastlogs._report.blocks import Block, Heading, Prose, Table

if TYPE_CHECKING:
    from fastlogs._compare import Pair
    from fastlogs.stats.naive import RatioDivergence, RowConvergence

_WHY = (
    "These are the figures that private scripts print. They are here to be recognised, and they are no valid tests: "
    "they take every step of a run for an independent sample, though each step knows of the one before, so on two runs "
    "of one program they alarm up to 90 % of the time; and their spread is the descent of the curve, so they miss a "
    "run that is better at every step. The verdict above counts independent blocks of the end of both runs instead."
)
# So many places are named.
_FEW = 5


def classic(pair: Pair) -> Iterator[Block]:
    """Last values, statistics of whole curves, Student's t over steps, ratio divergence, fixed warm-up."""
    if pair.quality.pair is None:
        return
    found = told_of(pair)
    yield Heading(f"As the usual scripts report it: {pair.candidate.name} against {pair.baseline.name}", 2)
    yield Prose(_WHY)
    yield _figures(found, pair.baseline.name, pair.candidate.name, pair.options.x)
    yield _tests(found)
    yield from map(Prose, _said(found, pair))


def _figures(found: Classic, baseline: str, candidate: str, axis: str) -> Table:
    sides = found.baseline, found.candidate
    rows = [(label, *(tell(side) or "n/a" for side in sides)) for label, tell in _ROWS]
    rows.append(("outliers (5 MAD from neighbours)", *(_places(side.outliers, axis) for side in sides)))
    times = [_times(side.step_time) for side in sides]
    if any(times):
        rows.append((f"step time after {found.warm_up} warm-up steps", *(t or "n/a" for t in times)))
    return Table(("figure", baseline, candidate), rows, f"Figures of {found.metric} (standard deviations with ddof 0)")


def _g(value: float | None) -> str | None:
    return None if value is None else f"{value:.6g}"


def _tail(side: Told) -> str | None:
    if side.mean_last is None:
        return None
    short = f" (all {side.points_last} steps)" if side.points_last < TAIL else ""
    return f"{side.mean_last:.6f}{short}"


def _percent(side: Told) -> str | None:
    share = side.statistics.improvement_percent
    return None if share is None else f"{share:.1f} %"


def _settled(found: RowConvergence) -> str | None:
    if found.slope is None:
        return None
    return f"{'yes' if found.converged else 'no'} (slope {found.slope:.4g} a row, sd {found.stability:.4g})"


def _times(found: StepTime | None) -> str | None:
    return None if found is None else f"{found.mean:.2f} {found.unit} (std: {found.sd:.2f} {found.unit})"


_ROWS = (
    ("final (last value)", lambda s: _g(s.statistics.final)),
    (f"final (mean of last {TAIL})", _tail),
    ("initial", lambda s: _g(s.statistics.initial)),
    ("improvement", _percent),
    ("mean", lambda s: _g(s.statistics.mean)),
    ("standard deviation", lambda s: _g(s.statistics.sd)),
    ("variance", lambda s: _g(s.statistics.variance)),
    ("CV", lambda s: _g(s.statistics.cv)),
    ("min", lambda s: _g(s.statistics.min)),
    ("max", lambda s: _g(s.statistics.max)),
    ("jumps (z-score of steps over 2)", lambda s: str(s.jumps)),
    ("converged (last 3 rows)", lambda s: _settled(s.converged)),
    ("last val - last train loss", lambda s: _g(s.gap)),
)


def _places(found: tuple[float, ...], axis: str) -> str:
    few = ", ".join(f"{x:,.6g}" for x in found[:_FEW]) + " ..." * (len(found) > _FEW)
    return f"{len(found)} ({axis} {few})" if found else "0"


def _tests(found: Classic) -> Table:
    rows = [
        (name, _f(t.student.t, ".3f"), _p(t.student.p), t.student.label or "n/a", _f(t.cohen.d, ".3f"),
         t.cohen.label or "n/a")
        for name, t in found.tests.items()
    ]  # fmt: skip
    columns = ("metric", "Student's t", "p", "it says", "Cohen's d", "it says")
    return Table(columns, rows, "NOT VALID: t-test and effect size over all steps (baseline - candidate)")


def _f(value: float | None, form: str) -> str:
    return "n/a" if value is None else format(value, form)


def _p(value: float | None) -> str:
    return "n/a" if value is None else ("< .001" if value < 0.001 else f"{value:.3f}")


def _said(found: Classic, pair: Pair) -> Iterator[str]:
    names = {"baseline": pair.baseline.name, "candidate": pair.candidate.name}
    if found.speed_up is not None:
        yield f"Speed-up by mean step times: {found.speed_up:.3f}x (above 1, {pair.candidate.name} is faster)."
    yield f"A ratio over 2 at a single step, in either direction: {_where(found.parted, pair.options.x, names)}."
    if found.parted != found.parted_one_way:
        one_way = _where(found.parted_one_way, pair.options.x, names)
        yield f"The same with {pair.baseline.name} the higher, the only direction that such scripts look in: {one_way}."
    if found.gap_grew is not None:
        grew = "is over" if found.gap_grew else "is not over"
        yield f"Overfitting by the gap of val and train: that of {pair.candidate.name} {grew} 1.5 times the baseline's."


def _where(found: RatioDivergence | None, axis: str, names: dict[str, str]) -> str:
    if found is None:
        return "never"
    return f"from {axis} {found.x:,.6g} ({names[found.higher]} is {found.ratio:.3g} times the other)"
