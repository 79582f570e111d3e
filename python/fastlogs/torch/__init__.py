"""Measures a PyTorch model while it trains: how much it changes, and whether sparse updates would do.

from fastlogs.torch import AnalysisConfig, ModelAnalysisManager

analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=100), record="analysis.jsonl")
...
metrics = analyzer.on_optimizer_step(model, inputs=batch)
"""

from __future__ import annotations

try:
    import torch  # noqa: F401
except ImportError as missing:
    from fastlogs.errors import MissingExtra

    raise MissingExtra("fastlogs.torch needs torch", help="pip install torch") from missing

from fastlogs.torch.adam import AdamSign
from fastlogs.torch.analysis import ModelAnalysisManager
from fastlogs.torch.callbacks import ModelAnalysisCallback, lightning_callback
from fastlogs.torch.change import ParameterChange
from fastlogs.torch.config import AnalysisConfig
from fastlogs.torch.delta import AnalysisContext, Delta
from fastlogs.torch.inside import Activations, Spectra
from fastlogs.torch.metric import MetricComputer
from fastlogs.torch.recorder import Recorder
from fastlogs.torch.snapshot import Snapshot
from fastlogs.torch.sparse import SparseQuality
from fastlogs.torch.tensors import TensorStatistics

__all__ = [
    "Activations",
    "AdamSign",
    "AnalysisConfig",
    "AnalysisContext",
    "Delta",
    "MetricComputer",
    "ModelAnalysisCallback",
    "ModelAnalysisManager",
    "ParameterChange",
    "Recorder",
    "Snapshot",
    "SparseQuality",
    "Spectra",
    "TensorStatistics",
    "lightning_callback",
]
