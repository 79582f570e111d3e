"""Whether a run agrees with golden values, as findings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from fnmatch import translate
from typing import TYPE_CHECKING

from fastlogs._difference import Difference, Point, Tolerances, difference
from fastlogs._findings import Finding, Severity, counts
from fastlogs._golden import Golden
from fastlogs._metrics import role_of, wanted
from fastlogs._series import series
from fastlogs.errors import UnknownMetric

if TYPE_CHECKING:
    import polars as pl

KINDS = (
    "golden_mismatch",
    "golden_missing_steps",
    "golden_extra_steps",
    "golden_missing_metric",
    "golden_not_compared",
    "golden_nothing",
)
# What two machines never agree on; compared only when somebody names it.
MACHINE = frozenset({"throughput", "mfu", "step_time", "memory"})


def is_machine(metric: str) -> bool:
    """Whether a metric measures the machine rather than the training.

    >>> is_machine("tok_s"), is_machine("iteration-time"), is_machine("loss")
    (True, True, False)
    """
    role = role_of(_plain(metric)) or role_of(metric)
    return role is not None and role.name in MACHINE


def agreement(
    run: str,
    table: pl.DataFrame,
    golden: Golden,
    *,
    printed: Mapping[str, str],
    metrics: tuple[str, ...] | None,
    allowed: Tolerances,
    skip_steps: int,
) -> tuple[list[Finding], list[Difference]]:
    """Findings and differences of one run; `table` holds its main rows, `metrics` what the caller named."""
    names, skipped = chosen(golden, metrics, allowed)
    pairs = _pairs(names, list(table.columns), printed)
    compared = [
        _compare(run, table, golden, (found, name), allowed, skip_steps) for name, found in pairs.items() if found
    ]
    told = [_lacking(run, name, golden) for name, found in pairs.items() if not found and _expects(golden, name)]
    if skipped:
        said = f"{', '.join(skipped)}: measured of the machine, compared only when named"
        told.append(Finding("golden_not_compared", "info", said, run))
    if golden.left:
        said = f"{', '.join(golden.left)}: no values by step in {golden.origin}"
        told.append(Finding("golden_not_compared", "info", said, run))
    if not compared and not any(f.severity == "error" for f in told):
        said = f"no metric of {golden.origin} was compared"
        told.append(Finding("golden_nothing", "error", said, run, help="name one with metrics= or --metric"))
    return [*told, *(f for d in compared for f in _findings(d, golden)), *_steps(compared, golden)], compared


def chosen(golden: Golden, metrics: tuple[str, ...] | None, allowed: Tolerances) -> tuple[list[str], list[str]]:
    """Golden metrics to compare, and those left out because they measure the machine."""
    names = list(golden.series)
    if metrics is not None:
        globs = [re.compile(translate(g)) for g in wanted(metrics, names) or ()]
        named = [name for name in names if any(g.fullmatch(name) or g.fullmatch(_plain(name)) for g in globs)]
        if not named:
            raise UnknownMetric(f"no metric {', '.join(metrics)} in {golden.origin}", help=f"it has {', '.join(names)}")
        return named, []
    kept = [name for name in names if allowed.names(name) or allowed.names(_plain(name)) or not is_machine(name)]
    return kept, [name for name in names if name not in kept]


def _expects(golden: Golden, name: str) -> bool:
    """Whether a series holds anything that a run could have: in a sampled one nan is what was not there."""
    return not golden.sampled or bool(golden.series[name]["value"].is_not_nan().any())


def _lacking(run: str, name: str, golden: Golden) -> Finding:
    return Finding("golden_missing_metric", "error", f"{name} of {golden.origin} is not in the run", run, name)


def _pairs(names: list[str], columns: list[str], printed: Mapping[str, str]) -> dict[str, str | None]:
    """The run's column for each golden metric: of that name, of that name as printed or spelt, of that role alone."""
    spelt = {_plain(c): c for c in reversed(columns)} | {_plain(p): c for c, p in printed.items()}
    pairs = {name: name if name in columns else spelt.get(_plain(name)) for name in names}
    for name in [n for n, found in pairs.items() if found is None]:
        alike = [c for c in columns if c not in pairs.values() and role_of(c) == role_of(_plain(name))]
        rivals = [n for n, found in pairs.items() if found is None and role_of(_plain(n)) == role_of(_plain(name))]
        if role_of(_plain(name)) is not None and len(alike) == 1 and len(rivals) == 1:
            pairs[name] = alike[0]
    return pairs


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "_", name.lower()).strip("_")


