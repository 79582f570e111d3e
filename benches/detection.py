"""What it costs not to name the format: detection, and the generic reader, beside the same read with a format named.

python benches/detection.py [MEGABYTES [ROUNDS]]

Three logs: one that a format of the catalogue takes whole, the same with lines of another program between, and one of
no known program. Each way is a process of its own, in turns; CPU seconds of all threads, the smallest of the rounds.
The bars: finding the format, and reading without one, cost at most 15 % of the read; a catalogue costs at most 1.3
times one format.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import fastlogs

BAR = 1.15
CATALOGUE_BAR = 1.3
# Reads and prints CPU seconds, those of compiling what is compiled when needed among them, and the rows.
READ = """
import sys, time, fastlogs
from fastlogs import _core
path, format = sys.argv[1:3]
given = {"format": format} if format else {}
begun = time.process_time()
rows = sum(len(batch) for batch in fastlogs.stream(path, restarts="keep", layout="long", **given))
print(time.process_time() - begun, rows)
"""


def known(n: int, noise: random.Random) -> str:
    return f"iter {n}: loss {10 / (1 + n % 1000):.4f}, time {noise.random() * 90:.2f}ms, mfu {noise.random() * 50:.2f}%"


def mixed(n: int, noise: random.Random) -> str:
    other = f"saving checkpoint to out/ckpt_{n}.pt" if n % 50 == 0 else f"gpu {n % 8} at {n % 40 + 40} C, fan {n % 100}"
    return other if n % 3 == 0 else known(n, noise)


def unknown(n: int, noise: random.Random) -> str:
    return f"at={n} cost<{10 / (1 + n % 1000):.4f}> speed<{noise.random() * 9000:.1f}> rate<{noise.random():.6f}>"


LOGS: dict[str, Callable[[int, random.Random], str]] = {"known": known, "mixed": mixed, "unknown": unknown}


def write(path: Path, line: Callable[[int, random.Random], str], size: int) -> None:
    noise = random.Random(1)
    # A piece over and over: what a line says costs nothing, that there are many does.
    block = "".join(f"{line(n, noise)}\n" for n in range(20_000)).encode()
    with path.open("wb") as out:
        for _ in range(max(1, size // len(block))):
            out.write(block)


def ways(folder: Path) -> dict[tuple[str, str], str]:
    """(log, way) and the format that the way names."""
    inferred = folder / "unknown_log.toml"
    head = folder / "unknown_head.log"
    head.write_bytes((folder / "unknown.log").read_bytes()[: 1 << 20])
    fastlogs.infer(head).renamed(inferred.stem).save(inferred)
    return {
        ("known", "named"): "nanogpt",
        ("known", "detected"): "",
        ("mixed", "named"): "nanogpt",
        ("mixed", "detected"): "",
        ("unknown", "named"): str(inferred),
        ("unknown", "generic"): "",
    }


def cost(path: Path, format: str) -> tuple[float, int]:
    told = subprocess.run([sys.executable, "-c", READ, str(path), format], capture_output=True, text=True, check=True)
    seconds, rows = told.stdout.split()
    return float(seconds), int(rows)


def lines(size: int, rounds: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for log, line in LOGS.items():
            write(folder / f"{log}.log", line, size)
        every = ways(folder)
        found: dict[tuple[str, str], list[tuple[float, int]]] = {key: [] for key in every}
        for _ in range(rounds):
            for (log, way), format in every.items():
                found[log, way].append(cost(folder / f"{log}.log", format))
        yield f"{size / 1e6:.0f} MB a log, {rounds} rounds, {len(fastlogs.formats())} formats in the catalogue"
        yield f"{'log':10} {'way':10} {'cpu s':>8} {'rows':>12} {'of named':>9}  bar"
        for (log, way), costs in found.items():
            seconds, rows = min(costs)
            ratio = seconds / min(found[log, "named"])[0]
            bar = {"detected": CATALOGUE_BAR if log == "mixed" else BAR, "generic": BAR}.get(way)
            verdict = "" if bar is None else f"{bar} {'met' if ratio <= bar else 'missed'}"
            yield f"{log:10} {way:10} {seconds:8.3f} {rows:12,} {ratio:9.2f}  {verdict}"


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]]
    for line in lines(int((given[0] if given else 200) * 1e6), int(given[1]) if len(given) > 1 else 5):
        print(line, flush=True)
