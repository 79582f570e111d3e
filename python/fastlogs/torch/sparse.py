"""Whether sparse updates would do: outputs of the old weights with the large changes alone, beside the full model's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from fastlogs.model import finite, label, quality
from fastlogs.torch.delta import AnalysisContext, Delta
from fastlogs.torch.forward import logits_of
from fastlogs.torch.metric import MetricComputer


class SparseQuality(MetricComputer):
    """`sparse/kl_at_1e-06` and its kin; `_random` with as many parameters kept, but any ones."""

    def __init__(self, thresholds: list[float], *, random: bool = True, seed: int = 0) -> None:
        self.thresholds = thresholds
        self.random = random
        self.seed = seed

    def requires_model(self) -> bool:
        """It calls the model."""
        return True

    def requires_inputs(self) -> bool:
        """With the batch at hand."""
        return True

    def compute(self, delta: Delta, *, context: AnalysisContext, **_: Any) -> dict[str, float]:
        """One pass of the full model, and one or two a threshold; nothing of the model is written."""
        full = logits_of(context.model, context.inputs, _full(delta))
        mask = _mask(context, full)
        metrics: dict[str, float] = {}
        for threshold in self.thresholds:
            metrics |= self._at(threshold, delta, context, full, mask)
        suffix = f"_in_{delta.old_snapshot.dtype}" if delta.old_snapshot.narrowed else ""
        return {f"sparse/{key}{suffix}": value for key, value in metrics.items()}

    def _at(
        self, threshold: float, delta: Delta, context: AnalysisContext, full: torch.Tensor, mask: Any
    ) -> dict[str, float]:
        kept = delta.sparsity_at_threshold(threshold)["kept_ratio"]
        at = label(threshold)
        metrics = {f"kept_ratio_at_{at}": kept, f"unchanged_ratio_at_{at}": 1 - kept}
        ways = {"": None, "_random": kept} if self.random else {"": None}
        for way, share in ways.items():
            sparse = logits_of(context.model, context.inputs, self._weights(threshold, share, delta, context.step))
            found = quality(full, sparse, mask, space=torch)
            for name in ("kl", "cosine", "mse", "top1_agree"):
                metrics[f"{name}_at_{at}{way}"] = getattr(found, name)
        return finite(metrics)

    def _weights(self, threshold: float, share: float | None, delta: Delta, step: int) -> dict[str, torch.Tensor]:
        """Old weights, but for those whose change is over the threshold, or for a share of them drawn by chance."""
        draws: dict[torch.device, torch.Generator] = {}
        weights = {}
        for name, tensor in delta.parameters.tensors.items():
            place = tensor.device
            old = delta.old_snapshot.data[name].to(place)
            new = tensor.to(old.dtype)
            if share is None:
                keep = _apart(new, old).abs_() > threshold
            else:
                if place not in draws:
                    draws[place] = torch.Generator(place).manual_seed(self.seed * 1_000_003 + step)
                keep = torch.rand(new.shape, generator=draws[place], device=place) < share
            weights[name] = torch.where(keep, new, old).to(tensor.dtype)
        return weights


def _apart(new: torch.Tensor, old: torch.Tensor) -> torch.Tensor:
    return new - old if new.dtype == torch.float64 else new.float() - old.float()


def _full(delta: Delta) -> dict[str, torch.Tensor] | None:
    """The model as it is; under a narrow snapshot as that type holds it, so that both sides are rounded alike."""
    if not delta.old_snapshot.narrowed:
        return None
    held = delta.old_snapshot.data
    return {n: t.to(held[n].dtype).to(t.dtype) for n, t in delta.parameters.tensors.items()}


def _mask(context: AnalysisContext, full: torch.Tensor) -> torch.Tensor | None:
    """The positions that count, if the batch says which do."""
    mask = context.attention_mask
    if mask is None and isinstance(context.inputs, Mapping):
        mask = context.inputs.get("attention_mask")
    return mask.to(full.device) if mask is not None else None
