"""What is measured, how often, and what it may cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from fastlogs.errors import UsageError

_THRESHOLDS = (1e-8, 1e-6, 1e-4)


def _thresholds() -> list[float]:
    return list(_THRESHOLDS)


@dataclass
class AnalysisConfig:
    """The settings of an analysis; refuses what cannot be measured.

    `max_overhead` is the share of training time that measuring may take; beyond it, it is done less often.
    `snapshot_dtype` narrower than a parameter saves memory; then what that type can hold is compared, and keys say so.

    >>> AnalysisConfig(interval=10).param_change_thresholds
    [1e-08, 1e-06, 0.0001]
    """

    interval: int = 100
    snapshot_device: str = "cpu"
    snapshot_dtype: str = "float32"
    param_change_enabled: bool = True
    param_change_thresholds: list[float] = field(default_factory=_thresholds)
    param_change_per_layer: bool = False
    param_change_track_components: bool = False
    param_change_sign_flips: bool = False
    sparse_quality_enabled: bool = True
    sparse_quality_thresholds: list[float] = field(default_factory=_thresholds)
    sparse_quality_include_random: bool = True
    weights_enabled: bool = False
    gradient_enabled: bool = False
    gradient_track_per_layer: bool = False
    momentum_enabled: bool = False
    adam_sign_enabled: bool = False
    adam_sign_track_per_component: bool = True
    adam_sign_track_per_layer: bool = False
    adam_sign_histogram_samples: int = 1_000_000
    adam_sign_near_lr_tolerance: float = 0.1
    spectral_parameters: list[str] = field(default_factory=list)
    activation_modules: list[str] = field(default_factory=list)
    max_overhead: float | None = None
    threads: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.interval, bool) or not isinstance(self.interval, int) or self.interval < 1:
            raise UsageError(f"wanted an interval of at least one whole step, found {self.interval!r}")
        if self.snapshot_device not in ("cpu", "cuda"):
            raise UsageError(f"wanted snapshot_device 'cpu' or 'cuda', found {self.snapshot_device!r}")
        if self.snapshot_dtype not in ("float32", "float16", "bfloat16"):
            raise UsageError(f"wanted snapshot_dtype float32, float16 or bfloat16, found {self.snapshot_dtype!r}")
        if self.max_overhead is not None and not 0 < self.max_overhead <= 1:
            raise UsageError(f"wanted max_overhead as a share up to 1, found {self.max_overhead!r}")
        self.param_change_thresholds = _checked(self.param_change_thresholds)
        self.sparse_quality_thresholds = _checked(self.sparse_quality_thresholds)

    @classmethod
    def minimal(cls) -> AnalysisConfig:
        """Parameter change alone, every 500 steps."""
        return cls(interval=500, sparse_quality_enabled=False)

    @classmethod
    def comprehensive(cls) -> AnalysisConfig:
        """Everything the documents name, every 50 steps."""
        return cls(
            interval=50,
            param_change_per_layer=True,
            param_change_track_components=True,
            param_change_sign_flips=True,
            gradient_enabled=True,
            momentum_enabled=True,
            adam_sign_enabled=True,
        )

    @classmethod
    def from_dict(cls, settings: dict[str, Any]) -> AnalysisConfig:
        """Of what `to_dict` gave; an unknown name is a TypeError."""
        return cls(**settings)

    def to_dict(self) -> dict[str, Any]:
        """Every setting by name."""
        return asdict(self)


def _checked(thresholds: Any) -> list[float]:
    """Thresholds as floats, each once."""
    values = [float(t) for t in thresholds]
    for value in values:
        if not 0 <= value < float("inf"):
            raise UsageError(f"wanted thresholds of 0 or more, found {value!r}")
    if len(set(values)) > 16:
        raise UsageError(f"wanted at most 16 thresholds, found {len(set(values))}")
    return list(dict.fromkeys(values))
