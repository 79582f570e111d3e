"""What an import costs, and what it names."""

from __future__ import annotations

import os
import subprocess
import sys

import fastlogs

HEAVY = {"polars", "numpy", "pyarrow", "click", "rich", "matplotlib", "scipy", "torch", "pandas", "fastlogs._core"}


def _loaded(code: str) -> set[str]:
    shown = f"import sys\n{code}\nprint(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True)
    return set(said.stdout.split())


def test_import_loads_nothing_heavy() -> None:
    assert not HEAVY & _loaded("import fastlogs")


def test_help_loads_click_alone() -> None:
    code = "import contextlib, io\nfrom fastlogs._cli.app import run\n"
    code += "with contextlib.redirect_stdout(io.StringIO()): run(['--help'])"

    assert HEAVY & _loaded(code) == {"click"}


def test_no_import_runs_at_the_bottom_of_the_house() -> None:
    assert not (HEAVY - {"fastlogs._core"}) & _loaded("import fastlogs._sources, fastlogs._patterns, fastlogs._metrics")


def _cost(code: str) -> float:
    """Milliseconds of processor time that a fresh interpreter needs for some code."""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return 1000 * (usage.ru_utime + usage.ru_stime)


def _best(*codes: str) -> list[float]:
    """The least cost of each, taken in turns: a busy machine then weighs on all alike."""
    rounds = [[_cost(code) for code in codes] for _ in range(25)]
    return [min(costs) for costs in zip(*rounds, strict=True)]


def test_import_is_fast() -> None:
    shown = "import sys; from fastlogs._cli.app import run; run(['--help'])"
    bare, package, help = _best("pass", "import fastlogs", shown)

    assert package - bare <= 15
    assert help - bare <= 60


def test_exports_are_sorted_and_there() -> None:
    assert fastlogs.__all__ == sorted(fastlogs.__all__)
    assert all(getattr(fastlogs, name) is not None for name in fastlogs.__all__)
    assert set(dir(fastlogs)) == {*fastlogs.__all__, "__version__"}


def test_every_export_says_what_it_is_for() -> None:
    assert all(getattr(fastlogs, name).__doc__ for name in fastlogs.__all__)
