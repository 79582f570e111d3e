"""What a report is given, each result as blocks, figures and data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlogs._compare import Comparison
from fastlogs._compare.facts import facts
from fastlogs._findings import Findings
from fastlogs._report.blocks import Block, Figure, Heading, Prose, Table, Text
from fastlogs._report.pictures import Draw, alt
from fastlogs._report.sections import overview
from fastlogs._report.sections.charts import charts
from fastlogs._report.sections.model import model
from fastlogs.errors import FastlogsError, TooFew

if TYPE_CHECKING:
    from fastlogs._compare.series import Curves
    from fastlogs._coverage import Coverage

# Figures that a page shows as charts to zoom into; and those that say no more than these.
_AS_CHARTS = ("loss_comparison", "ppl_comparison", "throughput_comparison", "curves", "training_curves_comparison")
_FOR_FOLDERS = ("losses", "training_loss_comparison", "training_curves")
_EACH = ("dashboard", "loss_landscape", "optimization_dynamics", "curves")
# Up to this many runs each has its own figures on the page, and is checked.
_FEW = 4
_CHECKED = 8


@dataclass(frozen=True)
class Result:
    """One thing that a report tells of."""

    title: str
    blocks: tuple[Block, ...]
    figures: Mapping[str, Draw]
    data: Mapping[str, Any]


def results_of(given: Iterable[Any], prefix: str = "") -> list[Result]:
    """Comparisons and findings as they are; all paths, runs and frames together as one."""
    ready = [one for one in given if isinstance(one, Comparison | Findings)]
    rest = [one for one in given if not isinstance(one, Comparison | Findings)]
    found = [of_comparison(one, prefix) if isinstance(one, Comparison) else of_findings(one) for one in ready]
    if rest:
        found.append(of_runs(rest))
    if not found:
        raise TooFew("nothing to report", help="name a log, a run folder, a comparison, findings")
    return _apart(found)


def of_comparison(found: Comparison, prefix: str = "") -> Result:
    """Verdicts, curves, figures, then everything else."""
    from fastlogs._report.compare import data, whole
    from fastlogs.plot.folder import plan

    figures = _unique(plan(found, prefix, found.options.smooth))
    shown = [*_curves(found.runs, found.options.smooth), *_pictures(figures, len(found.runs))]
    title, *blocks = whole(found, prefix, shown)
    assert isinstance(title, Heading)
    return Result(title.text, tuple(blocks), figures, data(found))


def of_findings(found: Findings) -> Result:
    named = found.runs[0] if len(found.runs) == 1 else f"{len(found.runs)} runs"
    return Result(f"Check of {named}", (Heading("Findings", 2), *overview.found(found)), {}, found.to_dict())


def of_runs(given: list[Any]) -> Result:
    """What each run came to, its curves, its settings, what was found."""
    from fastlogs.plot.folder import run_plan

    runs, broken = _readable(given)
    figures = _unique(run_plan(runs))
    title = next(iter(runs)) if len(runs) == 1 else f"{len(runs):,} runs"
    told = {name: {"path": c.run.path, "config": dict(c.run.config), **facts(c).to_dict()} for name, c in runs.items()}
    return Result(title, tuple(_of_runs(runs, broken, figures)), figures, {"runs": told, "broken": broken})


def _of_runs(runs: Mapping[str, Curves], broken: Mapping[str, str], figures: Mapping[str, Draw]) -> Iterator[Block]:
    yield Heading("Summary", 2)
    for name, why in list(broken.items())[:5]:
        yield Prose(f"caution: {name} could not be read: {why}", "caution")
    if len(broken) > 5:
        yield Prose(f"caution: {len(broken) - 5:,} more could not be read", "caution")
    yield overview.overview(runs)
    if len(runs) <= _CHECKED:
        yield from _health(runs)
    else:
        yield Prose(f"Findings are looked for in up to {_CHECKED} runs; 'fastlogs check' looks at any number.")
    yield from model(runs) if len(runs) <= _FEW else ()
    yield from _curves(runs, None)
    yield from _pictures(figures, len(runs))
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


def _health(runs: Mapping[str, Curves]) -> Iterator[Block]:
    from fastlogs._check import check
    from fastlogs._run import Run

    found = check([c.run if isinstance(c.run, Run) else c.run.metrics for c in runs.values()])
    yield Heading("Findings", 2)
    yield from overview.found(found)


def _curves(runs: Mapping[str, Curves], smooth: int | None) -> list[Block]:
    made = charts(runs, smooth)
    return [Heading("Curves", 2), made] if made is not None else []


def _pictures(figures: Mapping[str, Draw], runs: int) -> list[Block]:
    """The figures that a document shows: of each run only when there are few."""
    known = {file: _kind(file) for file, draw in figures.items() if not isinstance(draw, str)}
    left = _FOR_FOLDERS if runs <= _FEW else (*_FOR_FOLDERS, *_EACH)
    shown = [Figure(file, alt(file), kind in _AS_CHARTS) for file, kind in known.items() if kind not in left]
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
