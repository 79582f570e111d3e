"""What happens inside a model: activations of modules by hooks, spectra of parameters. On request: both cost more."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import torch

from fastlogs.errors import UsageError
from fastlogs.model import Change, finite, plain, spectrum, statistics, totals
from fastlogs.stats.floats import Floats
from fastlogs.torch.delta import AnalysisContext, Delta
from fastlogs.torch.device import Waiting, is_near, rows_of, sums_on_device
from fastlogs.torch.forward import bare, logits_of
from fastlogs.torch.metric import MetricComputer

# An activation is dead or it is not.
_ZERO = (0.0,)


class Activations(MetricComputer):
    """`activation/<module>/*` of the modules whose names fit globs, in one forward pass; the hooks go with it."""

    reads_old = False

    def __init__(self, modules: Sequence[str], *, threads: int | None = None) -> None:
        self.modules = tuple(modules)
        self.threads = threads

    def requires_model(self) -> bool:
        """It calls the model."""
        return True

    def requires_inputs(self) -> bool:
        """With the batch at hand."""
        return True

    def compute(self, delta: Any, *, context: AnalysisContext, **_: Any) -> dict[str, float]:
        """Norms and moments of what each module gave, and the share of zeros."""
        found: dict[str, Floats | Waiting] = {}
        hooks = []
        try:
            for name, module in bare(context.model).named_modules():
                if name and any(fnmatchcase(plain(name), glob) for glob in self.modules):
                    hooks.append(module.register_forward_hook(self._hook(plain(name), found)))
            logits_of(context.model, context.inputs)
        finally:
            for hook in hooks:
                hook.remove()
        waiting = {name: one for name, one in found.items() if isinstance(one, Waiting)}
        rows = found | dict(zip(waiting, rows_of(list(waiting.values())), strict=True))
        return {f"activation/{name}/{k}": v for name in rows for k, v in _told(rows[name]).items()}

    def _hook(self, name: str, found: dict[str, Floats | Waiting]) -> Any:
        """What a device has summed stays there until the pass is over."""

        def seen(_: Any, __: Any, out: Any) -> None:
            values = out[0] if isinstance(out, tuple | list) and out else out
            if not isinstance(values, torch.Tensor) or not values.is_floating_point():
                return
            values = values.detach()
            if is_near(values):
                found[name] = statistics({name: values}, thresholds=_ZERO, threads=self.threads).rows
            else:
                found[name] = sums_on_device([values], None, _ZERO)

        return seen


def _told(rows: Any) -> dict[str, float]:
    total = Change(rows[0], _ZERO)
    return finite(totals(total) | {"zeros": total.sparsity(0.0)}) | {"nonfinite": float(total.nonfinite)}


class Spectra(MetricComputer):
    """`spectral/<parameter>/*`: effective rank, stable rank and norm of the matrices whose names fit globs."""

    reads_old = False

    def __init__(self, parameters: Sequence[str]) -> None:
        self.parameters = tuple(parameters)

    def compute(self, delta: Delta, **_: Any) -> dict[str, float]:
        """Of whole matrices only; a shard has no spectrum of its own."""
        metrics: dict[str, float] = {}
        wanted = [n for n in delta.parameters.tensors if any(fnmatchcase(plain(n), glob) for glob in self.parameters)]
        whole = [name for name in wanted if name not in delta.parameters.spread]
        if wanted and not whole:
            raise UsageError("a spectrum is of a whole matrix, and all that were named are spread over ranks")
        for name in whole:
            tensor = delta.parameters.tensors[name]
            if tensor.ndim > 1:
                found = spectrum(tensor.cpu().double().numpy())
                for key in ("norm_2", "stable_rank", "effective_rank"):
                    metrics[f"spectral/{plain(name)}/{key}"] = getattr(found, key)
        return metrics
