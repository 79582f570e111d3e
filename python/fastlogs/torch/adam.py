"""What Adam does with the gradients: `adam_sign/*`, each group by its own learning rate, betas and eps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch

from fastlogs.model import finite, known
from fastlogs.torch.delta import AnalysisContext
from fastlogs.torch.metric import MetricComputer

_BINS = 200


@dataclass(frozen=True, slots=True)
class _Update:
    """Of some parameters: the update in units of the learning rate, its parts, and the gradient, side by side."""

    ratio: torch.Tensor
    mean: torch.Tensor
    noise: torch.Tensor
    gradient: torch.Tensor
    rate: torch.Tensor


class AdamSign(MetricComputer):
    """How near Adam is to taking signs alone; of at most `samples` numbers, evenly spaced over the parameters."""

    reads_old = False

    def __init__(
        self, *, components: bool = True, per_layer: bool = False, samples: int = 1_000_000, near: float = 0.1
    ) -> None:
        self.components = components
        self.per_layer = per_layer
        self.samples = samples
        self.near = near

    def requires_model(self) -> bool:
        """For the names."""
        return True

    def requires_optimizer(self) -> bool:
        """For its state."""
        return True

    def compute(self, delta: Any, *, context: AnalysisContext, **_: Any) -> dict[str, float]:
        """Nothing where no parameter has both a gradient and a state: after zero_grad, or under another optimizer."""
        names = {parameter: name for name, parameter in context.model.named_parameters()}
        total = sum(p.numel() for p, _, _ in _stepped(context.optimizer))
        every = max(1, -(-total // self.samples))
        found = {names[p]: _update(p, s, g, every) for p, s, g in _stepped(context.optimizer) if p in names}
        if not found:
            return {}
        metrics = self._of(list(found.values())) | _settings(context.optimizer)
        if self.components:
            metrics |= self._by("component/", known().component, found)
        if self.per_layer:
            metrics |= self._by("layer_", known().layer, found)
        return {f"adam_sign/{key}": value for key, value in finite(metrics).items()}

    def _by(self, title: str, group: Callable[[str], str | None], found: dict[str, _Update]) -> dict[str, float]:
        groups: dict[str, list[_Update]] = {}
        for name, update in found.items():
            if (key := group(name)) is not None:
                groups.setdefault(key, []).append(update)
        return {f"{title}{k}/{name}": v for k, parts in groups.items() for name, v in self._of(parts).items()}

    def _of(self, parts: list[_Update]) -> dict[str, float]:
        ratio = torch.cat([part.ratio for part in parts])
        mean, noise = torch.cat([part.mean for part in parts]), torch.cat([part.noise for part in parts])
        gradient, rate = torch.cat([part.gradient for part in parts]), torch.cat([part.rate for part in parts])
        size, snr = ratio.abs(), mean.abs() / noise
        entropy = _entropy(ratio)
        metrics = {
            "update_ratio_mean": ratio.mean(),
            "update_ratio_std": ratio.std(),
            "update_ratio_median": ratio.median(),
            "frac_within_10pct_of_lr": ((size - 1).abs() <= self.near).double().mean(),
            "frac_within_50pct_of_lr": ((size - 1).abs() <= 0.5).double().mean(),
            "frac_within_2x_of_lr": ((size >= 0.5) & (size <= 2)).double().mean(),
            "grad_sign_agreement": (ratio.sign() == gradient.sign()).double().mean(),
            "sign_agreement_with_momentum": (mean.sign() == gradient.sign()).double().mean(),
            "effective_lr_mean": (size * rate).mean(),
            "gradient_snr_mean": snr.mean(),
            "gradient_snr_median": snr.median(),
            "update_magnitude_entropy": entropy,
            "effective_bits_per_update": entropy,
            "bimodal_coefficient": _bimodal(ratio),
        }
        return {key: float(value) for key, value in metrics.items()}


def _stepped(optimizer: Any) -> Iterator[tuple[torch.Tensor, dict[str, Any], dict[str, Any]]]:
    """The parameters that Adam has a state and a gradient of, each with its state and its own group."""
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            state = optimizer.state.get(parameter, {})
            if parameter.grad is not None and "exp_avg" in state and "exp_avg_sq" in state:
                yield parameter, state, group


def _corrections(state: dict[str, Any], group: dict[str, Any]) -> tuple[float, float]:
    """What Adam divides its young means by."""
    step = max(float(state["step"]), 1.0)
    return 1 - group["betas"][0] ** step, 1 - group["betas"][1] ** step


def _update(parameter: torch.Tensor, state: dict[str, Any], group: dict[str, Any], every: int) -> _Update:
    def flat(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.detach().reshape(-1)[::every].double()

    first, second = _corrections(state, group)
    mean, square = flat(state["exp_avg"]) / first, flat(state["exp_avg_sq"]) / second
    noise = (square - mean**2).clamp(min=0).sqrt() + group["eps"]
    rate = torch.full_like(mean, float(group["lr"]))
    assert parameter.grad is not None
    return _Update(mean / (square.sqrt() + group["eps"]), mean, noise, flat(parameter.grad), rate)


def _settings(optimizer: Any) -> dict[str, float]:
    """The first group's learning rate and the corrections, as the documents name them; of each group of several."""
    metrics: dict[str, float] = {}
    seen: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    for _, state, group in _stepped(optimizer):
        seen.setdefault(id(group), (state, group))
    for at, (state, group) in enumerate(seen.values()):
        first, second = _corrections(state, group)
        title = f"group_{at}/" if len(seen) > 1 else ""
        metrics |= {
            f"{title}lr": float(group["lr"]),
            f"{title}bias_correction_m": first,
            f"{title}bias_correction_v": second,
        }
        metrics["optimizer_step_count"] = float(state["step"])
    return metrics


def _entropy(ratio: torch.Tensor) -> torch.Tensor:
    """Of a histogram, in bits."""
    low, high = float(ratio.min()), float(ratio.max())
    if not low < high:
        return torch.zeros(())
    shares = torch.histc(ratio.cpu(), _BINS, low, high) / len(ratio)
    shares = shares[shares > 0]
    return -(shares * shares.log2()).sum()


def _bimodal(ratio: torch.Tensor) -> torch.Tensor:
    """Sarle's coefficient: above 5/9 where there are two humps."""
    off = ratio - ratio.mean()
    spread = off.square().mean()
    return ((off**3).mean() ** 2 / spread**3 + 1) / ((off**4).mean() / spread**2)
