"""Measures fastlogs beside what people would use otherwise, on the same files in one run, and that all agree.

python benches/run.py                     the real sizes: a quarter of an hour, and 7 GB under out/bench
python benches/run.py --small             64 MB each and 500 runs: a look; written only where -o says
python benches/run.py --only dense,pairs  these workloads, and nothing else
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import bars
import instructions
import make_logs
import memory
import startup
from measure import HERE, Cost, Costs, Job, measure, run_inside
from workloads import WORKLOADS

ROOT = HERE.parent
SMALL_MB, SMALL_RUNS, RUNS, LINES = 64, 500, 10_000, 1_000

OURS = ("fastlogs", "fastlogs, 1 thread", "fastlogs, nothing named")
OUTSIDE = ("rg -c", "wc -l")
# What only some logs are read by.
EXTRA = {
    "dense": (
        "fastlogs scan",
        "fastlogs, format named, 1 thread",
        "fastlogs scan, format named",
        "fastlogs scan, 2 columns",
        "fastlogs, generic reader",
    ),
    "records": ("duckdb read_json", "polars scan_ndjson"),
}
# So slow that one round has to do.
SLOW = {"Python re": 1}


@dataclass(frozen=True)
class Sizes:
    """How large the logs are."""

    small: bool

    def mb(self, workload: str) -> int:
        if self.small or workload not in WORKLOADS:
            return SMALL_MB
        return WORKLOADS[workload].size_mb

    @property
    def runs(self) -> int:
        return SMALL_RUNS if self.small else RUNS

    @property
    def memory_mb(self) -> tuple[int, int]:
        return (16, 256) if self.small else (64, 2000)


def made(workload: str, sizes: Sizes, folder: Path) -> Path:
    """The log of a workload, written unless it is there."""
    path = folder / (f"sweep-{sizes.runs}" if workload == "sweep" else f"{workload}-{sizes.mb(workload)}.log")
    if not path.exists():
        print(f"  writing {path}", file=sys.stderr, flush=True)
        if workload == "sweep":
            part = path.with_suffix(".part")
            make_logs.write_sweep(sizes.runs, LINES, part)
            part.rename(path)
        else:
            make_logs.write(workload, sizes.mb(workload) * make_logs.MB, path)
    return path


def peers_of(workload: str) -> tuple[str, ...]:
    if workload == "hundred":
        return ("fastlogs, 1 alike", "fastlogs, 10 alike", "fastlogs, 100 alike", "fastlogs, 100 unlike", "wc -l")
    named = ("fastlogs, format named",) if WORKLOADS[workload].format else ()
    outside = () if workload == "sweep" else OUTSIDE
    return (*OURS, *named, *EXTRA.get(workload, ()), *bars.POLARS, *SLOW, *outside)


def jobs(workloads: Iterable[str], sizes: Sizes, folder: Path) -> list[Job]:
    return [
        Job(workload, peer, made(workload, sizes, folder), SLOW.get(peer, 1_000))
        for workload in workloads
        for peer in peers_of(workload)
    ]


def costs_table(workload: str, path: Path, costs: Costs) -> Iterator[str]:
    """What each way took, and whether it found the same as the plain query of polars."""
    size = sum(f.stat().st_size for f in path.rglob("*.log")) if path.is_dir() else path.stat().st_size
    letter = WORKLOADS[workload].letter if workload in WORKLOADS else "p"
    yield f"{letter} {workload}: {size / 1e6:.0f} MB"
    yield f"  {'':34} {'wall s':>8} {'MB/s':>7} {'cpu s':>8} {'MB/s':>7} {'peak MB':>8}  same numbers"
    oracle = costs.get((workload, bars.PLAIN[0]), Cost())
    for (name, peer), cost in costs.items():
        if name != workload:
            continue
        if cost.failure:
            yield f"  {peer:34} {cost.failure}"
            continue
        speeds = [f"{taken:8.3f} {size / 1e6 / max(taken, 1e-9):7.0f}" for taken in (cost.wall, cost.cpu)]
        yield f"  {peer:34} {' '.join(speeds)} {cost.peak_mb:8.0f}  {agreement(cost, oracle)}"


def agreement(cost: Cost, oracle: Cost) -> str:
    if not cost.digest or not oracle.digest:
        return ""
    other = [name for name, told in oracle.digest.items() if cost.digest.get(name) != told]
    absent = [name for name in other if not cost.digest.get(name)]
    differs = [name for name in other if name not in absent]
    parts = [f"NOT {', '.join(differs)}" if differs else "", f"without {', '.join(absent)}" if absent else ""]
    return "; ".join(filter(None, parts)) or "yes"


def memory_table(sizes: Sizes, folder: Path) -> Iterator[str]:
    """What a read holds above its imports."""
    yield f"{'memory above the imports, MB':38} {'above':>8} {'table':>8} {'allowed':>8}"
    for way in ("stream", "summary", "read"):
        for mb in sizes.memory_mb if way != "read" else sizes.memory_mb[:1]:
            path = folder / f"dense-{mb}.log"
            if not path.exists():
                make_logs.write("dense", mb * make_logs.MB, path)
            told = run_inside([str(HERE / "memory.py"), way, str(path)])
            name = f"{way} of {mb} MB"
            if failure := told.get("failure"):
                yield f"{name:38} {failure}"
                continue
            kept = told["table_mb"] if way == "read" else 0
            allowed = memory.allowed_mb(kept)
            verdict = "met" if told["above_mb"] <= allowed else "missed"
            yield f"{name:38} {told['above_mb']:8.1f} {kept:8.1f} {allowed:8.1f}  {verdict}"


def machine() -> Iterator[str]:
    """Where and of what this was measured."""
    git = lambda *a: subprocess.run(["git", *a], cwd=ROOT, capture_output=True, text=True).stdout.strip()  # noqa: E731
    dirty = " and changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    yield f"{datetime.date.today()}  commit {git('rev-parse', '--short', 'HEAD')}{dirty}"
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield f"{cpu_model()}, {os.cpu_count()} cores, {memory_gb:.0f} GiB, {platform.system()} {platform.release()}"
    versions = [f"{name} {version(name)}" for name in ("polars", "duckdb", "pyarrow")]
    ripgrep = subprocess.run(["rg", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    yield f"Python {platform.python_version()}, {', '.join(versions)}, {ripgrep}"


def version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "absent"


def cpu_model() -> str:
    text = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    found = re.search(r"model name\s*: (.*)", text)
    return found[1].strip() if found else platform.processor() or "unknown CPU"


def load() -> str:
    return "load " + " ".join(f"{x:.1f}" for x in os.getloadavg())


def report(args: argparse.Namespace) -> Iterator[str]:
    """All that is measured, as text."""
    sizes, folder = Sizes(args.small), args.data
    yield from machine()
    before = load()
    every = [*WORKLOADS, "hundred"]
    chosen = args.only.split(",") if args.only else every
    plan = jobs(chosen, sizes, folder)
    costs = measure(plan, args.rounds)
    if args.json:
        args.json.write_text(json.dumps({f"{w} / {p}": vars(cost) for (w, p), cost in costs.items()}, indent=1))
    yield f"smallest of {args.rounds} interleaved rounds (Python re: one); {before} before, {load()} after"
    yield ""
    yield from bars.lines(costs, tuple(bar for bar in bars.BARS if bar.workload in chosen))
    yield ""
    yield "beside the bars"
    yield from bars.lines(costs, tuple(bar for bar in bars.BESIDE if bar.workload in chosen))
    if not args.only:
        yield ""
        yield from memory_table(sizes, folder)
        yield ""
        yield from startup.lines(startup.measure())
        yield ""
        yield from instructions.lines()
    for workload in chosen:
        yield ""
        yield from costs_table(workload, next(job.path for job in plan if job.workload == workload), costs)


def results_file(args: argparse.Namespace) -> Path | None:
    """Only a whole run at the real sizes is kept without being asked for."""
    if args.output or args.small or args.only:
        return args.output
    cpu = re.sub(r"\W+", "-", cpu_model().lower()).strip("-")
    return HERE / "results" / f"{datetime.date.today()}-{cpu}.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="64 MB a log and 500 runs")
    parser.add_argument("--only", metavar="NAMES", help=f"of {', '.join(WORKLOADS)}, hundred")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, default=ROOT / "out" / "bench", help="where the logs are written")
    parser.add_argument("-o", "--output", type=Path, help="where the results go besides the screen")
    parser.add_argument("--json", type=Path, help="where the raw costs go")
    args = parser.parse_args()
    lines = []
    for line in report(args):
        print(line, flush=True)
        lines.append(line)
    if to := results_file(args):
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
