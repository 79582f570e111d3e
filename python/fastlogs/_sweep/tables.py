"""What a sweep found, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fastlogs._configs import frame_of
from fastlogs._findings import short

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._sweep.swept import Sweep
    from fastlogs.stats.importance import Importance

# Of other metrics the table of runs shows the mean of the last 100 values of so many.
_METRICS = 20
_FACTS = ("n", "first", "last", "min", "min_step", "max", "max_step", "mean", "sd", "last100")
_RUN = ("run", "path", "state", "why", "group", "metric", "value", "se", "last_step", "findings")


def runs(sweep: Sweep) -> pl.DataFrame:
    """A row a run; a setting that bears the name of one of our columns gets a trailing `_`."""
    import polars as pl

    group_of = {at: group.name for group in sweep.seed_groups for at in group.members}
    rows = [
        (
            glance.run, glance.path, found.state, found.why, group_of[at], glance.metric, value.value, value.se,
            glance.last_step, short(list(glance.findings)),
        )
        for at, (glance, found, value) in enumerate(zip(sweep.glances, sweep.triage, sweep.values, strict=True))
    ]  # fmt: skip
    numbers: dict[str, Any] = {"value": pl.Float64, "se": pl.Float64, "last_step": pl.Int64}
    own = pl.DataFrame(rows, schema={name: numbers.get(name, pl.String) for name in _RUN}, orient="row")
    facts = _facts(sweep)
    names = set(own.columns) | set(facts.columns)
    configs = frame_of({g.run: config for g, config in zip(sweep.glances, sweep.configs, strict=True)}).drop("run")
    renamed = configs.rename({name: f"{name}_" for name in configs.columns if name in names})
    return pl.concat([own, renamed, facts], how="horizontal")


def _facts(sweep: Sweep) -> pl.DataFrame:
    """The summary of the metric that decides, and where the others ended."""
    import polars as pl

    own = [glance.fact(glance.metric) or {} for glance in sweep.glances]
    columns = {name: [fact.get(name) for fact in own] for name in _FACTS}
    others = dict.fromkeys(fact["metric"] for glance in sweep.glances for fact in glance.summary)
    by_run = [{fact["metric"]: fact for fact in glance.summary} for glance in sweep.glances]
    for name in [name for name in others if name != sweep.metric][:_METRICS]:
        columns[f"{name}_last100"] = [facts.get(name, {}).get("last100") for facts in by_run]
    return pl.DataFrame({name: pl.Series(values, dtype=_kind(name), strict=False) for name, values in columns.items()})


def _kind(name: str) -> Any:
    import polars as pl

    return pl.Int64 if name == "n" or name.endswith("_step") else pl.Float64


def groups(sweep: Sweep) -> pl.DataFrame:
    """A row a group of seeds: its runs, how many finished and failed, its settings."""
    import polars as pl

    told = {group.name: group.settings for group in sweep.seed_groups}
    rows = [
        (
            group.name, len(group.members), sum(sweep.triage[at].finished for at in group.members),
            sum(sweep.triage[at].failed for at in group.members), [sweep.glances[at].run for at in group.members],
        )
        for group in sweep.seed_groups
    ]  # fmt: skip
    whole = dict.fromkeys(("runs", "finished", "failed"), pl.Int64)
    schema: dict[str, Any] = {"group": pl.String, **whole, "members": pl.List(pl.String)}
    own = pl.DataFrame(rows, schema=schema, orient="row")
    if len(told) < len(rows):
        return own
    configs = frame_of(told).drop("run")
    return pl.concat([own, configs.rename({n: f"{n}_" for n in configs.columns if n in own.columns})], how="horizontal")


_BOARD = ("value", "se", "shrunken", "low", "high", "p_best", "rank_low", "rank_high", "tier")


def leaderboard(sweep: Sweep) -> pl.DataFrame:
    """A row a group, the best first; `se` without seeds is that of the run's own noise."""
    import polars as pl

    rows = []
    for rank, at in enumerate(sweep.board.order, 1):
        group = sweep.seed_groups[sweep.standings.groups[at]]
        one = sweep.board.standings[at]
        failed = sum(sweep.triage[member].failed for member in group.members)
        rows.append((rank, group.name, one.n, failed, within(sweep, at), *(getattr(one, name) for name in _BOARD)))
    whole = {"rank", "runs", "failed", "rank_low", "rank_high", "tier"}
    names = ("rank", "group", "runs", "failed", "run_se", *_BOARD)
    schema = {name: pl.Int64 if name in whole else pl.Float64 for name in names} | {"group": pl.String}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    known = {group.name: group.settings for group in sweep.seed_groups}
    if not table.height or not any(known.values()):
        return table
    configs = frame_of({name: known[name] for name in dict.fromkeys(table["group"])})
    taken = [n for n in configs.columns if n in table.columns and n != "run"]
    configs = configs.rename({**{n: f"{n}_" for n in taken}, "run": "group"})
    return table.join(configs, on="group", how="left", maintain_order="left")


