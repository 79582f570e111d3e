"""Counts instructions, so that a slower matcher shows on the noisiest machine.

    python benches/instructions.py            compares with the counts of benches/instructions.json; exit 1 if one moved
    python benches/instructions.py --update   writes them anew, for a change that was meant

The work is `rust/core/examples/instructions.rs` in the gate's profile, on small logs of a fixed seed, under callgrind.
Counts hold for one compiler and one processor: valgrind knows no AVX-512, so they are of the AVX2 way.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import make_logs
from workloads import WORKLOADS, alike

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
COUNTS = HERE / "instructions.json"
# Two sizes, so that what a read takes to begin is told apart from what each byte takes.
SMALL, LARGE = 200_000, 400_000
# How far a count may move.
WITHIN = 0.03
COUNTED = re.compile(r"Collected\s*:\s*(\d+)")


def cases() -> dict[str, tuple[str, str, list[str]]]:
    """Name -> the way, the workload, the patterns."""
    named = {w: [f"{t.kind}={t.regex}" for t in about.tables] for w, about in WORKLOADS.items() if w != "sweep"}
    found = {f"rows of {w} by pattern": ("rows", w, patterns) for w, patterns in named.items()}
    found |= {f"rows of {w}, nothing named": ("rows", w, []) for w in ("dense", "pairs", "records", "dicts", "logfmt")}
    found |= {f"table of {w} by pattern": ("table", w, named[w]) for w in ("dense", "pairs", "sparse")}
    found["rows of hundred by 100 patterns"] = ("rows", "hundred", [f"={regex}" for regex in alike(100)])
    return found


# Instructions for either size, or why there is no count.
Count = list[int] | str


def count() -> dict[str, Count]:
    program = build()
    with tempfile.TemporaryDirectory() as folder:
        return {name: count_both(program, Path(folder), *case) for name, case in cases().items()}


def count_both(program: Path, folder: Path, *case: str | list[str]) -> Count:
    counts = [count_one(program, folder, size, *case) for size in (SMALL, LARGE)]
    return next((why for why in counts if isinstance(why, str)), counts)


def build() -> Path:
    build = "cargo build --quiet --profile ci --locked -p fastlogs-core --example instructions"
    subprocess.run(build.split(), cwd=ROOT, check=True)
    about = "cargo metadata --no-deps --format-version 1"
    told = subprocess.run(about.split(), cwd=ROOT, check=True, capture_output=True, text=True)
    return Path(json.loads(told.stdout)["target_directory"]) / "ci" / "examples" / "instructions"


def count_one(program: Path, folder: Path, size: int, way: str, workload: str, patterns: list[str]) -> int | str:
    log = folder / f"{workload}-{size}.log"
    if not log.exists():
        make_logs.write(workload, size, log)
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counted*"]
    done = subprocess.run([*command, program, way, log, *patterns], capture_output=True, text=True)
    found = COUNTED.search(done.stderr)
    if done.returncode or not found:
        return (done.stderr.strip().splitlines() or ["no word"])[-1][:100]
    return int(found[1])


def compared(found: dict[str, Count], kept: dict[str, list[int]]) -> Iterator[tuple[str, bool]]:
    """A line a case, and whether it is as it was."""
    yield f"{'instructions':38} {'a byte':>8} {'kept':>8} {'to begin, M':>12} {'kept':>8} {'moved':>8}", True
    for name, now in found.items():
        was = kept.get(name)
        if isinstance(now, str):
            yield f"{name:38} {now}", was is None
        elif was is None:
            yield f"{name:38} {a_byte(now):8.2f} {'-':>8} {begin(now):12.2f}", True
        else:
            moved = max((n / w - 1 for n, w in zip(now, was, strict=True)), key=abs)
            near = abs(moved) <= WITHIN
            line = f"{name:38} {a_byte(now):8.2f} {a_byte(was):8.2f} {begin(now):12.2f} {begin(was):8.2f} {moved:+8.1%}"
            yield line + ("" if near else "  moved"), near


def a_byte(counts: list[int]) -> float:
    return (counts[1] - counts[0]) / (LARGE - SMALL)


def begin(counts: list[int]) -> float:
    """Millions of instructions that do not grow with the log."""
    return (counts[0] - a_byte(counts) * SMALL) / 1e6


def kept() -> dict[str, list[int]]:
    return json.loads(COUNTS.read_text()) if COUNTS.exists() else {}


def lines() -> Iterator[str]:
    """The comparison, for a report."""
    if not shutil.which("valgrind"):
        yield "instructions: valgrind is not installed"
        return
    yield from (line for line, _ in compared(count(), kept()))


def main(args: list[str]) -> int:
    found = count()
    told = list(compared(found, kept()))
    print("\n".join(line for line, _ in told))
    if "--update" in args:
        counts = {name: n for name, n in found.items() if not isinstance(n, str)}
        COUNTS.write_text(json.dumps(counts, indent=1).replace("\n  ", " ").replace("\n ]", "]") + "\n")
        return 0
    return 0 if all(near for _, near in told) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
