"""What a report is given, each result as blocks, figures and data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlogs._compare import Comparison
from fastlogs._compare.facts import facts
from fastlogs._findings import Findings, counts
from fastlogs._report.blocks import Block, Figure, Heading, Prose, Table, Text
from fastlogs._report.pictures import Draw, alt
from fastlogs._report.sections import overview
from fastlogs._report.sections.charts import charts
from fastlogs._report.sections.model import model
from fastlogs._sweep import Sweep
from fastlogs.errors import FastlogsError, TooFew

if TYPE_CHECKING:
    from fastlogs._compare.series import Curves
    from fastlogs._coverage import Coverage

# Figures that a page shows as charts to zoom into; and those that say no more than these.
_AS_CHARTS = ("loss_comparison", "ppl_comparison", "throughput_comparison", "curves", "training_curves_comparison")
_FOR_FOLDERS = ("losses", "training_loss_comparison", "training_curves")
_EACH = ("dashboard", "loss_landscape", "optimization_dynamics", "curves")
# Up to this many runs each has its own figures on the page.
_FEW = 4
# Findings take a second or two for so many rows.
_CHECKED, _CHECKED_ROWS = 8, 2_000_000


_LEFT = (
    "The figures of each single run are left out of the page: there are {runs:,} runs, and it shows them of up to "
    "{few}. A folder (-o DIR) has them as files; 'fastlogs report RUN -o run.html' shows one run's."
)


_SPELT = (
    "No font of this system has every letter of the runs' names: figures spell such letters out. A font that has them, "
    "such as Noto Sans CJK, is used as soon as it is installed."
)


@dataclass(frozen=True)
class Result:
    """One thing that a report tells of."""

    title: str
    blocks: tuple[Block, ...]
    figures: Mapping[str, Draw]
    data: Mapping[str, Any]


def results_of(given: Iterable[Any], prefix: str = "", *, screen: bool = True) -> list[Result]:
    """Comparisons, findings and sweeps as they are; all paths, runs and frames together as one.

    Charts to zoom into are made for a `screen` only.
    """
    ready = [one for one in given if isinstance(one, Comparison | Findings | Sweep)]
    rest = [one for one in given if not isinstance(one, Comparison | Findings | Sweep)]
    found = [_of(one, prefix, screen) for one in ready]
    if rest:
        found.append(of_runs(rest, screen=screen))
    if not found:
        raise TooFew("nothing to report", help="name a log, a run folder, a comparison, findings")
    return _apart(found)


def _of(one: Comparison | Findings | Sweep, prefix: str, screen: bool) -> Result:
    if isinstance(one, Comparison):
        return of_comparison(one, prefix, screen=screen)
    return of_findings(one) if isinstance(one, Findings) else of_sweep(one, prefix)


def of_sweep(found: Sweep, prefix: str = "") -> Result:
    """Who won, what mattered, what failed, what to run next."""
    from fastlogs._report.sweep import whole
    from fastlogs.plot.folder import sweep_plan

    figures = _unique(sweep_plan(found, prefix))
    shown = [Figure(file, alt(file)) for file in figures]
    return Result(f"{prefix}Sweep of {counts(len(found), 'run')}", whole(found, shown), figures, found.to_dict())


def of_comparison(found: Comparison, prefix: str = "", *, screen: bool = True) -> Result:
    """Verdicts, curves, figures, then everything else."""
    from fastlogs._report.compare import data, whole
    from fastlogs.plot.folder import plan

    figures = _unique(plan(found, prefix, found.options.smooth))
    curves = _curves(found.runs, found.options.smooth, found) if screen else []
    shown = [*curves, *_pictures(figures, len(found.runs)), *_unwritable(found.runs, figures)]
    title, *blocks = whole(found, prefix, shown)
    assert isinstance(title, Heading)
    return Result(title.text, tuple(blocks), figures, data(found))


def of_findings(found: Findings) -> Result:
    named = found.runs[0] if len(found.runs) == 1 else f"{len(found.runs)} runs"
    return Result(f"Check of {named}", (Heading("Findings", 2), *overview.found(found)), {}, found.to_dict())


def of_runs(given: list[Any], *, screen: bool = True) -> Result:
    """What each run came to, its curves, its settings, what was found."""
    from fastlogs.plot.folder import run_plan

    runs, broken = _readable(given)
    figures = _unique(run_plan(runs))
    title = next(iter(runs)) if len(runs) == 1 else f"{len(runs):,} runs"
    told = {name: {"path": c.run.path, "config": dict(c.run.config), **facts(c).to_dict()} for name, c in runs.items()}
    blocks = tuple(_of_runs(runs, broken, figures, screen=screen))
    return Result(title, blocks, figures, {"runs": told, "broken": broken})


def _of_runs(
    runs: Mapping[str, Curves], broken: Mapping[str, str], figures: Mapping[str, Draw], *, screen: bool
) -> Iterator[Block]:
    yield Heading("Summary", 2)
    for name, why in list(broken.items())[:5]:
        yield Prose(f"caution: {name} could not be read: {why}", "caution")
    if len(broken) > 5:
        yield Prose(f"caution: {len(broken) - 5:,} more could not be read", "caution")
    yield overview.overview(runs)
    yield from _findings(runs)
    yield from model(runs) if len(runs) <= _FEW else ()
    yield from _curves(runs, None) if screen else []
    yield from _pictures(figures, len(runs))
    yield from _unwritable(runs, figures)
    settings = list(overview.settings(runs))
    yield from [Heading("Settings", 2), *settings] if settings else []
    yield from _coverage(runs)


def _readable(given: list[Any]) -> tuple[dict[str, Curves], dict[str, str]]:
    """The runs that give a table, and why the others do not; refuses when none does."""
    from fastlogs._run import Run
    from fastlogs._together import read_ahead, reason
    from fastlogs.plot.drawn import runs_of
    from fastlogs.plot.look import Look

    runs = runs_of(tuple(given), None, Look())
    read_ahead(curves.run for curves in runs.values() if isinstance(curves.run, Run))
    found: dict[str, Curves] = {}
    broken: dict[str, str] = {}
    for name, curves in runs.items():
        try:
            _ = curves.table
            found[name] = curves
        except (FastlogsError, OSError) as refused:
            if len(runs) == 1:
                raise
            broken[name] = reason(refused)
    if not found:
        raise TooFew(f"none of {len(runs)} runs could be read", help=next(iter(broken.values())))
    return found, broken


def _findings(runs: Mapping[str, Curves]) -> Iterator[Block]:
    rows = sum(curves.table.height for curves in runs.values())
    if len(runs) <= _CHECKED or rows <= _CHECKED_ROWS:
        yield from _health(runs)
        return
    yield Heading("Findings", 2)
    yield Prose(
        f"Not looked for in {len(runs):,} runs of {rows:,} rows (a report does in up to {_CHECKED} runs or "
        f"{_CHECKED_ROWS:,} rows); 'fastlogs check PATH...' looks at any number."
    )


def _health(runs: Mapping[str, Curves]) -> Iterator[Block]:
    from fastlogs._check import check
    from fastlogs._run import Run

    found = check([c.run if isinstance(c.run, Run) else c.run.metrics for c in runs.values()])
    yield Heading("Findings", 2)
    yield from overview.found(found)


def _unwritable(runs: Mapping[str, Curves], figures: Mapping[str, Draw]) -> Iterator[Block]:
    """That names are spelt out in figures, said once; asked only of names that are not plain."""
    from fastlogs.plot.words import spelt_out

    if figures and any(spelt_out(name) for name in runs):
        yield Prose(_SPELT)


def _curves(runs: Mapping[str, Curves], smooth: int | None, found: Comparison | None = None) -> list[Block]:
    made = charts(runs, smooth, found)
    return [Heading("Curves", 2), made] if made is not None else []


def _pictures(figures: Mapping[str, Draw], runs: int) -> list[Block]:
    """The figures that a document shows: of each run only when there are few."""
    known = {file: _kind(file) for file, draw in figures.items() if not isinstance(draw, str)}
    left = _FOR_FOLDERS if runs <= _FEW else (*_FOR_FOLDERS, *_EACH)
    shown: list[Block] = [
        Figure(file, alt(file), kind in _AS_CHARTS) for file, kind in known.items() if kind not in left
    ]
    if any(kind in left and kind in _EACH for kind in known.values()) and runs > _FEW:
        shown.append(Prose(_LEFT.format(runs=runs, few=_FEW)))
    return [Heading("Figures", 2), *shown] if shown else []


def _kind(file: str) -> str:
    """The figure that a file holds: `curves` of `curves_base.png`."""
    from fastlogs.plot import FIGURES

    stem = Path(file).stem
    if stem == "training_curves":
        # The four panels of a single run.
        return "curves"
    return max((name for name in FIGURES if stem == name or stem.startswith(f"{name}_")), key=len, default=stem)


def _coverage(runs: Mapping[str, Curves]) -> Iterator[Block]:
    """What the reading left, of a few runs in full."""
    read = [(name, c.run.coverage) for name, c in runs.items() if getattr(c.run, "coverage", None) is not None]
    if not read:
        return
    yield Heading("What was read", 2)
    if len(read) <= _FEW:
        yield from (Text("\n".join(coverage.words())) for _, coverage in read)
        return
    rows = [(name, *_read(coverage)) for name, coverage in read]
    yield Table(("run", "format", "lines", "rows", "left"), rows)


def _read(coverage: Coverage) -> tuple[Any, ...]:
    """The format, lines and rows of one run, and what was left of it."""
    lines, rows = (sum(getattr(source, what) for source in coverage.sources) for what in ("lines", "rows"))
    left = ", ".join(f"{count:,} {what}" for what, count in coverage.counts.items() if count)
    return coverage.sources[0].format, lines, rows, left


def _unique(planned: Iterable[tuple[str, Draw]]) -> dict[str, Draw]:
    """Figures by file name, each its own whatever families and runs are called."""
    found: dict[str, Draw] = {}
    for name, draw in planned:
        found[_free(name, found)] = draw
    return found


def _free(name: str, taken: Mapping[str, Any]) -> str:
    known = {one.lower() for one in taken}
    path = Path(name)
    tries = (name if at == 1 else f"{path.stem}_{at}{path.suffix}" for at in range(1, len(known) + 2))
    return next(one for one in tries if one.lower() not in known)


def _apart(results: list[Result]) -> list[Result]:
    """Results whose figures have no file name in common."""
    taken: dict[str, Draw] = {}
    made = []
    for result in results:
        names = {}
        for name, draw in result.figures.items():
            names[name] = _free(name, taken)
            taken[names[name]] = draw
        blocks = tuple(replace(b, file=names[b.file]) if isinstance(b, Figure) else b for b in result.blocks)
        renamed = {names[name]: draw for name, draw in result.figures.items()}
        head = (Heading(result.title, 2),) if len(results) > 1 else ()
        made.append(Result(result.title, (*head, *blocks), renamed, result.data))
    return made
