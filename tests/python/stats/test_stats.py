"""The package: every public name is listed, lives where the list says and loads only what it needs."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest
from fastlogs import stats


def test_the_lists_agree():
    assert stats.__all__ == sorted(stats.__all__)
    assert stats.__all__ == sorted([*stats._HOMES, "naive"])
    assert dir(stats) == stats.__all__


@pytest.mark.parametrize("name", stats._HOMES)
def test_every_name_is_itself_whatever_was_imported_first(name):
    module = importlib.import_module(f"fastlogs.stats.{stats._HOMES[name]}")

    assert getattr(stats, name) is getattr(module, name)
    assert getattr(module, name).__module__ in (module.__name__, "typing")


def test_what_scripts_print_is_behind_its_word():
    assert stats.naive.student_t([1.0, 2.0], [1.0, 2.0]).p == 1.0
    assert "student_t" not in dir(stats)


def test_there_is_nothing_else():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(stats, "nothing")  # noqa: B009


def test_a_submodule_imported_first_does_not_hide_the_function():
    code = "from fastlogs.stats.verdict import Margin; from fastlogs import stats; assert stats.verdict(None, None, None, 0.0, 'low')"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_package_alone_loads_nothing():
    code = "import sys, fastlogs.stats; assert not {'scipy', 'numpy', 'polars'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_no_statistic_loads_tables():
    code = f"import sys; from fastlogs.stats import {', '.join(stats.__all__)}; assert not {{'polars', 'scipy.stats', 'matplotlib'}} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
