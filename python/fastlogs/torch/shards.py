"""A model's parameters where they are: whole, or the shard of this rank; and sums over the ranks that hold the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.distributed as dist

from fastlogs.model import Changes, joined


@dataclass(frozen=True, slots=True)
class Parameters:
    """Detached tensors by name, and which of them are shards; the memory is the model's own."""

    tensors: dict[str, torch.Tensor]
    sharded: frozenset[str] = frozenset()


def parameters_of(model: Any) -> Parameters:
    """All floating-point parameters of a model; of FSDP and DTensor what this rank holds. Nothing is gathered."""
    flat = any(type(module).__name__ == "FullyShardedDataParallel" for module in model.modules())
    tensors, sharded = {}, set()
    for name, parameter in model.named_parameters():
        local = parameter.to_local() if hasattr(parameter, "to_local") else parameter
        if flat or any(p.is_shard() for p in getattr(parameter, "placements", ())):
            sharded.add(name)
        if local.is_floating_point() and not local.is_meta:
            tensors[name] = local.detach()
    return Parameters(tensors, frozenset(sharded))


def rank() -> int:
    """Of this process; 0 without a process group."""
    return dist.get_rank() if dist.is_available() and dist.is_initialized() else 0


def over_ranks(changes: Changes, sharded: frozenset[str]) -> Changes:
    """The changes of whole tensors from those of shards: sums travel, tensors do not. Every rank has to call it."""
    if not sharded or not dist.is_available() or not dist.is_initialized():
        return changes
    near = torch.from_numpy(changes.rows)
    device = "cuda" if dist.get_backend() == "nccl" else "cpu"
    gathered = [torch.empty_like(near, device=device) for _ in range(dist.get_world_size())]
    dist.all_gather(gathered, near.to(device))
    every = torch.stack(gathered).cpu().numpy()
    rows = [joined(every[:, at]) if n in sharded else changes.rows[at] for at, n in enumerate(changes.names)]
    return Changes(changes.names, np.array(rows), changes.thresholds)


def slowest(seconds: float) -> float:
    """The longest that any rank took, so that all agree on when to measure next."""
    if not dist.is_available() or not dist.is_initialized():
        return seconds
    device = "cuda" if dist.get_backend() == "nccl" else "cpu"
    told = torch.tensor(seconds, dtype=torch.float64, device=device)
    dist.all_reduce(told, op=dist.ReduceOp.MAX)
    return float(told)
