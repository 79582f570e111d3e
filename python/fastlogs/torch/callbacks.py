"""The analysis in other people's loops: Hugging Face's Trainer and TRL, Lightning. Neither is imported before."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from fastlogs.torch.analysis import ModelAnalysisManager

Log = Callable[[dict[str, float], int], Any]


class ModelAnalysisCallback:
    """A callback of `transformers.Trainer` and of TRL's trainers: measures after each optimizer step.

    Metrics go to `log`, else to W&B if a run is open, by keys that begin with `prefix`. The trainer shows callbacks
    no batches: `inputs` is one to probe with, where sparse quality is wanted.
    """

    def __init__(
        self, analyzer: ModelAnalysisManager, *, prefix: str = "analysis/", inputs: Any = None, log: Log | None = None
    ) -> None:
        self.analyzer = analyzer
        self.prefix = prefix
        self.inputs = inputs
        self.log = log
        self._in_time = False

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """A trainer that goes on from a checkpoint is counted on."""
        _count_on(self.analyzer, _step_of(state))

    def on_optimizer_step(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Newer trainers call this while there are gradients still, before they count the step."""
        self._in_time = True
        self._step(_step_of(state) + 1, given)

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Older trainers call only this."""
        if not self._in_time:
            self._step(_step_of(state), given)

    def __getattr__(self, name: str) -> Any:
        # A trainer calls every event of every callback; the others do nothing.
        if name.startswith("on_"):
            return lambda *_, **__: None
        raise AttributeError(name)

    def _step(self, step: int, given: dict[str, Any]) -> None:
        model = given.get("model")
        if model is None:
            return
        inputs = given.get("inputs") if given.get("inputs") is not None else self.inputs
        metrics = self.analyzer.on_optimizer_step(model, inputs=inputs, optimizer=given.get("optimizer"))
        if metrics:
            forward({f"{self.prefix}{key}": value for key, value in metrics.items()}, step, self.log)


def _step_of(state: Any) -> int:
    return int(getattr(state, "global_step", 0))


def _count_on(analyzer: ModelAnalysisManager, step: int) -> None:
    """The analysis counts the trainer's steps, so that what it records and what it logs are at one."""
    if analyzer.step != step:
        analyzer.load_state_dict({"step_count": step})


def _open_run() -> Log | None:
    """W&B's log where a run is open already; the trainer counts its steps itself."""
    wandb = sys.modules.get("wandb")
    if wandb is None or getattr(wandb, "run", None) is None:
        return None
    return lambda told, _: wandb.log(told)


def forward(metrics: dict[str, float], step: int, log: Log | None) -> None:
    """To the function that was given; else to W&B where a run is open already."""
    log = log or _open_run()
    if log is None:
        return
    try:
        log(metrics, step)
    except Exception as error:
        import logging

        logging.getLogger("fastlogs.torch").warning("step %d: logging failed: %s", step, error)


def lightning_callback(
    analyzer: ModelAnalysisManager, *, prefix: str = "analysis/", log: Log | None = None, probe: bool = True
) -> Any:
    """A callback of Lightning's Trainer: measures after each optimizer step, and logs by the module's own `log_dict`.

    `probe` gives the batch to the metrics that need inputs.
    """
    try:
        from lightning.pytorch import Callback
    except ImportError:
        from pytorch_lightning import Callback

    class LightningAnalysis(Callback):  # type: ignore[misc, unused-ignore]
        """Counts the trainer's optimizer steps, not its batches: gradients may be accumulated."""

        steps = 0

        def on_train_start(self, trainer: Any, pl_module: Any) -> None:
            self.steps = trainer.global_step
            _count_on(analyzer, self.steps)

        def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
            if trainer.global_step == self.steps:
                return
            self.steps = trainer.global_step
            optimizer = trainer.optimizers[0] if trainer.optimizers else None
            metrics = analyzer.on_optimizer_step(pl_module, inputs=batch if probe else None, optimizer=optimizer)
            told = {f"{prefix}{key}": value for key, value in metrics.items()}
            if told:
                forward(told, self.steps, log or (lambda values, _: pl_module.log_dict(values)))

    return LightningAnalysis()
