"""What happens inside a model: activations of modules by hooks, spectra of parameters. On request: both cost more."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import torch

from fastlogs.model import finite, plain, spectrum, totals
from fastlogs.torch.delta import AnalysisContext, Delta
from fastlogs.torch.forward import bare, logits_of
from fastlogs.torch.metric import MetricComputer
from fastlogs.torch.tensors import measured


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
        metrics: dict[str, float] = {}
        hooks = []
        try:
            for name, module in bare(context.model).named_modules():
                if name and any(fnmatchcase(name, glob) for glob in self.modules):
                    hooks.append(module.register_forward_hook(self._hook(name, metrics)))
            logits_of(context.model, context.inputs)
        finally:
            for hook in hooks:
                hook.remove()
        return metrics

    def _hook(self, name: str, metrics: dict[str, float]) -> Any:
        def seen(_: Any, __: Any, out: Any) -> None:
            values = out[0] if isinstance(out, tuple | list) and out else out
            if isinstance(values, torch.Tensor) and values.is_floating_point():
                total = measured({name: values.detach()}, (0.0,), self.threads).total
                told = totals(total) | {"zeros": total.sparsity(0.0)}
                metrics.update({f"activation/{plain(name)}/{k}": v for k, v in finite(told).items()})
                metrics[f"activation/{plain(name)}/nonfinite"] = float(total.nonfinite)

        return seen


class Spectra(MetricComputer):
    """`spectral/<parameter>/*`: effective rank, stable rank and norm of the matrices whose names fit globs."""

    reads_old = False

    def __init__(self, parameters: Sequence[str]) -> None:
        self.parameters = tuple(parameters)

    def compute(self, delta: Delta, **_: Any) -> dict[str, float]:
        """Of whole matrices only; a shard has no spectrum of its own."""
        metrics: dict[str, float] = {}
        for name, tensor in delta.parameters.tensors.items():
            wanted = any(fnmatchcase(name, glob) for glob in self.parameters)
            if wanted and tensor.ndim > 1 and name not in delta.parameters.sharded:
                found = spectrum(tensor.double().cpu().numpy())
                for key in ("norm_2", "stable_rank", "effective_rank"):
                    metrics[f"spectral/{plain(name)}/{key}"] = getattr(found, key)
        return metrics
