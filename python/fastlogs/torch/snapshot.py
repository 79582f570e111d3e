"""What parameters were: an exact copy, or one in a narrower type that is compared as such."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from fastlogs.model import Changes, change
from fastlogs.model.change import NAMED
from fastlogs.stats.floats import Floats
from fastlogs.torch.device import fetched, is_near, rows_on_device
from fastlogs.torch.shards import Parameters, over_ranks

# Numbers that are converted or brought near at a time.
_BATCH = 1 << 22
_TYPES = {"float16": torch.float16, "bfloat16": torch.bfloat16}


class Snapshot:
    """Copies of parameters by name. Each has its parameter's own type, but for a narrower one that was asked for."""

    def __init__(self, parameters: Parameters, *, device: str = "cpu", dtype: str = "float32") -> None:
        self.dtype = dtype
        self.timestamp = time.time()
        self.data = {name: _copy(tensor, device, _TYPES.get(dtype)) for name, tensor in parameters.tensors.items()}
        self.narrowed = any(self.data[name].dtype != t.dtype for name, t in parameters.tensors.items())

    def __len__(self) -> int:
        return len(self.data)

    def __contains__(self, name: object) -> bool:
        return name in self.data

    def misfit(self, parameters: Parameters) -> str:
        """Why these parameters cannot be held against it; nothing if they can."""
        if self.data.keys() != parameters.tensors.keys():
            return "the names of the parameters are others"
        other = [n for n, t in parameters.tensors.items() if t.shape != self.data[n].shape]
        return f"'{other[0]}' has another shape" if other else ""

    def seen(self, name: str, tensor: torch.Tensor) -> torch.Tensor:
        """A parameter as the snapshot would hold it: then the two can be compared exactly."""
        return tensor.to(device=self.data[name].device, dtype=self.data[name].dtype)

    def refresh(self, parameters: Parameters) -> None:
        """Becomes equal to the parameters."""
        for name, tensor in parameters.tensors.items():
            self.data[name].copy_(tensor)
        self.timestamp = time.time()

    def changes(
        self,
        parameters: Parameters,
        thresholds: tuple[float, ...],
        *,
        signs: bool = False,
        refresh: bool = False,
        threads: int | None = None,
    ) -> Changes:
        """What became of every parameter; of shards over all ranks."""
        asked: dict[str, Any] = {"signs": signs, "refresh": refresh, "threads": threads}
        local = partial(self._rows, parameters, thresholds, asked)
        return over_ranks(list(parameters.tensors), thresholds, parameters, local)

    def _rows(self, parameters: Parameters, thresholds: tuple[float, ...], asked: dict[str, Any]) -> Floats:
        """A row a parameter: by the kernel where the snapshot is near, else on its device."""
        near = {name: is_near(self.data[name]) for name in parameters.tensors}
        rows = np.empty((len(near), NAMED + len(thresholds)))
        far = [name for name, here in near.items() if not here]
        new, old = [parameters.tensors[name] for name in far], [self.data[name] for name in far]
        there = {key: asked[key] for key in ("signs", "refresh")}
        where = np.array(list(near.values()), dtype=bool)
        rows[~where] = rows_on_device(new, old, thresholds, **there)
        batches = self._batches([name for name, here in near.items() if here], parameters)
        found = [self._part(parameters, batch, asked | {"thresholds": thresholds}).rows for batch in batches]
        rows[where] = np.concatenate([rows[:0], *found])
        return rows

    def _part(self, parameters: Parameters, batch: list[str], asked: dict[str, Any]) -> Changes:
        """By the kernel: of what lies on a device a copy."""
        old = {name: self.data[name] for name in batch}
        new = {n: parameters.tensors[n].to(was.dtype) for n, was in old.items()}
        far = [name for name, tensor in new.items() if tensor.device != old[name].device]
        new |= zip(far, fetched([new[name] for name in far]), strict=True)
        return change(new, old, **asked)

    def _batches(self, names: Iterable[str], parameters: Parameters) -> Iterator[list[str]]:
        """All at once where nothing is copied; a few at a time where they are brought near or narrowed."""
        held, size = [], 0
        for name in names:
            tensor = parameters.tensors[name]
            held.append(name)
            copied = tensor.dtype != self.data[name].dtype or tensor.device != self.data[name].device
            size += tensor.numel() if copied else 0
            if size >= _BATCH:
                yield held
                held, size = [], 0
        if held:
            yield held


def _copy(tensor: torch.Tensor, device: str, narrower: torch.dtype | None) -> torch.Tensor:
    dtype = narrower if narrower is not None and tensor.dtype in (torch.float32, torch.float64) else tensor.dtype
    where = tensor.device if device == "cuda" else torch.device("cpu")
    copy = torch.empty_like(tensor, device=where, dtype=dtype, memory_format=torch.preserve_format)
    copy = (
        copy
        if copy.is_contiguous() or copy.stride() == tensor.stride()
        else torch.empty(tensor.shape, device=where, dtype=dtype)
    )
    return copy.copy_(tensor)
