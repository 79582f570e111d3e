"""Measures tensors by name, of torch, numpy, jax or whatever shares its memory by DLPack, without copying any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastlogs.errors import UsageError
from fastlogs.model.change import Changes

# The thresholds of the documents.
THRESHOLDS = (1e-8, 1e-6, 1e-4)


def change(
    new: Mapping[str, Any],
    old: Mapping[str, Any],
    *,
    thresholds: Sequence[float] = THRESHOLDS,
    signs: bool = False,
    refresh: bool = False,
    threads: int | None = None,
) -> Changes:
    """What became of each tensor: `new` less `old`, by name. `signs` counts where they differ, too;
    `refresh` makes `old` equal to `new` in the same pass.

    Refuses other names or shapes, whole numbers, tensors on a device, and to refresh what is not the caller's alone.

    >>> import numpy as np
    >>> found = change({"w": np.array([1.0, 2.0])}, {"w": np.array([1.0, 4.0])}, thresholds=[0.5])
    >>> found["w"].norm_l2, found.total.sparsity(0.5)
    (2.0, 0.5)
    """
    from fastlogs._core import tensors

    if new.keys() != old.keys():
        raise UsageError(f"wanted tensors of the same names, found {_differing(new, old)} on one side only")
    names, bounds = tuple(new), tuple(float(t) for t in thresholds)
    pairs = [new[name] for name in names], [old[name] for name in names]
    rows = tensors.measure(*pairs, bounds=bounds, signs=signs, refresh=refresh, threads=threads)
    return Changes(names, rows, bounds)


def statistics(tensors: Mapping[str, Any], *, thresholds: Sequence[float] = (), threads: int | None = None) -> Changes:
    """The numbers of each tensor themselves: weights, gradients, momenta.

    >>> import numpy as np
    >>> statistics({"w": np.array([3.0, float("nan"), -4.0])}).total.nonfinite
    1
    """
    from fastlogs._core import tensors as core

    bounds = tuple(float(t) for t in thresholds)
    return Changes(tuple(tensors), core.measure(list(tensors.values()), bounds=bounds, threads=threads), bounds)


def _differing(new: Mapping[str, Any], old: Mapping[str, Any]) -> str:
    apart = [name for name in [*new, *old] if (name in new) != (name in old)]
    return ", ".join(f"'{name}'" for name in apart[:3]) + (f" and {len(apart) - 3} more" if len(apart) > 3 else "")
