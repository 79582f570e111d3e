"""What a setting's values are to statistics: numbers, or words; on a log scale when they are spread like one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from fastlogs.stats.floats import Flags, Floats
from fastlogs.stats.forest import Codes, coded

Raw: TypeAlias = "bool | int | float | str | None"

# More words than this are a name of each run rather than a choice.
_MOST_WORDS = 12
_WIDE = 30.0


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number a run, NaN where there is none; of `words` it is their place in that list."""

    name: str
    values: Floats
    words: tuple[str, ...] = ()
    log: bool = False

    @property
    def known(self) -> Flags:
        return np.isfinite(self.values)

    @property
    def distinct(self) -> int:
        return len(np.unique(self.values[self.known]))

    @property
    def scaled(self) -> Floats:
        """The values on their own scale."""
        return np.log10(self.values) if self.log else self.values

    def some(self, kept: npt.ArrayLike) -> Parameter:
        """The same of some runs."""
        return Parameter(self.name, self.values[np.asarray(kept)], self.words, self.log)

    def columns(self) -> Codes:
        """What a tree sees of it: bins of a number, a column a word."""
        if len(self.words) <= 2:
            return coded(self.values)[:, None]
        return np.column_stack([coded(np.where(self.values == at, 1.0, 0.0)) for at in range(len(self.words))])

    def told(self, value: float) -> str:
        """A value as people write it."""
        return self.words[int(value)] if self.words else f"{value:.3g}"


def parameter(name: str, raw: Sequence[Raw]) -> Parameter | None:
    """A setting of some runs; None where it says nothing: all alike, or as many words as there are runs.

    >>> parameter("lr", [1e-4, 1e-3, 1e-2, None]).log, parameter("opt", ["adam", "sgd"]).words
    (True, ('adam', 'sgd'))
    """
    if len({str(value) for value in raw}) < 2:
        return None
    if all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in raw):
        values = np.array([np.nan if value is None else float(value) for value in raw])
        return Parameter(name, values, log=is_log(values))
    words = sorted({str(value) for value in raw})
    if len(words) > _MOST_WORDS and len(words) > len(raw) // 3:
        return None
    at = {word: float(place) for place, word in enumerate(words)}
    return Parameter(name, np.array([at[str(value)] for value in raw]), tuple(words))


def is_log(values: Floats) -> bool:
    """Whether values are positive, reach over a factor of 30, and lie more evenly on a log scale than as they are.

    >>> is_log(np.array([1e-4, 1e-3, 1e-2])), is_log(np.linspace(1, 1000, 9))
    (True, False)
    """
    known = np.unique(values[np.isfinite(values)])
    if len(known) < 2 or known[0] <= 0 or known[-1] < _WIDE * known[0]:
        return False
    return _lopsided(np.log(known)) < _lopsided(known)


def _lopsided(values: Floats) -> float:
    """How far the middle value is from the middle of the range, as a share of it."""
    return float(abs(np.median(values) - (values[0] + values[-1]) / 2) / (values[-1] - values[0]))
