"""A forward pass that leaves no trace: with other weights if wanted; model, modes and randomness stay as they were."""

from __future__ import annotations

import inspect
import random
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch.func import functional_call

from fastlogs.errors import UsageError


def logits_of(model: Any, inputs: Any, weights: Mapping[str, torch.Tensor] | None = None) -> torch.Tensor:
    """The logits of a model in evaluation mode, with other weights in place of its own.

    The weights are lent for the call, never written; buffers are copies. Refuses a model that gives no logits.
    """
    model = bare(model)
    lent = {name: buffer.clone() for name, buffer in model.named_buffers()} | dict(weights or {})
    args, kwargs = arguments(model, inputs)
    with torch.no_grad(), undisturbed(model):
        out = functional_call(model, lent, args, kwargs)
    return _logits(out)


def bare(model: Any) -> Any:
    """The model within DDP and torch.compile; refuses one that is spread over ranks."""
    while hasattr(model, "_orig_mod") or type(model).__name__ in ("DistributedDataParallel", "DataParallel"):
        model = model._orig_mod if hasattr(model, "_orig_mod") else model.module
    if any(hasattr(p, "placements") for p in model.parameters()) or type(model).__name__ == "FullyShardedDataParallel":
        raise UsageError("a forward pass with other weights needs the whole model, and this one is spread over ranks")
    return model


def arguments(model: Any, inputs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Inputs as a call takes them: a mapping by the names that the model knows, a sequence in order, else itself."""
    if not isinstance(inputs, Mapping):
        return (tuple(inputs) if isinstance(inputs, tuple | list) else (inputs,)), {}
    taken = inspect.signature(model.forward).parameters.values()
    if any(one.kind is one.VAR_KEYWORD for one in taken):
        return (), dict(inputs)
    names = {one.name for one in taken}
    return (), {name: value for name, value in inputs.items() if name in names}


def _logits(out: Any) -> torch.Tensor:
    if isinstance(out, Mapping):
        out = out.get("logits")
    elif isinstance(out, tuple | list):
        out = out[0] if out else None
    found = getattr(out, "logits", out)
    if not isinstance(found, torch.Tensor) or found.ndim < 2:
        raise UsageError("the model gives no logits", help="a tensor, a tuple that begins with one, or .logits")
    return found


@contextmanager
def undisturbed(model: Any) -> Iterator[None]:
    """Within it the model is in evaluation mode; after it modes and random states are as before, whatever happened."""
    modes = [(module, module.training) for module in model.modules()]
    states = _Randomness(model)
    try:
        for module, _ in modes:
            module.training = False
        yield
    finally:
        for module, mode in modes:
            module.training = mode
        states.restore()


class _Randomness:
    """The states of all generators that a forward pass may draw from."""

    def __init__(self, model: Any) -> None:
        self.devices = sorted({p.device.index or 0 for p in model.parameters() if p.device.type == "cuda"})
        self.torch = torch.get_rng_state()
        self.cuda = [torch.cuda.get_rng_state(device) for device in self.devices]
        self.python = random.getstate()
        self.numpy = sys.modules["numpy"].random.get_state() if "numpy" in sys.modules else None

    def restore(self) -> None:
        torch.set_rng_state(self.torch)
        for device, state in zip(self.devices, self.cuda, strict=True):
            torch.cuda.set_rng_state(state, device)
        random.setstate(self.python)
        if self.numpy is not None:
            sys.modules["numpy"].random.set_state(self.numpy)
