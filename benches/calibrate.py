"""Makes comparisons whose truth is known, lets fastlogs compare them, and holds the answers against the truth.

python benches/calibrate.py                   60 cases a setting, a fresh seed: two minutes
python benches/calibrate.py --seed 7          the same cases again
python benches/calibrate.py --sweeps 200      sweeps instead: importance and leaderboards
python benches/calibrate.py --harness DIR     cases and scores by DIR/make_cases.py and DIR/score.py instead
"""

from __future__ import annotations

import argparse
import datetime
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from calibration import cases, score

HERE = Path(__file__).parent
ROOT = HERE.parent
# Where chance can fail one check in some hundred, a failing one is asked once more, of more cases.
AGAIN = 200
SWEEPS = HERE / "results" / f"{datetime.date.today()}-calibration-sweeps.txt"


@dataclass(frozen=True)
class Line:
    """One check as text; `setting` is what makes it again."""

    setting: str
    what: str
    text: str
    holds: bool


class Harness(Protocol):
    """Who makes the cases and judges the answers."""

    name: str

    def make(self, folder: Path, seed: int, each: int, only: str | None) -> int: ...

    def judge(self, folder: Path) -> list[Line]: ...


@dataclass(frozen=True)
class Ours:
    """The settings of `calibration.cases`."""

    jobs: int
    name: str = "benches/calibration"

    def make(self, folder: Path, seed: int, each: int, only: str | None) -> int:
        chosen = [s for s in cases.SETTINGS if only is None or s.name == only or _is_pooled(only, s)]
        return len(cases.write(folder, chosen, seed, each, self.jobs))

    def judge(self, folder: Path) -> list[Line]:
        return [Line(check.setting, check.what, str(check), check.holds) for check in score.scored(folder)]


def _is_pooled(name: str, setting: cases.Setting) -> bool:
    """Whether a check over several settings is over this one too."""
    nulls = setting.kind == "loss" and not setting.effect_se
    return name == "all" or (name == "all nulls" and nulls) or (name == "all of one run each" and setting.seeds == 1)


@dataclass(frozen=True)
class Theirs:
    """A folder with `make_cases.py` and `score.py`, run by a Python that has what they import."""

    folder: Path
    python: str

    @property
    def name(self) -> str:
        return self.folder.name

    def make(self, folder: Path, seed: int, each: int, only: str | None) -> int:
        # They choose by a part of the name; what is pooled is pooled over all that are called null.
        chosen = [] if only is None else ["--only", "null" if only.startswith("pooled") else only]
        self._run("make_cases.py", str(folder), "--seed", str(seed), "--per", str(each), *chosen)
        return sum(1 for _ in folder.glob("*/*/case.json"))

    def judge(self, folder: Path) -> list[Line]:
        printed = self._run("score.py", str(folder), may_fail=True).splitlines()
        # PASS or FAIL, two blanks, the setting in 32 places, what was checked in 46.
        checks = [line for line in printed if line.startswith(("PASS  ", "FAIL  "))]
        return [Line(line[6:38].strip(), line[39:85].strip(), line, line[0] == "P") for line in checks]

    def _run(self, script: str, *arguments: str, may_fail: bool = False) -> str:
        done = subprocess.run([self.python, script, *arguments], cwd=self.folder, capture_output=True, text=True)
        if done.returncode and not (may_fail and done.stdout):
            raise SystemExit(f"{script}: {done.stderr.strip().splitlines()[-1:]}")
        return done.stdout


@dataclass
class Took:
    """Seconds by stage."""

    making: float = 0.0
    comparing: float = 0.0
    judging: float = 0.0
    cases: int = 0

    def __str__(self) -> str:
        told = f"made in {self.making:.1f} s, compared in {self.comparing:.1f} s, judged in {self.judging:.1f} s"
        return f"{self.cases:,} cases {told}"


