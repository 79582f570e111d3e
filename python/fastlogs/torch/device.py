"""The sums of tensors that lie on a GPU, made there: a few kernels over all of them, and one transfer of the result."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from fastlogs.model.change import NAMED
from fastlogs.stats.floats import Floats


def rows_on_device(
    new: Sequence[torch.Tensor], old: Sequence[torch.Tensor], bounds: Sequence[float], *, signs: bool = False
) -> Floats:
    """The rows that `_core.tensors.measure` gives, by torch alone, on any device."""
    rows = [_row(a, b, bounds, signs) for a, b in zip(new, old, strict=True)]
    if not rows:
        return np.zeros((0, NAMED + len(bounds)))
    found: Floats = torch.stack(rows).cpu().numpy()
    return found


def _row(new: torch.Tensor, old: torch.Tensor, bounds: Sequence[float], signs: bool) -> torch.Tensor:
    """One tensor's row, still on its device."""
    new, old = _floats(new), _floats(old)
    apart = new - old
    kept = torch.isfinite(apart)
    zero = torch.zeros((), dtype=apart.dtype, device=apart.device)
    clean, weights = torch.where(kept, apart, zero), torch.where(torch.isfinite(new), new, zero)
    sizes, n = clean.abs(), kept.sum(dtype=torch.float64)
    mean = clean.sum(dtype=torch.float64) / n.clamp(min=1)
    spread = torch.where(kept, clean - mean.to(clean.dtype), zero).square().sum(dtype=torch.float64)
    both = kept & (new != 0) & (old != 0)
    crossed = both & (torch.signbit(new) != torch.signbit(old))
    columns = [
        n,
        (~kept).sum(dtype=torch.float64),
        mean,
        spread,
        sizes.sum(dtype=torch.float64),
        _least(apart, kept, 1.0),
        -_least(apart, kept, -1.0),
        weights.square().sum(dtype=torch.float64),
        weights.abs().max().double() if weights.numel() else n * 0,
        both.sum(dtype=torch.float64) * float(signs),
        crossed.sum(dtype=torch.float64) * float(signs),
        *((kept & (sizes > bound)).sum(dtype=torch.float64) for bound in bounds),
    ]
    return torch.stack([column.double() for column in columns])


def _floats(tensor: torch.Tensor) -> torch.Tensor:
    return tensor if tensor.dtype == torch.float64 else tensor.float()


def _least(apart: torch.Tensor, kept: torch.Tensor, sign: float) -> torch.Tensor:
    most = torch.full((), float("inf"), dtype=apart.dtype, device=apart.device)
    values = torch.where(kept, apart * sign, most)
    return values.min().double() if values.numel() else most.double()
