"""What `compare -o DIR` of two long logs costs, with the page and without: CPU seconds and memory of the whole process.

python benches/folders.py                  two logs of 200 MB that it makes
python benches/folders.py A.log B.log      logs of your own
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from make_logs import MB, write
from measure import Cost, run_outside
from run import load, machine

SIZE_MB, ROUNDS = 200, 3
# A tenth and a sixth of what the scripts that this replaces need for 2 x 200 MB: 33 to 38 CPU seconds, 2 GB.
BARS = {"--no-html": 3.4, "": 5.7}
MOST_MB = 600


def logs(folder: Path) -> list[Path]:
    """Two runs that differ by their seed."""
    paths = [folder / f"{name}.log" for name in ("base", "new")]
    for seed, path in enumerate(paths):
        write("dense", SIZE_MB * MB, path, seed)
    return paths


def cost(paths: Sequence[Path], into: Path, option: str) -> Cost:
    """The least of a few rounds: what is more was done for others."""
    command = [sys.executable, "-m", "fastlogs", "compare", *map(str, paths), "-o", str(into), *option.split()]
    found = Cost()
    for _ in range(ROUNDS):
        found.take(run_outside(command))
    return found


def report(paths: Sequence[Path], folder: Path) -> Iterator[str]:
    yield from machine()
    before = load()
    size = sum(path.stat().st_size for path in paths) / MB
    yield f"compare -o DIR of {len(paths)} logs, {size:,.0f} MB: every figure, text, Markdown, JSON"
    for option, bar in BARS.items():
        found = cost(paths, folder / f"out{option}", option)
        met = "met" if found.cpu <= bar and found.peak_mb <= MOST_MB else "missed"
        figures = f"{found.cpu:5.2f} CPU-s (bar {bar})  {found.wall:5.2f} s"
        said = found.failure or f"{figures}  peak {found.peak_mb:4.0f} MB (bar {MOST_MB})  {met}"
        yield f"  {option or 'with the page':14} {said}"
    yield f"the smallest of {ROUNDS} rounds; {before} before, {load()} after"


def main(given: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for line in report([Path(one) for one in given] or logs(Path(folder)), Path(folder)):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
