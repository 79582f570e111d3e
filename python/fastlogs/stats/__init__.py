"""Statistics of numbers: no runs, no frames, no files; each name loads its module when first used.

>>> from fastlogs.stats import welch
>>> welch([3.30, 3.31, 3.29], [3.28, 3.27, 3.29]).method
'welch'
"""

from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fastlogs.stats.describe import Description, describe
    from fastlogs.stats.many import benjamini_hochberg, holm
    from fastlogs.stats.seeds import Estimate, Spread, between, floor, paired, permutation, prediction, spread, welch
    from fastlogs.stats.verdict import Excluded, Margin, Verdict, excluded, negligible, settled, verdict

__all__ = [
    "Description",
    "Estimate",
    "Excluded",
    "Margin",
    "Spread",
    "Verdict",
    "benjamini_hochberg",
    "between",
    "describe",
    "excluded",
    "floor",
    "holm",
    "negligible",
    "paired",
    "permutation",
    "prediction",
    "settled",
    "spread",
    "verdict",
    "welch",
]

# Where each name lives.
_HOMES = {
    "Description": "describe",
    "Estimate": "seeds",
    "Excluded": "verdict",
    "Margin": "verdict",
    "Spread": "seeds",
    "Verdict": "verdict",
    "benjamini_hochberg": "many",
    "between": "seeds",
    "describe": "describe",
    "excluded": "verdict",
    "floor": "seeds",
    "holm": "many",
    "negligible": "verdict",
    "paired": "seeds",
    "permutation": "seeds",
    "prediction": "seeds",
    "settled": "verdict",
    "spread": "seeds",
    "verdict": "verdict",
    "welch": "seeds",
}


class _Names(ModuleType):
    """A package whose functions may bear the name of their module: importing the module does not hide them."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Names


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'fastlogs.stats' has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"fastlogs.stats.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
