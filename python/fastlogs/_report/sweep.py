"""The blocks of a sweep: what a terminal shows, and everything for a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fastlogs import _core
from fastlogs._findings import counts
from fastlogs._report.blocks import Block, Heading, Prose, Table
from fastlogs._report.cells import cell

if TYPE_CHECKING:
    from fastlogs._sweep import Sweep
    from fastlogs.stats.importance import Importance

_TOP = 10
_ALL = 200
_FEW_RUNS = 5
_METHOD = (
    "Runs with equal settings but for the seed are one group; groups are ranked by the means of their finished runs. "
    "The first tier holds whoever cannot be told from the leader at 5 %, allowing for that the leader was picked for "
    "leading; spreads of seeds are drawn towards those of all groups. Probable values are drawn towards the middle by "
    "their noise (empirical Bayes), the chance to be the best and the ranks come from draws of them.",
    "Importance: a forest foretells the ranks of the results from the settings, out of bag; 19 shuffles of the results "
    "say what luck reaches, and when one of them does as well, nothing is named. A setting's weight is what is lost "
    "when its values are shuffled and all is fitted again; Holm's procedure over settings. Failed runs are a target of "
    "their own and never count as a bad result.",
)


def brief(sweep: Sweep) -> tuple[Block, ...]:
    """What fits a screen or two."""
    return tuple(_brief(sweep))


def _brief(sweep: Sweep) -> Iterator[Block]:
    yield Heading(f"Sweep of {counts(len(sweep), 'run')} by {sweep.metric}")
    for at, line in enumerate(sweep.words()):
        yield Prose(line, "caution" if line.startswith("caution") else ("verdict" if at == 1 else ""))
    yield from _leaderboard(sweep, _TOP)
    yield from _importance(sweep.weighed, f"What matters for {sweep.metric}", pairs=False)
    yield from _failures(sweep)
    yield from (Prose(f"next: {one.action} - {one.evidence}{_which(one.about)}") for one in sweep.hints)


def _which(names: tuple[str, ...]) -> str:
    """The first names, without their settings."""
    bare = [name.split(" (")[0] for name in names]
    return f" ({_few(bare)})" if bare else ""


def whole(sweep: Sweep, more: Iterable[Block] = ()) -> tuple[Block, ...]:
    """Everything there is to say; `more` are the figures."""
    return tuple(_whole(sweep, more))


def _whole(sweep: Sweep, more: Iterable[Block]) -> Iterator[Block]:
    yield Heading("Summary", 2)
    for at, line in enumerate(sweep.words()):
        yield Prose(line, "caution" if line.startswith("caution") else ("verdict" if at == 1 else ""))
    yield from _section("What to run next", _hints(sweep))
    yield from _section("Figures", more)
    yield from _section("Leaderboard", _leaderboard(sweep, _ALL))
    yield from _section("What matters", _importance(sweep.weighed, f"For {sweep.metric}"))
    yield from _section("What fails", _whatever_fails(sweep))
    yield from _section("Quality against cost", _pareto(sweep))
    yield from _section("Correlation, a footnote", _correlation(sweep))
    yield from _section("Runs", _runs(sweep))
    yield Heading("Method", 2)
    yield from (Prose(text) for text in _METHOD)
    yield Prose(f"fastlogs {_core.__version__}; a run counts with its {sweep.options.score} {sweep.metric}.")


def _section(title: str, blocks: Iterable[Block]) -> Iterator[Block]:
    found = list(blocks)
    yield from [Heading(title, 2), *found] if found else []


def _leaderboard(sweep: Sweep, most: int) -> Iterator[Block]:
    """The best groups; a column that nobody knows is left out."""
    rows = []
    for row in sweep.leaderboard.head(most).to_dicts():
        low, high = row["low"], row["high"]
        probably = None if low is None else f"{row['shrunken']:.5g} ({low:.5g} to {high:.5g})"
        ranks = None if row["rank_low"] is None else f"{row['rank_low']} to {row['rank_high']}"
        error = row["se"] if row["se"] is not None else row["run_se"]
        best = None if row["p_best"] is None else f"{row['p_best']:.0%}"
        failed = row["failed"] or None
        value, beside = f"{row['value']:.5g}", None if error is None else f"{error:.2g}"
        counted = row["rank"], row["group"], row["runs"], failed
        rows.append((*counted, value, beside, probably, row["tier"], ranks, best))
    columns = ("rank", "setting", "runs", "failed", sweep.metric, "±", "probably", "tier", "ranks", "best")
    left = sweep.leaderboard.height - len(rows)
    title = "Leaderboard" + (f", {left:,} more in the JSON" if left else "")
    if rows:
        yield _without_empty(Table(columns, rows, title))


def _without_empty(table: Table) -> Table:
    keep = [at for at in range(len(table.columns)) if any(row[at] is not None for row in table.rows)]
    return Table(tuple(table.columns[at] for at in keep), [[row[at] for at in keep] for row in table.rows], table.title)


def _importance(found: Importance, title: str, *, pairs: bool = True) -> Iterator[Block]:
    rows = [
        (w.name, f"{w.drop:.3f}", f"{w.low:.3f} to {w.high:.3f}", "yes" if w.named else "not told", w.shape.word, w.n)
        for w in found.weights
    ]
    if rows:
        yield Table(("setting", "drop of R2", "95 % CI", "matters", "shape", "results"), rows, title)
    told = [(i.a, i.b, f"{i.share:.1%}", f"{i.p:.1g}", "yes" if i.named else "not told") for i in found.interactions]
    if told and pairs:
        yield Table(("setting", "with", "share", "p", "together"), told, "Pairs beyond each alone")


def _failures(sweep: Sweep) -> Iterator[Block]:
    rows = [
        (state, len(members), cause, _few([sweep.glances[at].run for at in members]))
        for state, cause, members in sweep.causes
    ]
    if rows:
        yield Table(("state", "runs", "cause", "which"), rows, "Failed runs by cause")


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _FEW_RUNS:,} more" if len(names) > _FEW_RUNS else ""
    return ", ".join(names[:_FEW_RUNS]) + more


def _whatever_fails(sweep: Sweep) -> Iterator[Block]:
    """Causes, rates along settings that failed runs share, and importance for failing."""
    from fastlogs._sweep.words import matters, stretch
    from fastlogs.stats.failures import rates

    yield from _failures(sweep)
    for one in sweep.shared:
        parameter = sweep.parameter(one.name)
        rows = [
            (stretch(parameter, r.first, r.last), r.n, r.failed, f"{r.rate:.0%}", f"{r.low:.0%} to {r.high:.0%}")
            for r in rates(parameter, sweep.failed)
        ]
        yield Table((one.name, "runs", "failed", "rate", "95 % CI"), rows, f"Failures by {one.name} (p = {one.p:.1g})")
    if sweep.failing.matters is not None:
        yield from (Prose(line) for line in matters(sweep.failing, "failing"))


def _pareto(sweep: Sweep) -> Iterator[Block]:
    if sweep.front is None or sweep.cost is None:
        return
    rows = [
        (row["group"], f"{row['value']:.5g}", f"{row['cost']:.4g}", row["place"] + (", knee" if row["knee"] else ""))
        for row in sweep.pareto.filter(sweep.pareto["place"] != "dominated").head(_ALL).to_dicts()
    ]
    named = f"{sweep.cost.name} ({sweep.cost.unit})" if sweep.cost.unit else sweep.cost.name
    yield Table(("setting", sweep.metric, named, "front"), rows, "On the front or possibly on it")


def _correlation(sweep: Sweep) -> Iterator[Block]:
    rows = [
        (row["setting"], row["n"], *(_share(row[name]) for name in ("pearson", "spearman")), f"{row['p']:.2g}")
        for row in sweep.correlation.to_dicts()
    ]
    if rows:
        yield Table(("setting", "results", "Pearson", "Spearman", "p"), rows)
        yield Prose("A U-shape and a pure interaction have no correlation: read the importance.")


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _hints(sweep: Sweep) -> Iterator[Block]:
    rows = [(one.action, _about(one.about), one.evidence, one.gain) for one in sweep.hints]
    if rows:
        yield _without_empty(Table(("do", "which", "evidence", "expected gain"), rows, "What to run next"))


def _about(names: tuple[str, ...]) -> str | None:
    return "; ".join(names[:_FEW_RUNS]) + ("; ..." if len(names) > _FEW_RUNS else "") if names else None


def _runs(sweep: Sweep) -> Iterator[Block]:
    """How each run ended, those that did not end well first."""
    order = sorted(range(len(sweep)), key=lambda at: sweep.triage[at].state == "ok")
    varied = sweep.design.varied[:8]
    rows: list[tuple[Any, ...]] = []
    for at in order[:_ALL]:
        glance, found, value = sweep.glances[at], sweep.triage[at], sweep.values[at].value
        settings = [cell(sweep.configs[at].get(name)) for name in varied]
        rows.append((glance.run, found.state, None if value is None else f"{value:.5g}", *settings, found.why or None))
    more = f", the first {_ALL}: all are in the JSON and CSV" if len(order) > _ALL else ""
    yield _without_empty(
        Table(("run", "state", sweep.metric, *varied, "why"), rows, f"{counts(len(order), 'run')}{more}")
    )


def table(sweep: Sweep) -> Table:
    """A row a run, as the CSV has it."""
    return Table(tuple(sweep.runs.columns), sweep.runs.rows())
