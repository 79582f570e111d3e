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
    """Within it the model is in evaluation mode; after it all is as before, whatever happened, and wherever."""
    held = [_Held(module) for module in model.modules()]
    states = _Randomness(model)
    try:
        try:
            for one in held:
                one.module.training = False
            yield
        finally:
            _restore(held, states)
    finally:
        # Once more: an interrupt may have come while things were put back.
        _restore(held, states)


def _restore(held: list[_Held], states: _Randomness) -> None:
    for one in held:
        one.restore()
    states.restore()


class _Held:
    """A module's mode, and which tensors are its own: a call that lends it others may be interrupted in giving back."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.training = module.training
        self.own = [(place, dict(place)) for place in (module._parameters, module._buffers)]

    def restore(self) -> None:
        self.module.training = self.training
        for place, own in self.own:
            if any(place.get(name) is not tensor for name, tensor in own.items()):
                place.update(own)


class _Randomness:
    """The states of all generators that a forward pass may draw from."""

    def __init__(self, model: Any) -> None:
        self.torch = torch.get_rng_state()
        places = {p.device for p in model.parameters() if p.device.type in ("cuda", "xpu")}
        self.far = [(torch.get_device_module(place), place) for place in sorted(places, key=str)]
        self.states = [module.get_rng_state(place) for module, place in self.far]
        self.python = random.getstate()
        self.numpy = sys.modules["numpy"].random.get_state() if "numpy" in sys.modules else None

    def restore(self) -> None:
        torch.set_rng_state(self.torch)
        for (module, place), state in zip(self.far, self.states, strict=True):
            module.set_rng_state(state, place)
        random.setstate(self.python)
        if self.numpy is not None:
            sys.modules["numpy"].random.set_state(self.numpy)
