"""The settings that vary among runs, and what each run came to, as columns of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fastlogs._metrics import goal_of
from fastlogs.errors import TooFew
from fastlogs.plot import data
from fastlogs.stats.parameter import is_log

if TYPE_CHECKING:
    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

_LEAST = 3
_MOST = 12
_TENTH = 10


@dataclass(frozen=True, slots=True)
class Column:
    """A setting or the result: a number a run (NaN where there is none), and the words behind it if it is of words."""

    name: str
    values: Floats
    words: tuple[str, ...] = ()

    @property
    def log(self) -> bool:
        """Whether the values are spread as learning rates are."""
        return not self.words and is_log(self.values)


@dataclass(frozen=True, slots=True)
class Varied:
    """Runs side by side: the settings that vary, and the final value of one metric."""

    settings: tuple[Column, ...]
    result: Column
    high_is_good: bool


def varied(runs: data.NamedCurves, look: Look) -> Varied:
    """Reads settings and results; refuses fewer than three runs with a result, and settings that are all the same."""
    found = data.quantity(runs, data.deciding(look), look, "loss")
    there = {name: series for name, series in found.runs.items() if series.y.size}
    if len(there) < _LEAST:
        raise TooFew(f"{len(there)} runs have a {found.metric}, {_LEAST} are needed")
    finals = np.array([s.y[-max(s.y.size // _TENTH, 1) :].mean() for s in there.values()])
    configs = [runs[name].run.config for name in there]
    keys = list(dict.fromkeys(key for config in configs for key in config))
    columns = [_column(key, [config.get(key) for config in configs]) for key in keys]
    kept = [column for column in columns if column is not None]
    if not kept:
        raise TooFew(f"no setting varies among {len(there)} runs", help="settings are read from the files beside a log")
    return Varied(tuple(kept[:_MOST]), Column(f"final {found.label}", finals), goal_of(found.metric) == "high")


def _column(key: str, values: list[Any]) -> Column | None:
    """A setting that varies, its words as ranks; none when it does not, or is of as many words as there are runs."""
    if len({str(value) for value in values}) < 2:
        return None
    if all(value is None or (isinstance(value, int | float)) for value in values):
        return Column(key, np.array([np.nan if value is None else float(value) for value in values]))
    words = sorted({str(value) for value in values})
    if len(words) > max(8, len(values) // 3):
        return None
    return Column(key, np.array([float(words.index(str(value))) for value in values]), tuple(words))
