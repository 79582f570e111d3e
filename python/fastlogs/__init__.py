"""Reads machine-learning training logs, in any form, into tables.

>>> import fastlogs
>>> fastlogs.read("train.log")  # doctest: +SKIP
"""

from __future__ import annotations

# typing itself would be half of the import; checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from fastlogs._check import check
    from fastlogs._compare import Comparison, compare
    from fastlogs._coverage import Coverage
    from fastlogs._findings import Finding, Findings
    from fastlogs._formats import Format, formats
    from fastlogs._read import infer, read, scan, stream
    from fastlogs._report.report import Report, report
    from fastlogs._run import Run
    from fastlogs._runs import Runs, discover, load
    from fastlogs._summary import summarize
    from fastlogs._sweep import Sweep, sweep
    from fastlogs.errors import (
        DamagedFile,
        FastlogsError,
        Forbidden,
        FormatError,
        LinesLeft,
        MissingExtra,
        NoMetricsFound,
        NoSuchObject,
        PatternError,
        SourceError,
        StreamClosed,
        TooFew,
        UnknownFormat,
        UnknownMetric,
        UnknownRun,
        UsageError,
    )

__all__ = [
    "Comparison",
    "Coverage",
    "DamagedFile",
    "FastlogsError",
    "Finding",
    "Findings",
    "Forbidden",
    "Format",
    "FormatError",
    "LinesLeft",
    "MissingExtra",
    "NoMetricsFound",
    "NoSuchObject",
    "PatternError",
    "Report",
    "Run",
    "Runs",
    "SourceError",
    "StreamClosed",
    "Sweep",
    "TooFew",
    "UnknownFormat",
    "UnknownMetric",
    "UnknownRun",
    "UsageError",
    "check",
    "compare",
    "discover",
    "formats",
    "infer",
    "load",
    "read",
    "report",
    "scan",
    "stream",
    "summarize",
    "sweep",
]

# Where each name lives, so that `import fastlogs` loads none of them.
_HOMES = {
    "Comparison": "_compare",
    "Coverage": "_coverage",
    "Finding": "_findings",
    "Findings": "_findings",
    "Format": "_formats",
    "Report": "_report.report",
    "Run": "_run",
    "Runs": "_runs",
    "Sweep": "_sweep",
    "check": "_check",
    "compare": "_compare",
    "discover": "_runs",
    "formats": "_formats",
    "infer": "_read",
    "load": "_runs",
    "read": "_read",
    "report": "_report.report",
    "scan": "_read",
    "stream": "_read",
    "summarize": "_summary",
    "sweep": "_sweep",
}

# Parts of the house that are loaded when they are named.
_PARTS = ("model", "plot", "ray", "stats", "torch")


def __getattr__(name: str) -> object:
    if name == "__version__":
        from fastlogs._core import __version__

        return __version__
    if name in _PARTS:
        from importlib import import_module

        return import_module(f"fastlogs.{name}")
    if name not in __all__:
        raise AttributeError(f"module 'fastlogs' has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"fastlogs.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
