"""How two runs went along the way: progression, targets, where they part, whether they still improve or overfit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fastlogs._compare import words
from fastlogs._compare.arms import named_runs
from fastlogs._compare.quality import Quality
from fastlogs._compare.series import Curves
from fastlogs._metrics import goal_of
from fastlogs._report.blocks import Block, Heading, Prose, Table
from fastlogs.stats.converge import state
from fastlogs.stats.overfit import gap, overfitting
from fastlogs.stats.progress import Stage, progression, time_to_target

if TYPE_CHECKING:
    from fastlogs._compare import Pair


def course(pair: Pair) -> Iterator[Block]:
    """Progression, time to target and divergence of the deciding metric; convergence and overfitting of each run."""
    yield Heading(f"Along the way: {pair.candidate.name} against {pair.baseline.name}", 2)
    if pair.quality.pair is not None:
        yield from _progression(pair)
        yield from _target(pair)
        yield from _parting(pair.quality, pair.options.x)
    yield _convergence(pair)
    yield from _overfitting(pair)


def _progression(pair: Pair) -> Iterator[Block]:
    assert pair.quality.pair is not None
    a, b = pair.quality.pair
    rows = [
        (f"{s.percent:g} %", _g(s.x), _with(s.baseline, s.baseline_se), _with(s.candidate, s.candidate_se),
         _apart(s), _interval(s.low, s.high), _ratio(s.baseline, s.candidate), _ahead(s, pair))
        for s in progression(a.x, a.y, b.x, b.y)
    ]  # fmt: skip
    columns = ("of the run", pair.options.x, pair.baseline.name, pair.candidate.name, "difference", "95 % CI", "ratio",
               "ahead")  # fmt: skip
    if rows:
        yield Table(columns, rows, f"Progression of {pair.primary} (means of 1/64 of the range)")


def _apart(found: Stage) -> str | None:
    """The difference to the digits of its interval."""
    if found.difference is None or found.low is None or found.high is None:
        return _g(found.difference)
    return f"{found.difference:+.{words.places((found.low, found.high))}f}"


def _ahead(found: Stage, pair: Pair) -> str:
    """Whose value is the better one, when the interval leaves no doubt."""
    goal = pair.quality.goal
    if goal == "none" or found.low is None or found.high is None or found.low <= 0 <= found.high:
        return ""
    return pair.candidate.name if (found.high < 0) == (goal == "low") else pair.baseline.name


def _target(pair: Pair) -> Iterator[Block]:
    assert pair.quality.pair is not None
    a, b = pair.quality.pair
    if pair.quality.goal == "none":
        return
    found = time_to_target(a.x, a.y, b.x, b.y, goal=pair.quality.goal)
    if found.ratio is None:
        yield Prose(f"Time to target: {found.reason or 'unknown'}.")
        return
    spread = f" ({found.low:.3g} to {found.high:.3g})" if found.low is not None and found.high is not None else ""
    yield Prose(
        f"Time to target: the baseline's final {pair.primary} of {found.target:.6g} is reached at {pair.options.x} "
        f"{_g(found.candidate.at)} by {pair.candidate.name} and at {_g(found.baseline.at)} by {pair.baseline.name}: "
        f"{found.ratio:.3g}x{spread} as fast in {pair.options.x}."
    )


def _parting(found: Quality, axis: str) -> Iterator[Block]:
    parted = found.divergence
    if parted is None:
        return
    first = (
        f"first value that differs: {axis} {_g(parted.first_difference)}" if parted.first_difference is not None else ""
    )
    if parted.verdict == "diverged" and parted.interval is not None:
        low, high = parted.interval
        place = "from the start" if parted.from_the_start else f"between {axis} {_g(low)} and {_g(high)}"
        yield Prose(f"Divergence: the runs part {place} (best guess {_g(parted.onset)}); {first}.")
    else:
        why = f": {parted.reason}" if parted.reason else ""
        yield Prose(f"Divergence: {words.parting(parted.verdict)}{why}. {first[:1].upper()}{first[1:]}.".strip())
    if parted.excursion is not None:
        low, high = parted.excursion
        yield Prose(f"An excursion from {axis} {_g(low)} to {_g(high)} closed again.")


def _convergence(pair: Pair) -> Table:
    rows: list[tuple[Any, ...]] = []
    for name, curves in _runs(pair):
        series = curves.series(pair.primary)
        found = state(series.x, series.y, goal=pair.quality.goal)
        share = found.share()
        change = f"{100 * share[0]:+.2g} %" if share else None
        rows.append((name, found.state, change, _interval(found.low, found.high), found.reason or ""))
    columns = ("run", "state", "change per tenth", "95 % CI", "why not")
    return Table(columns, rows, f"Is {pair.primary} still improving? (last fifth of each run)")


def _runs(pair: Pair) -> Iterable[tuple[str, Curves]]:
    """The runs of both arms by the names that the report knows them by."""
    return named_runs((pair.baseline, pair.candidate)).items()


def _overfitting(pair: Pair) -> Iterator[Block]:
    rows = [(name, *row) for name, curves in _runs(pair) if (row := _fit(curves))]
    if rows:
        columns = ("run", "evaluations", "best at", "rise since", "gap (val - train)", "overfitting")
        yield Table(columns, rows, "Validation against training")


def _fit(curves: Curves) -> tuple[Any, ...] | None:
    train, val = curves.of_role("loss"), curves.of_role("val_loss")
    if val is None or goal_of(val) != "low":
        return None
    a = curves.series(val)
    b = curves.series(train) if train is not None else None
    found = overfitting(a.x, a.y, None if b is None else b.x, None if b is None else b.y)
    apart = gap(a.x, a.y, b.x, b.y).last if b is not None else None
    said = {True: "yes", False: "no", None: found.reason or "unknown"}[found.found]
    return found.evals, _g(found.best_x), _g(found.rise), _g(apart), said


def _g(value: float | None) -> str | None:
    return None if value is None else f"{value:,.6g}"


def _with(value: float | None, se: float | None) -> str | None:
    if value is None:
        return None
    return f"{value:.6g}" if se is None else f"{value:.{words.digits(se)}f} ± {se:.{words.digits(se)}f}"


def _interval(low: float | None, high: float | None) -> str | None:
    return None if low is None or high is None else words.interval((low, high))


def _ratio(a: float | None, b: float | None) -> str | None:
    return f"{a / b:.3f}" if a is not None and b else None
