"""A model's parameters where they are: whole, or the shard of this rank; and sums over the ranks that hold the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import torch.distributed as dist

from fastlogs.errors import UsageError
from fastlogs.model import Changes, joined
from fastlogs.model.change import NAMED
from fastlogs.stats.floats import Floats


@dataclass(frozen=True, slots=True)
class Parameters:
    """Detached tensors by name, whose memory is the model's own; of shards the process groups that hold the others."""

    tensors: dict[str, torch.Tensor]
    spread: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def groups(self) -> list[Any]:
        """All these groups, each once, in an order that is the same on all their ranks."""
        return list({group.group_name: group for groups in self.spread.values() for group in groups}.values())


def parameters_of(model: Any) -> Parameters:
    """All floating-point parameters of a model; of FSDP and DTensor what this rank holds. Nothing is gathered."""
    flat = dict(_flat(model))
    tensors, spread = {}, {}
    for name, parameter in model.named_parameters():
        local = held_of(parameter)
        if local.is_floating_point() and not local.is_meta:
            tensors[name] = local
            if groups := tuple(g for g in _groups(parameter, flat) if dist.get_world_size(g) > 1):
                spread[name] = groups
    return Parameters(tensors, spread)


def held_of(tensor: Any, parameter: Any = None) -> torch.Tensor:
    """What this rank holds of a parameter, or of what has been made of one: its gradient, its momentum."""
    local: torch.Tensor = (tensor.to_local() if hasattr(tensor, "to_local") else tensor).detach()
    # Flat parameters are longer than what they hold, so that all ranks have as much.
    spare = getattr(tensor if parameter is None else parameter, "_shard_numel_padded", 0)
    return local[: local.numel() - spare] if spare else local


def _groups(parameter: Any, flat: dict[Any, Any]) -> Iterator[Any]:
    """The groups over which a parameter is sharded: copies elsewhere are none of ours."""
    if parameter in flat:
        yield flat[parameter]
    for dim, placement in enumerate(getattr(parameter, "placements", ())):
        if not placement.is_replicate():
            yield parameter.device_mesh.get_group(dim)


def _flat(model: Any) -> Iterator[tuple[Any, Any]]:
    """What FullyShardedDataParallel has sharded, and over which group; it may leave modules out."""
    for module in model.modules():
        handle = getattr(module, "_handle", None)
        if type(module).__name__ == "FullyShardedDataParallel" and handle is not None and handle.uses_sharded_strategy:
            for parameter in (handle.flat_param, *(getattr(handle.flat_param, "_params", None) or ())):
                yield parameter, module.process_group


def rank() -> int:
    """Of this process; 0 without a process group."""
    return dist.get_rank() if dist.is_available() and dist.is_initialized() else 0


def over_ranks(
    names: Sequence[str], thresholds: tuple[float, ...], parameters: Parameters, local: Callable[[], Floats]
) -> Changes:
    """The changes of whole tensors from those of shards: sums travel, tensors do not. Every rank has to call it.

    A rank that fails tells the others, so that none waits for it; then it raises on all.
    """
    if not parameters.spread:
        return Changes(tuple(names), local(), thresholds)
    found: dict[str, Floats] | None = None
    failed = None
    try:
        found = dict(zip(names, local(), strict=True))
    except Exception as error:
        failed = error
    for group in parameters.groups:
        found = _over(group, found, parameters)
    if found is None:
        raise failed or UsageError("another rank could not measure its part of the model")
    return Changes(tuple(found), np.array(list(found.values())).reshape(-1, NAMED + len(thresholds)), thresholds)


def _over(group: Any, found: dict[str, Floats] | None, parameters: Parameters) -> dict[str, Floats] | None:
    """Rows by name, those of one group's shards joined; nothing if a rank of it has nothing."""
    mine = {n: row for n, row in (found or {}).items() if group in parameters.spread.get(n, ())}
    parts: dict[str, list[Floats]] = {}
    for told in _told(None if found is None else mine, group):
        if told is None:
            return None
        for name, row in told.items():
            parts.setdefault(name, []).append(row)
    return (found or {}) | {name: joined(np.stack(rows)) for name, rows in parts.items()}


def slowest(seconds: float, groups: Sequence[Any]) -> float:
    """The longest that any rank of these groups took, so that all agree on when to measure next."""
    for group in groups:
        seconds = max(_told(seconds, group))
    return seconds


def _told(mine: Any, group: Any) -> list[Any]:
    """What every rank of a group tells."""
    every = [None] * dist.get_world_size(group)
    dist.all_gather_object(every, mine, group=group)
    return every
