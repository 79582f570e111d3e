"""The analysis of a model while it trains: counts steps, keeps the snapshot, asks the metrics, never raises."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

from fastlogs.torch.adam import AdamSign
from fastlogs.torch.budget import Budget
from fastlogs.torch.change import ParameterChange
from fastlogs.torch.config import AnalysisConfig
from fastlogs.torch.delta import AnalysisContext, Delta
from fastlogs.torch.inside import Activations, Spectra
from fastlogs.torch.metric import MetricComputer
from fastlogs.torch.recorder import Recorder
from fastlogs.torch.shards import Parameters, parameters_of, rank, slowest
from fastlogs.torch.snapshot import Snapshot
from fastlogs.torch.sparse import SparseQuality
from fastlogs.torch.tensors import TensorStatistics

_LOGGER = logging.getLogger("fastlogs.torch")

Log = Callable[[dict[str, float], int], Any]


class ModelAnalysisManager:
    """Measures every `interval` optimizer steps; the first time it only looks, so metrics begin at twice the interval.

    `log` is called with the metrics and the step (`wandb.log` fits), `record` is a file for JSON lines. It has no
    metrics until they are added: `create` adds those of a config.
    """

    def __init__(
        self,
        config: AnalysisConfig | None = None,
        *,
        log: Log | None = None,
        record: str | os.PathLike[str] | None = None,
    ) -> None:
        self.config = config if config is not None else AnalysisConfig()
        self.log = log
        self.recorder = Recorder(record) if record is not None else None
        self.computers: list[MetricComputer] = []
        self._told: set[str] = set()
        self.step = 0
        self._next = self.config.interval
        self._snapshot: Snapshot | None = None
        self._groups: list[Any] = []
        self._budget = Budget(self.config.max_overhead, agree=self._agreed)

    @classmethod
    def create(
        cls,
        config: AnalysisConfig | None = None,
        *,
        log: Log | None = None,
        record: str | os.PathLike[str] | None = None,
    ) -> ModelAnalysisManager:
        """With the metrics that a config asks for."""
        made = cls(config, log=log, record=record)
        for computer in _computers(made.config):
            made.add_metric(computer)
        return made

    def add_metric(self, computer: MetricComputer) -> ModelAnalysisManager:
        """Adds a metric; gives itself, so that calls chain."""
        self.computers.append(computer)
        return self

    def on_optimizer_step(
        self, model: Any, inputs: Any = None, optimizer: Any = None, **metadata: Any
    ) -> dict[str, float]:
        """The metrics by key when a measurement is due, else nothing. Call it after `optimizer.step()`.

        It never raises: what fails is logged as a warning, and its keys are missing.
        """
        self.step += 1
        if self.step < self._next or self.step % self.config.interval:
            return {}
        metrics: dict[str, float] = {}
        try:
            with self._budget:
                metrics = self._measured(model, inputs, optimizer, metadata)
            self._next = self.step + self.config.interval * self._budget.stride
            metrics = self._costs(metrics)
            self._tell(metrics)
        except Exception as error:
            self._warn("the measurement failed", error)
        return metrics

    def reset(self) -> None:
        """Forgets the steps and the snapshot."""
        self.step = 0
        self._next = self.config.interval
        self._snapshot = None
        self._budget = Budget(self.config.max_overhead, agree=self._agreed)

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps: the steps, not the snapshot."""
        return {"step_count": self.step, "snapshot_timestamp": self._snapshot.timestamp if self._snapshot else None}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on from those steps; the next measurement only looks."""
        self.reset()
        self.step = int(state["step_count"])
        self._next = self.step + 1

    def __len__(self) -> int:
        return len(self.computers)

    def __repr__(self) -> str:
        names = ", ".join(computer.name for computer in self.computers)
        return f"ModelAnalysisManager(interval={self.config.interval}, step={self.step}, metrics=[{names}])"

    def _measured(self, model: Any, inputs: Any, optimizer: Any, metadata: dict[str, Any]) -> dict[str, float]:
        parameters = parameters_of(model)
        if not parameters.tensors:
            self._warn("the model has no parameters")
            return {}
        self._groups = parameters.groups
        why = self._snapshot.misfit(parameters) if self._snapshot is not None else "there is none"
        # Where one rank cannot compare, none does: the others would wait for its sums.
        if slowest(float(bool(why)), parameters.groups):
            if self._snapshot is not None:
                self._warn(f"a new snapshot is taken: {why or 'another rank has none that fits'}")
            self._take(parameters)
            return {}
        mask = metadata.pop("attention_mask", None)
        context = AnalysisContext(model, inputs, mask, optimizer, self.step, metadata)
        return self._compared(parameters, context)

    def _agreed(self, seconds: float) -> float:
        """All ranks that share a model have to measure it at the same steps."""
        return slowest(seconds, self._groups)

    def _take(self, parameters: Parameters) -> None:
        self._snapshot = None
        config = self.config
        self._snapshot = Snapshot(parameters, device=config.snapshot_device, dtype=config.snapshot_dtype)
        if self._snapshot.narrowed:
            self._warn(
                f"snapshots are {config.snapshot_dtype}, narrower than the parameters: what that type can hold is "
                f"compared, smaller changes are not seen, and keys end in _in_{config.snapshot_dtype}"
            )

    def _compared(self, parameters: Parameters, context: AnalysisContext) -> dict[str, float]:
        """Every metric beside the snapshot, which afterwards is equal to the parameters."""
        snapshot = self._snapshot
        assert snapshot is not None
        # Interrupted half-way there is no snapshot rather than half of one.
        self._snapshot = None
        delta = self._delta(parameters, snapshot)
        if parameters.spread:
            # All ranks come together here, whatever the metrics of each ask for.
            _ = delta.changes
        metrics: dict[str, float] = {}
        for computer in self.computers:
            metrics |= self._computed(computer, delta, context)
        if not delta.refreshed:
            snapshot.refresh(parameters)
        self._snapshot = snapshot
        return metrics

    def _delta(self, parameters: Parameters, snapshot: Snapshot) -> Delta:
        config = self.config
        thresholds = tuple(dict.fromkeys([*config.param_change_thresholds]))
        # One pass compares and refreshes where nobody looks at the old parameters afterwards.
        refresh = not any(computer.reads_old for computer in self.computers)
        return Delta(
            parameters,
            snapshot,
            thresholds,
            signs=config.param_change_sign_flips,
            refresh=refresh,
            threads=config.threads,
        )

    def _computed(self, computer: MetricComputer, delta: Delta, context: AnalysisContext) -> dict[str, float]:
        try:
            if not computer.validate_context(context):
                self._warn(
                    f"{computer.name} is left out: it needs inputs or an optimizer that on_optimizer_step was not given"
                )
                return {}
            live = delta.parameters.tensors
            told = {"old_snapshot": delta.old_snapshot, "current_snapshot": live, "context": context}
            return {key: float(value) for key, value in computer.compute(delta=delta, **told).items()}
        except Exception as error:
            self._warn(f"{computer.name} failed", error)
            return {}

    def _costs(self, metrics: dict[str, float]) -> dict[str, float]:
        """What it cost, where a budget was set."""
        if not metrics or self._budget.share is None:
            return metrics
        budget = self._budget
        steps = float(self.config.interval * budget.stride)
        return metrics | {"cost/seconds": budget.seconds, "cost/overhead": budget.overhead, "cost/interval": steps}

    def _tell(self, metrics: dict[str, float]) -> None:
        """Of several ranks the first tells."""
        if not metrics or rank() != 0:
            return
        if self.recorder is not None:
            self.recorder.write(self.step, metrics)
        if self.log is not None:
            self.log(dict(metrics), self.step)

    def _warn(self, what: str, error: Exception | None = None) -> None:
        """Once each: a warning a measurement would drown the log."""
        text = f"{what}: {type(error).__name__}: {error}" if error is not None else what
        if text not in self._told:
            self._told.add(text)
            _LOGGER.warning("step %d: %s", self.step, text)


def _computers(config: AnalysisConfig) -> list[MetricComputer]:
    """The metrics of a config, in the order of their keys."""
    change = ParameterChange(
        per_layer=config.param_change_per_layer,
        components=config.param_change_track_components,
        sign_flips=config.param_change_sign_flips,
    )
    sparse = SparseQuality(
        config.sparse_quality_thresholds, random=config.sparse_quality_include_random, seed=config.seed
    )
    gradient = TensorStatistics(
        "gradient",
        thresholds=[0.0, 1e-8, 1e-6, 1e-4],
        per_layer=config.gradient_track_per_layer,
        threads=config.threads,
    )
    adam = AdamSign(
        components=config.adam_sign_track_per_component,
        per_layer=config.adam_sign_track_per_layer,
        samples=config.adam_sign_histogram_samples,
        near=config.adam_sign_near_lr_tolerance,
    )
    wanted: list[tuple[object, MetricComputer]] = [
        (config.param_change_enabled, change),
        (config.weights_enabled, TensorStatistics("weights", threads=config.threads)),
        (config.gradient_enabled, gradient),
        (config.momentum_enabled, TensorStatistics("momentum", threads=config.threads)),
        (config.adam_sign_enabled, adam),
        (config.activation_modules, Activations(config.activation_modules, threads=config.threads)),
        (config.spectral_parameters, Spectra(config.spectral_parameters)),
        (config.sparse_quality_enabled, sparse),
    ]
    return [computer for asked, computer in wanted if asked]
