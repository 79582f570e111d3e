"""The figures of a folder: which are drawn of a comparison and of runs, and under what names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from fastlogs.errors import FastlogsError, TooFew, UnknownMetric
from fastlogs.plot.drawn import Drawing, find, others
from fastlogs.plot.look import Look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs._compare import Comparison
    from fastlogs._sweep import Sweep
    from fastlogs.plot.data import NamedCurves

# A file name, and the figure or why there is none.
Drawn: TypeAlias = "Iterator[tuple[str, Figure | str]]"
# A file name, and what draws the figure or why there is none.
Planned: TypeAlias = "Iterator[tuple[str, Callable[[], Figure | str] | str]]"

OF_SWEEPS = ("sweep_curves", "leaderboard", "importance", "directions", "interaction", "pareto", "sweep_parallel")
_OF_RUNS = ("loss_comparison", "ppl_comparison", "throughput_comparison")
_OF_PAIRS = ("losses_diff", "training_loss_comparison", "all_modes_overview", "forest", "seeds")
_OF_ONE = ("dashboard", "training_curves", "loss_landscape", "optimization_dynamics")
_OF_SEVERAL = ("comparison_dashboard", "training_curves_comparison")
_RUNS, _MEMBERS = 20, 12
_LONGEST = 80


def figures(found: Comparison, prefix: str = "", smooth: int | None = None, *, dpi: int = 150) -> Drawn:
    """Every figure of a comparison under its file name, one after the other, or why there is none.

    >>> made = figures(fastlogs.compare("runs/seed0", "runs/seed1"))
    >>> [name for name, one in made if not isinstance(one, str)][:2]
    ['loss_comparison.png', 'losses.png']
    """
    return _drawn(plan(found, prefix, smooth, dpi=dpi))


def plan(found: Comparison, prefix: str = "", smooth: int | None = None, *, dpi: int = 150) -> Planned:
    """The same with nothing drawn yet."""
    options = found.options
    look = Look(
        prefix=prefix,
        smooth=smooth,
        warmup_steps=options.warmup_steps,
        max_steps=options.max_steps,
        x=options.x,
        dpi=dpi,
    )
    runs = dict(found.runs)
    yield from ((f"{name}.png", partial(find(name), runs, look)) for name in _OF_RUNS)
    yield "losses.png", partial(_losses, found, look)
    yield from ((f"{name}.png", partial(find(name), found, look)) for name in _OF_PAIRS)
    yield "step_time.png", partial(find("step_time"), runs, look)
    yield from _families(found, look)
    yield from _each(("curves",), runs, look)
    yield from _of_others(runs, look, found)


def run_figures(runs: NamedCurves, prefix: str = "", smooth: int | None = None, *, dpi: int = 150) -> Drawn:
    """Every figure of runs under its file name: of each run (the first 20), and of several together.

    >>> from fastlogs.plot.drawn import runs_of
    >>> [name for name, _ in run_figures(runs_of(("train.log",), None, Look()))][1]
    'dashboard_train.png'
    """
    return _drawn(run_plan(runs, prefix, smooth, dpi=dpi))


def run_plan(runs: NamedCurves, prefix: str = "", smooth: int | None = None, *, dpi: int = 150) -> Planned:
    """The same with nothing drawn yet."""
    look = Look(prefix=prefix, smooth=smooth, dpi=dpi)
    if len(runs) == 1:
        yield "training_curves.png", partial(find("curves"), next(iter(runs.values())), look)
    else:
        yield from ((f"{name}.png", partial(find(name), runs, look)) for name in _OF_SEVERAL)
    yield from _each(_OF_ONE, runs, look)
    yield from _of_others(runs, look)


def _losses(found: Comparison, look: Look) -> Figure:
    """The metric that decided."""
    primary = next(iter(found.pairs.values())).primary
    return find("losses")(dict(found.runs), replace(look, metrics=(primary,)))


def _families(found: Comparison, look: Look) -> Planned:
    from fastlogs.plot.family import drawn, groups

    there = groups(found)
    for (name, members), stem in list(zip(there.items(), named(there), strict=True))[:_MEMBERS]:
        yield f"{stem}_comparison.png", partial(drawn, found, name, members, look)
    if len(there) > _MEMBERS:
        yield "<family>_comparison.png", f"the first {_MEMBERS} of {len(there)} members of families are drawn"


def _each(names: tuple[str, ...], runs: NamedCurves, look: Look) -> Planned:
    """Figures of the first runs, one each."""
    stems = named(runs)
    for run, stem in list(zip(runs.values(), stems, strict=True))[:_RUNS]:
        yield from ((f"{name}_{stem}.png", partial(find(name), run, look)) for name in names)
    if len(runs) > _RUNS:
        yield from ((f"{name}_<run>.png", f"the first {_RUNS} of {len(runs)} runs are drawn") for name in names)


def _of_others(runs: NamedCurves, look: Look, found: Comparison | None = None) -> Planned:
    """The figures that installed packages bring; one that fails is told and stops none of ours."""
    for name in others():
        try:
            drawing = find(name)
        except Exception as refused:  # noqa: BLE001 - whatever another package raises
            yield f"{name}.png", _blamed(name, refused)
            continue
        given: list[tuple[str, Any]] = [("", runs)]
        if drawing.takes == "comparison":
            given = [] if found is None else [("", found)]
        elif drawing.takes == "run":
            given = [(f"_{stem}", run) for stem, run in list(zip(named(runs), runs.values(), strict=True))[:_RUNS]]
        yield from ((f"{name}{stem}.png", partial(_theirs, drawing, one, look)) for stem, one in given)


def _theirs(drawing: Drawing, given: Any, look: Look) -> Figure | str:
    try:
        return drawing(given, look)
    except Exception as refused:  # noqa: BLE001 - whatever another package raises
        return _blamed(drawing.name, refused)


def _blamed(name: str, refused: Exception) -> str:
    if isinstance(refused, FastlogsError):
        return refused.message
    return f"the figure '{name}' of another package failed: {type(refused).__name__}: {refused}"


def _drawn(planned: Planned) -> Drawn:
    """One after the other, so that no more than one is held."""
    return ((name, tried(draw)) for name, draw in planned)


def tried(draw: Callable[[], Figure | str] | str) -> Figure | str:
    """A figure, or why the runs have nothing it shows."""
    try:
        return draw if isinstance(draw, str) else draw()
    except (TooFew, UnknownMetric) as refused:
        return refused.message


def named(names: Mapping[str, Any]) -> list[str]:
    """File names for any names, each its own: nothing in them leaves the folder.

    >>> named({"A b/c": 0, "a_b_c": 0, "../../x": 0})
    ['A_b_c', 'a_b_c_2', 'x']
    """
    taken: set[str] = set()
    made = []
    for name in names:
        stem = re.sub(r"[^\w.-]+", "_", name).strip("._-")[:_LONGEST] or "run"
        free = next(
            one for at in range(1, len(taken) + 2) if (one := stem if at == 1 else f"{stem}_{at}").lower() not in taken
        )
        taken.add(free.lower())
        made.append(free)
    return made


def sweep_plan(found: Sweep, prefix: str = "", *, dpi: int = 150) -> Planned:
    """The figures of a sweep under their file names, nothing drawn yet: some for the whole, none for each run."""
    look = Look(prefix=prefix, dpi=dpi)
    yield from ((f"{name}.png", partial(find(name), found, look)) for name in OF_SWEEPS)
