"""The bars of speed, as data: which cost over which, and how much it must and should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from measure import Cost, Costs

PLAIN = ("polars streaming", "polars in-memory")
PREFILTERED = ("polars streaming, prefiltered", "polars in-memory, prefiltered")
POLARS = PLAIN + PREFILTERED

READ, ALONE, SCAN = "fastlogs", "fastlogs, 1 thread", "fastlogs scan"
NAMED, NAMED_ALONE = "fastlogs, format named", "fastlogs, format named, 1 thread"
NAMED_SCAN = "fastlogs scan, format named"
UNNAMED, GENERIC = "fastlogs, nothing named", "fastlogs, generic reader"


@dataclass(frozen=True)
class Bar:
    """How many times longer `theirs` must take than `ours`; or, where `most`, how many times `ours` may."""

    name: str
    workload: str
    theirs: tuple[str, ...]
    must: float
    stretch: float | None = None
    ours: str = READ
    most: bool = False

    def ratio(self, costs: Costs, of: str) -> float | None:
        """Against the best of `theirs`."""
        ours = known(costs, self.workload, (self.ours,), of)
        theirs = known(costs, self.workload, self.theirs, of)
        if not ours or not theirs:
            return None
        return ours[0] / min(theirs) if self.most else min(theirs) / ours[0]

    def verdict(self, ratio: float) -> str:
        def reached(bar: float) -> bool:
            return ratio <= bar if self.most else ratio >= bar

        if self.stretch is not None and reached(self.stretch):
            return "met, stretch too"
        return "met" if reached(self.must) else "missed"


def known(costs: Costs, workload: str, peers: tuple[str, ...], of: str) -> list[float]:
    found = [costs.get((workload, peer), Cost()) for peer in peers]
    return [getattr(cost, of) for cost in found if not cost.failure and cost.wall < float("inf")]


BARS = (
    Bar("a dense / best polars", "dense", POLARS, 14, 20),
    Bar("a dense / rg -c", "dense", ("rg -c",), 5, 7),
    Bar("a dense: 2 threads / 1", "dense", (ALONE,), 1.7, 1.85),
    Bar("b pairs / best polars", "pairs", POLARS, 14, 22),
    Bar("b pairs / rg -c", "pairs", ("rg -c",), 5, 7),
    Bar("c sparse / plain polars", "sparse", PLAIN, 8, 12),
    Bar("c sparse / prefiltered polars", "sparse", PREFILTERED, 2.5, 4),
    Bar("c sparse / rg -c", "sparse", ("rg -c",), 8, 11),
    Bar("c sparse / wc -l", "sparse", ("wc -l",), 0.8, 1.2),
    Bar("d records / best polars regex", "records", POLARS, 12, 16),
    Bar("d records / polars scan_ndjson", "records", ("polars scan_ndjson",), 3.5, 4.8),
    Bar("d records / rg -c", "records", ("rg -c",), 4.5, 5.5),
    Bar("d records / duckdb read_json", "records", ("duckdb read_json",), 2.5, 3.4),
    Bar("e dicts / best polars", "dicts", POLARS, 9, 11),
    Bar("e dicts / rg -c", "dicts", ("rg -c",), 3, 3.5),
    Bar("f logfmt / best polars", "logfmt", POLARS, 11, 15),
    Bar("f logfmt / rg -c", "logfmt", ("rg -c",), 3, 3.9),
    Bar("g sweep / best polars", "sweep", POLARS, 12, 20),
    Bar("a nothing named / named", "dense", (NAMED,), 1.15, None, UNNAMED, most=True),
    Bar("a generic / best polars", "dense", POLARS, 5, 8, GENERIC),
    Bar("a scan / read", "dense", (READ,), 1.6, None, SCAN, most=True),
    Bar("p 10 alike / 1", "hundred", ("fastlogs, 1 alike",), 1.5, None, "fastlogs, 10 alike", most=True),
    Bar("p 100 alike / 1", "hundred", ("fastlogs, 1 alike",), 2, None, "fastlogs, 100 alike", most=True),
    Bar("p 100 unlike / 1", "hundred", ("fastlogs, 1 alike",), 10, None, "fastlogs, 100 unlike", most=True),
)

# Told beside the bars, without one: the same by the format of the catalogue.
BESIDE = (
    Bar("a format named / best polars", "dense", POLARS, 14, 20, NAMED),
    Bar("a format named: 2 threads / 1", "dense", (NAMED_ALONE,), 1.7, 1.85, NAMED),
    Bar("a format named: scan / read", "dense", (NAMED,), 1.6, None, NAMED_SCAN, most=True),
    Bar("b format named / best polars", "pairs", POLARS, 14, 22, NAMED),
    Bar("c nothing named / plain polars", "sparse", PLAIN, 8, 12, UNNAMED),
    Bar("d nothing named / polars scan_ndjson", "records", ("polars scan_ndjson",), 3.5, 4.8, UNNAMED),
    Bar("d nothing named / duckdb read_json", "records", ("duckdb read_json",), 2.5, 3.4, UNNAMED),
    Bar("e format named / best polars", "dicts", POLARS, 9, 11, NAMED),
    Bar("f nothing named / best polars", "logfmt", POLARS, 11, 15, UNNAMED),
    Bar("g nothing named / best polars", "sweep", POLARS, 12, 20, UNNAMED),
)


def lines(costs: Costs, bars: tuple[Bar, ...]) -> Iterator[str]:
    """The bars beside what was measured. Met is by wall: CPU is told for machines that others use too."""
    yield f"{'bar':38} {'by wall':>8} {'by CPU':>8}  {'must':>6} {'stretch':>7}"
    for bar in bars:
        wall, cpu = bar.ratio(costs, "wall"), bar.ratio(costs, "cpu")
        aim = f"{'<= ' if bar.most else ''}{bar.must:g}".rjust(6) + f" {bar.stretch or '':>7}"
        if wall is None or cpu is None:
            yield f"{bar.name:38} {'-':>8} {'-':>8}  {aim}  not measured"
        else:
            yield f"{bar.name:38} {wall:8.2f} {cpu:8.2f}  {aim}  {bar.verdict(wall)}"