def within(sweep: Sweep, at: int) -> float | None:
    """The error of a group's mean by the noise of its runs' own steps: not the spread of seeds."""
    members = sweep.seed_groups[sweep.standings.groups[at]].members
    errors = [sweep.values[member].se for member in members if sweep.triage[member].finished]
    known = [error for error in errors if error is not None]
    return (sum(error**2 for error in known) ** 0.5) / len(known) if known and len(known) == len(errors) else None


_WEIGHT = ("name", "drop", "low", "high", "band", "p", "named", "n", "distinct")


def importance(found: Importance) -> pl.DataFrame:
    """A row a setting."""
    import polars as pl

    rows = [(*(getattr(one, name) for name in _WEIGHT), one.shape.word) for one in found.weights]
    kinds: dict[str, Any] = {"name": pl.String, "named": pl.Boolean, "n": pl.Int64, "distinct": pl.Int64}
    schema = {name: kinds.get(name, pl.Float64) for name in _WEIGHT} | {"shape": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").rename({"name": "setting"})


def failures(sweep: Sweep) -> pl.DataFrame:
    """A row a cause: how many runs, which, and one of them in full."""
    import polars as pl

    rows = [
        (state, cause, len(members), sweep.triage[members[0]].why, [sweep.glances[at].run for at in members])
        for state, cause, members in sweep.causes
    ]
    schema: dict[str, Any] = {"state": pl.String, "cause": pl.String, "runs": pl.Int64, "example": pl.String}
    schema["members"] = pl.List(pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def correlation(sweep: Sweep) -> pl.DataFrame:
    """A row a setting that has an order."""
    import polars as pl

    rows = [(c.name, c.n, c.pearson, c.spearman, c.p) for c in sweep.correlations if c.spearman is not None]
    schema = {"setting": pl.String, "n": pl.Int64, "pearson": pl.Float64, "spearman": pl.Float64, "p": pl.Float64}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.sort(pl.col("spearman").abs(), descending=True, maintain_order=True)


def pareto(sweep: Sweep) -> pl.DataFrame:
    """A row a group of the leaderboard, the cheapest first; empty where no cost is known."""
    import polars as pl

    schema = {"group": pl.String, "value": pl.Float64, "cost": pl.Float64, "place": pl.String, "knee": pl.Boolean}
    if sweep.front is None or sweep.cost is None:
        return pl.DataFrame(schema=schema)
    names = [sweep.seed_groups[at].name for at in sweep.standings.groups]
    knee = sweep.front.knee
    columns: Sequence[Any] = (names, sweep.standings.means, sweep.cost.values, sweep.front.places)
    rows = [(*row, at == knee) for at, row in enumerate(zip(*columns, strict=True))]
    return pl.DataFrame(rows, schema=schema, orient="row").sort("cost", "value", maintain_order=True)


def summary(sweep: Sweep) -> pl.DataFrame:
    """The summaries of all runs under one another."""
    import polars as pl

    rows = [{"run": glance.run, **fact} for glance in sweep.glances for fact in glance.summary]
    return pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame(schema={"run": pl.String})
