"""How long it takes to begin: the smallest and the median of many fresh processes.

python benches/startup.py [ROUNDS]
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

BARE, IMPORT, HELP = "python -c pass", "import fastlogs", "fastlogs --help"
COMMANDS = {BARE: ["-c", "pass"], IMPORT: ["-c", "import fastlogs"], HELP: ["-m", "fastlogs", "--help"]}
# Milliseconds over bare Python.
MOST = {IMPORT: 15, HELP: 60}


@dataclass
class Taken:
    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


def measure(rounds: int = 25) -> dict[str, Taken]:
    """Rounds are interleaved; the first, which may write byte code, does not count."""
    taken = {name: Taken() for name in COMMANDS}
    for turn in range(rounds + 1):
        for name, arguments in COMMANDS.items():
            wall, cpu = begin([sys.executable, *arguments])
            if turn:
                taken[name].wall_ms.append(wall)
                taken[name].cpu_ms.append(cpu)
    return taken


def begin(command: list[str]) -> tuple[float, float]:
    begun = time.perf_counter()
    null = os.open(os.devnull, os.O_WRONLY)
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
    _, _, used = os.wait4(pid, 0)
    os.close(null)
    return 1e3 * (time.perf_counter() - begun), 1e3 * (used.ru_utime + used.ru_stime)


def lines(taken: dict[str, Taken]) -> Iterator[str]:
    yield f"{'start-up, ms':38} {'wall min':>9} {'median':>8} {'cpu min':>8} {'median':>8}  over bare Python"
    bare = taken[BARE]
    for name, t in taken.items():
        row = f"{name:38} {min(t.wall_ms):9.1f} {statistics.median(t.wall_ms):8.1f}"
        row += f" {min(t.cpu_ms):8.1f} {statistics.median(t.cpu_ms):8.1f}"
        if name in MOST:
            wall, cpu = min(t.wall_ms) - min(bare.wall_ms), min(t.cpu_ms) - min(bare.cpu_ms)
            verdict = "met" if wall <= MOST[name] else "missed"
            row += f"  {wall:.1f} (cpu {cpu:.1f}), at most {MOST[name]}: {verdict}"
        yield row


if __name__ == "__main__":
    print("\n".join(lines(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 25))))