def asked(harness: Harness, seed: int, each: int, jobs: int, only: str | None = None) -> tuple[list[Line], Took]:
    """Makes cases, compares them and judges the answers; what was written is removed."""
    folder, took = Path(tempfile.mkdtemp(prefix="calibrate-")), Took()
    try:
        begun = time.perf_counter()
        took.cases = harness.make(folder, seed, each, only)
        made = time.perf_counter()
        compare(folder, jobs)
        compared = time.perf_counter()
        lines = harness.judge(folder)
        took.making, took.comparing = made - begun, compared - made
        took.judging = time.perf_counter() - compared
        return lines, took
    finally:
        shutil.rmtree(folder)


def compare(folder: Path, jobs: int) -> None:
    """By the command, as anybody would."""
    command = [sys.executable, "-m", "fastlogs", "compare", "--cases", str(folder), "--jobs", str(jobs)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)


def report(harness: Harness, seed: int, each: int, jobs: int) -> Iterator[tuple[str, bool]]:
    """Lines, and whether each is as it should be."""
    yield f"{datetime.date.today()}  {version()}", True
    yield f"{harness.name}, seed {seed}, {each} cases a setting, {jobs} processes", True
    lines, took = asked(harness, seed, each, jobs)
    yield f"{took}", True
    yield "", True
    failing = list(dict.fromkeys(line.setting for line in lines if not line.holds))
    for line in lines:
        yield line.text, True
    if not failing:
        yield f"\n{len(lines)} checks hold", bool(lines)
        return
    yield f"\n{len(lines)} checks, {sum(not line.holds for line in lines)} failed; once more with {AGAIN} cases:", True
    failed = [(line.setting, line.what) for line in lines if not line.holds]
    for setting in failing:
        again, _ = asked(harness, seed + 1, AGAIN, jobs, setting)
        answered = {(line.setting, line.what): line for line in again}
        for check in (check for check in failed if check[0] == setting):
            line = answered.get(check)
            yield (line.text, line.holds) if line else (f"FAIL  {setting}: {check[1]} was not checked again", False)


def version() -> str:
    """Which fastlogs this is."""
    import fastlogs

    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return f"fastlogs {fastlogs.__version__}, commit {git.stdout.strip()}"


def results_file(harness: Harness) -> Path:
    kind = "calibration" if isinstance(harness, Ours) else "calibration-harness"
    return HERE / "results" / f"{datetime.date.today()}-{kind}.txt"


def swept(seed: int, count: int, jobs: int) -> Iterator[tuple[str, bool]]:
    """The checks of sweeps as lines."""
    from calibration.sweep_checks import checks

    yield f"{datetime.date.today()}  {version()}", True
    yield f"benches/calibration, seed {seed}, {count} sweeps a null, {jobs} processes", True
    begun, held = time.perf_counter(), []
    for check in checks(seed, count, jobs):
        held.append(check.holds)
        yield str(check), check.holds
    yield f"\n{sum(held)} of {len(held)} checks hold, {time.perf_counter() - begun:.0f} s", True


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, help="else a fresh one")
    parser.add_argument("--each", type=int, default=60, help="cases a setting")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sweeps", type=int, metavar="N", help="so many sweeps instead of comparisons")
    parser.add_argument("--harness", type=Path, metavar="DIR", help="a folder with make_cases.py and score.py")
    parser.add_argument("--python", default=sys.executable, help="the Python that runs them")
    parser.add_argument("-o", "--output", type=Path, help="where the results go; else benches/results")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every check holds, at once or when asked again."""
    args = parsed(arguments)
    harness: Harness = Theirs(args.harness.resolve(), args.python) if args.harness else Ours(args.jobs)
    seed = secrets.randbelow(10**9) if args.seed is None else args.seed
    lines, good = [], True
    told = swept(seed, args.sweeps, args.jobs) if args.sweeps else report(harness, seed, args.each, args.jobs)
    for line, holds in told:
        print(line, flush=True)
        lines.append(line)
        good &= holds
    to = args.output or (SWEEPS if args.sweeps else results_file(harness))
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text("\n".join(lines) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
