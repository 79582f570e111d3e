"""How many directions a matrix uses: its singular values, on request, since they cost far more than a pass."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fastlogs.errors import UsageError


@dataclass(frozen=True, slots=True)
class Spectrum:
    """The largest singular value, and two counts of directions: by energy, and by the entropy of the values."""

    norm_2: float
    stable_rank: float
    effective_rank: float


def spectrum(matrix: ArrayLike) -> Spectrum:
    """Of a matrix; axes beyond the first are taken together. Refuses vectors and values that are not finite.

    >>> spectrum(np.eye(4)).effective_rank
    4.0
    """
    values = np.asarray(matrix, dtype=np.float64)
    if values.ndim < 2:
        raise UsageError(f"a spectrum is of a matrix, found {values.ndim} axes")
    if not np.isfinite(values).all():
        raise UsageError("a spectrum is of finite values")
    singular = np.linalg.svd(values.reshape(len(values), -1), compute_uv=False)
    if not singular.size or singular[0] == 0:
        return Spectrum(0.0, 0.0, 0.0)
    return Spectrum(float(singular[0]), float((singular**2).sum() / singular[0] ** 2), _entropy_rank(singular))


def _entropy_rank(singular: np.ndarray) -> float:
    """The exponential of the entropy of the values as shares (Roy and Vetterli 2007)."""
    shares = singular[singular > 0] / singular.sum()
    return round(math.exp(-float((shares * np.log(shares)).sum())), 12)