def _compare(
    run: str, table: pl.DataFrame, golden: Golden, names: tuple[str, str], allowed: Tolerances, skip_steps: int
) -> Difference:
    import polars as pl

    found, kept = series(table, names[0]), golden.series[names[1]]
    if golden.by_place:
        kept = _placed(kept, found)
    firsts = [step for step in (found["step"].min(), kept["step"].min()) if isinstance(step, int)]
    if skip_steps and firsts:
        later = pl.col("step") >= min(firsts) + skip_steps
        found, kept = found.filter(later), kept.filter(later)
    tolerance = allowed.of(names[0] if allowed.names(names[0]) else names[1])
    return difference(run, names, kept, found, tolerance, holes=golden.sampled)


def _placed(kept: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Golden values by their place in the run's order; places that the run did not reach come after its last step."""
    import polars as pl

    steps = found["step"].to_list()
    after = max(steps, default=-1) + 1 - len(steps)
    return kept.with_columns(step=pl.Series([_at(steps, place, after) for place in kept["step"]], dtype=pl.Int64))


def _at(steps: list[int], place: int, after: int) -> int:
    return steps[place] if 0 <= place < len(steps) else place + after


def _findings(found: Difference, golden: Golden) -> list[Finding]:
    said = []
    if found.first is not None and found.worst is not None:
        said.append(_mismatch(found, found.first, found.worst, golden))
    if not found.compared and not found.missing:
        nothing = f"no step of '{found.metric}' was compared"
        said.append(Finding("golden_nothing", "error", nothing, found.run, found.metric))
    return said


def _mismatch(found: Difference, first: Point, worst: Point, golden: Golden) -> Finding:
    source = golden.origin if found.golden_metric == found.metric else f"{found.golden_metric} of {golden.origin}"
    head = f"differs from {source} at {found.differing:,} of {counts(found.compared, 'step')}"
    said = f"{found.metric} {head}, first at step {first.step}: {first.found!r} instead of {first.golden!r}"
    if worst != first:
        share = f", {100 * worst.share:.3g} %" if worst.share is not None else ""
        said += (
            f"; most at step {worst.step}: {worst.found!r} instead of {worst.golden!r} (off by {worst.off:.3g}{share})"
        )
    last = worst.step if worst.step >= first.step else first.step
    return Finding(
        "golden_mismatch", "error", said, found.run, found.metric, first.step, last, first.found, help=_advice(found)
    )


def _advice(found: Difference) -> str:
    if found.decimals is None:
        return ""
    half = 5 * 10.0 ** -(found.decimals + 1)
    return (
        f"they agree to the {found.decimals} decimals that the run prints: "
        f"--tolerance {found.metric}={half:.0e} accepts that"
    )


def _steps(compared: list[Difference], golden: Golden) -> list[Finding]:
    """Steps that only one side has, told once for all metrics that lack the same."""
    missing, extra = defaultdict(list), defaultdict(list)
    for found in compared:
        missing[found.missing].append(found)
        extra[() if golden.sampled else found.extra].append(found)
    return [
        *(
            _only(them, "error", "missing", steps, f"{golden.origin} are not in the run")
            for steps, them in missing.items()
            if steps
        ),
        *(
            _only(them, "warning", "extra", steps, f"the run are not in {golden.origin}")
            for steps, them in extra.items()
            if steps
        ),
    ]


def _only(them: list[Difference], severity: Severity, word: str, steps: tuple[int, ...], said: str) -> Finding:
    few = ", ".join(map(str, steps[:5])) + (" ..." if len(steps) > 5 else "")
    names = ", ".join(d.metric for d in them[:3]) + (f" and {len(them) - 3} more" if len(them) > 3 else "")
    text = f"{counts(len(steps), 'step')} ({few}) of {said}: {names}"
    metric = them[0].metric if len(them) == 1 else None
    return Finding(f"golden_{word}_steps", severity, text, them[0].run, metric, steps[0], steps[-1])
