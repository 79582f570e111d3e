"""Runs each way to read each log in a process of its own, in rounds, and keeps the smallest of what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from workloads import WORKLOADS, Table

HERE = Path(__file__).resolve().parent
TIMEOUT_S = 900


@dataclass(frozen=True)
class Job:
    """One way to read one log."""

    workload: str
    peer: str
    path: Path
    # Slow ones take part in the first rounds only.
    rounds: int = 1_000


@dataclass
class Cost:
    """The smallest of all rounds: on a shared machine that is what repeats."""

    wall: float = float("inf")
    cpu: float = float("inf")
    peak_mb: float = float("inf")
    digest: dict[str, list[float]] = field(default_factory=dict)
    rows: int = 0
    # Why it could not be measured.
    failure: str = ""

    def take(self, told: dict) -> None:
        self.failure = told.get("failure", "")
        if not self.failure:
            self.wall, self.cpu = min(self.wall, told["wall"]), min(self.cpu, told["cpu"])
            self.peak_mb = min(self.peak_mb, told["peak_mb"])
            self.digest, self.rows = told.get("digest", self.digest), told.get("rows", self.rows)


Costs = dict[tuple[str, str], Cost]


def measure(jobs: Iterable[Job], rounds: int) -> Costs:
    """Rounds are interleaved, so that all share what the machine does meanwhile; the first compares the tables too.

    Every second one goes backwards: who follows a process of many GB pays for memory that the machine took back.
    """
    jobs = list(jobs)
    costs = {(job.workload, job.peer): Cost() for job in jobs}
    for turn in range(rounds):
        for job in jobs if turn % 2 == 0 else jobs[::-1]:
            cost = costs[job.workload, job.peer]
            if turn < job.rounds and not cost.failure:
                cost.take(once(job, compare=turn == 0))
                said = cost.failure or f"{cost.wall:8.3f} s  cpu {cost.cpu:8.3f} s"
                print(f"  {turn + 1}/{rounds} {job.workload:8} {job.peer:34} {said}", file=sys.stderr, flush=True)
    return costs


def once(job: Job, *, compare: bool) -> dict:
    tables = WORKLOADS[job.workload].tables if job.workload in WORKLOADS else ()
    if command := outside(job.peer, tables, str(job.path)):
        return run_outside(command)
    flags = ["--digest"] if compare and tables else []
    return run_inside([str(HERE / "peers.py"), job.peer, job.workload, str(job.path), *flags])


def outside(peer: str, tables: tuple[Table, ...], path: str) -> list[str]:
    """The command of a peer that is no library."""
    match peer:
        case "wc -l":
            return ["wc", "-l", path]
        case "rg -c":
            patterns = [part for table in tables for part in ("-e", table.regex)]
            return ["rg", "--no-config", "-c", "-a", *patterns, path]
    return []


def run_inside(command: list[str]) -> dict:
    """A Python process that times itself, as its imports do not count."""
    try:
        done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return {"failure": f"took over {TIMEOUT_S} s"}
    if done.returncode:
        return {"failure": (done.stderr.strip().splitlines() or ["no word"])[-1][:120]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_outside(command: list[str]) -> dict:
    with tempfile.TemporaryFile() as sink:
        begun = time.perf_counter()
        try:
            pid = os.posix_spawnp(
                command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, sink.fileno(), 1)]
            )
        except FileNotFoundError:
            return {"failure": f"{command[0]} is not installed"}
        _, status, used = os.wait4(pid, 0)
    if status:
        return {"failure": f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}"}
    wall, cpu = time.perf_counter() - begun, used.ru_utime + used.ru_stime
    return {"wall": wall, "cpu": cpu, "peak_mb": used.ru_maxrss / 1024}
