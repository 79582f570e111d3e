"""What Adam does with the gradients: `adam_sign/*`, each group by its own learning rate, betas and eps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

from fastlogs.model import finite, known
from fastlogs.torch.delta import AnalysisContext
from fastlogs.torch.device import brought
from fastlogs.torch.metric import MetricComputer
from fastlogs.torch.shards import held_of

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
        stepped = _stepped(context.optimizer)
        every = max(1, -(-sum(one.parameter.numel() for one in stepped) // self.samples))
        found = {names[one.parameter]: _update(one, every) for one in stepped if one.parameter in names}
        if not found:
            return {}
        metrics = self._told(self._groups(found)) | _settings(stepped)
        return {f"adam_sign/{key}": value for key, value in finite(metrics).items()}

    def _groups(self, found: dict[str, _Update]) -> dict[str, list[_Update]]:
        """Updates by the title of their keys: all, and those of each component and layer if asked for."""
        groups: dict[str, list[_Update]] = {"": list(found.values())}
        wanted = [("component/", known().component, self.components), ("layer_", known().layer, self.per_layer)]
        for title, group in [(title, group) for title, group, asked in wanted if asked]:
            for name, update in found.items():
                if (key := group(name)) is not None:
                    groups.setdefault(f"{title}{key}/", []).append(update)
        return groups

    def _told(self, groups: dict[str, list[_Update]]) -> dict[str, float]:
        """The metrics of all groups in one transfer."""
        found = [self._of(parts) for parts in groups.values()]
        rows = brought([torch.stack([value.double() for value in one.values()])[None] for one in found], 0)
        titles = [f"{title}{key}" for title, one in zip(groups, found, strict=True) for key in one]
        return dict(zip(titles, rows.ravel().tolist(), strict=True))

    def _of(self, parts: list[_Update]) -> dict[str, torch.Tensor]:
        place = parts[0].ratio.device
        ratio, mean, noise, gradient, rate = (
            torch.cat([getattr(part, name).to(place) for part in parts])
            for name in ("ratio", "mean", "noise", "gradient", "rate")
        )
        size, snr = ratio.abs(), mean.abs() / noise
        entropy = _entropy(ratio)
        return {
            "update_ratio_mean": ratio.mean(),
            "update_ratio_std": ratio.std() if len(ratio) > 1 else ratio[0] * torch.nan,
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


@dataclass(frozen=True, slots=True)
class _Stepped:
    """A parameter that Adam has a state and a gradient of, with its own group and how often it was stepped."""

    parameter: torch.Tensor
    state: dict[str, Any]
    group: dict[str, Any]
    steps: float

    @property
    def corrections(self) -> tuple[float, float]:
        """What Adam divides its young means by."""
        steps, betas = max(self.steps, 1.0), self.group["betas"]
        return 1 - float(betas[0]) ** steps, 1 - float(betas[1]) ** steps


def _stepped(optimizer: Any) -> list[_Stepped]:
    held = [
        (parameter, optimizer.state[parameter], group)
        for group in optimizer.param_groups
        for parameter in group["params"]
        if parameter.grad is not None and {"exp_avg", "exp_avg_sq"} <= optimizer.state.get(parameter, {}).keys()
    ]
    # A fused Adam counts its steps on the device: they are brought together.
    counts = [torch.as_tensor(state["step"], dtype=torch.float32).reshape(1, 1) for _, state, _ in held]
    return [_Stepped(*one, steps) for one, steps in zip(held, brought(counts, 1).ravel().tolist(), strict=True)]


def _update(one: _Stepped, every: int) -> _Update:
    def flat(tensor: Any) -> torch.Tensor:
        return held_of(tensor, one.parameter).reshape(-1)[::every].double()

    first, second = one.corrections
    mean, square = flat(one.state["exp_avg"]) / first, flat(one.state["exp_avg_sq"]) / second
    noise = (square - mean**2).clamp(min=0).sqrt() + one.group["eps"]
    rate = torch.full_like(mean, float(one.group["lr"]))
    return _Update(mean / (square.sqrt() + one.group["eps"]), mean, noise, flat(one.parameter.grad), rate)


def _settings(stepped: list[_Stepped]) -> dict[str, float]:
    """The first group's learning rate and the corrections, as the documents name them; of each group of several."""
    metrics: dict[str, float] = {}
    seen: dict[int, _Stepped] = {}
    for one in stepped:
        seen.setdefault(id(one.group), one)
    for at, one in enumerate(seen.values()):
        first, second = one.corrections
        title = f"group_{at}/" if len(seen) > 1 else ""
        metrics |= {
            f"{title}lr": float(one.group["lr"]),
            f"{title}bias_correction_m": first,
            f"{title}bias_correction_v": second,
        }
        metrics["optimizer_step_count"] = one.steps
    return metrics


def _entropy(ratio: torch.Tensor) -> torch.Tensor:
    """Of a histogram, in bits; counted where the numbers are, so that nothing waits."""
    low, high = ratio.aminmax()
    places = ((ratio - low) / (high - low) * _BINS).nan_to_num(0.0).clamp(0, _BINS - 1).long()
    shares = ratio.new_zeros(_BINS).scatter_add_(0, places, torch.ones_like(ratio)) / len(ratio)
    # Of what is not finite there is none.
    entropy: torch.Tensor = torch.special.entr(shares).sum() / math.log(2) + 0 * (high - low)
    return entropy


def _bimodal(ratio: torch.Tensor) -> torch.Tensor:
    """Sarle's coefficient: above 5/9 where there are two humps."""
    off = ratio - ratio.mean()
    spread = off.square().mean()
    return ((off**3).mean() ** 2 / spread**3 + 1) / ((off**4).mean() / spread**2)
