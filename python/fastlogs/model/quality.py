"""How far the outputs of two models are apart: logits beside logits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fastlogs.errors import UsageError

# Positions looked at at a time: what is in between is that large, not the logits.
_ROWS = 256
_LEAST = 1e-8


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over the valid positions: divergence of distributions, cosine, squared error, agreement of logits."""

    kl: float
    cosine: float
    mse: float
    top1_agree: float


def quality(full: Any, sparse: Any, mask: Any = None, *, space: Any = np) -> Quality:
    """The sparse model's logits beside the full model's: arrays (..., positions, vocabulary), a mask (..., positions).

    `space` is the arrays' own namespace: `numpy`, `torch`, `jax.numpy`. Refuses logits of different shapes.

    >>> quality(np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]])).top1_agree
    1.0
    """
    if tuple(full.shape) != tuple(sparse.shape):
        raise UsageError(f"logits of shape {tuple(full.shape)} cannot be held against {tuple(sparse.shape)}")
    rows = full.reshape(-1, full.shape[-1]), sparse.reshape(-1, full.shape[-1])
    valid = None if mask is None else mask.reshape(-1)
    if valid is not None and len(valid) != len(rows[0]):
        raise UsageError(f"a mask of {len(valid)} positions cannot be held against {len(rows[0])}")
    total = None
    for start in range(0, len(rows[0]), _ROWS):
        weights = None if valid is None else space.asarray(valid[start : start + _ROWS])
        part = _sums(rows[0][start : start + _ROWS], rows[1][start : start + _ROWS], weights, space)
        total = part if total is None else total + part
    if total is None:
        return Quality(*[float("nan")] * 4)
    *sums, count = total.tolist()
    kl, *means = (one / max(count, 1.0) for one in sums)
    # Rounding may leave a divergence of nothing a little below zero.
    return Quality(max(kl, 0.0), *means)


def _sums(full: Any, sparse: Any, mask: Any, space: Any) -> Any:
    """The four sums over some positions, and how many there are."""
    full, sparse = _double(full, space), _double(sparse, space)
    p, q = _log_softmax(full, space), _log_softmax(sparse, space)
    each = [
        (space.exp(p) * (p - q)).sum(-1),
        _cosine(full, sparse, space),
        ((full - sparse) ** 2).mean(-1),
        _double(full.argmax(-1) == sparse.argmax(-1), space),
    ]
    each.append(each[3] * 0 + 1)
    if mask is not None:
        each = [space.where(mask != 0, one, one * 0) for one in each]
    return space.stack([one.sum() for one in each])


def _double(values: Any, space: Any) -> Any:
    return values.double() if hasattr(values, "double") else space.asarray(values, dtype=space.float64)


def _log_softmax(values: Any, space: Any) -> Any:
    shifted = values - space.amax(values, -1)[..., None]
    return shifted - space.log(space.exp(shifted).sum(-1))[..., None]


def _cosine(a: Any, b: Any, space: Any) -> Any:
    norms = space.sqrt((a * a).sum(-1)), space.sqrt((b * b).sum(-1))
    return (a * b).sum(-1) / (space.clip(norms[0], _LEAST, None) * space.clip(norms[1], _LEAST, None))
