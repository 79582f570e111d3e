"""Each error once: its parents, its text, and that it survives another process."""

from __future__ import annotations

import pickle

import pytest
from fastlogs import errors

PARENTS = {
    "DamagedFile": OSError,
    "Forbidden": PermissionError,
    "FormatError": ValueError,
    "MissingExtra": ImportError,
    "NoMetricsFound": ValueError,
    "NoSuchObject": FileNotFoundError,
    "PatternError": ValueError,
    "SourceError": OSError,
    "StreamClosed": ValueError,
    "TooFew": ValueError,
    "UnknownFormat": ValueError,
    "UnknownMetric": LookupError,
    "UnknownRun": LookupError,
    "UsageError": ValueError,
}


def test_the_tree_is_complete() -> None:
    there = {n for n, e in vars(errors).items() if isinstance(e, type) and issubclass(e, errors.FastlogsError)}

    assert there - {"FastlogsError"} == set(PARENTS)


@pytest.mark.parametrize("name", PARENTS)
def test_an_error(name: str) -> None:
    kind = getattr(errors, name)
    raised = kind("no such thing", help="type another", path="x.log", line=3, offset=7)

    assert isinstance(raised, (errors.FastlogsError, PARENTS[name]))
    assert str(raised) == "no such thing\nhelp: type another"
    assert (raised.path, raised.line, raised.offset) == ("x.log", 3, 7)
    again = pickle.loads(pickle.dumps(raised))
    assert (type(again), str(again), again.offset) == (kind, str(raised), 7)


def test_lines_left_carries_its_counts() -> None:
    assert errors.LinesLeft("2 lines", {"near_misses": 2}).counts == {"near_misses": 2}
