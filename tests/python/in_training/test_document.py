"""The interface that the original documents, called as it is called there."""

from __future__ import annotations

import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fastlogs.model import diff, judge, open_checkpoint, stats
from fastlogs.torch import AnalysisConfig, MetricComputer, ModelAnalysisManager
from models import Language, batch


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, float]]:
    """What W&B is given."""
    told: list[dict[str, float]] = []
    wandb = types.ModuleType("wandb")
    wandb.log = told.append  # type: ignore[attr-defined]
    # Libraries ask for it to know what is there.
    wandb.__spec__ = ModuleSpec("wandb", None)
    monkeypatch.setitem(sys.modules, "wandb", wandb)
    return told


def _train(analyzer: ModelAnalysisManager, steps: int) -> dict[int, dict[str, float]]:
    """The loop of the quick start; the metrics by step."""
    torch.manual_seed(0)
    model, found = Language(10, 4, 1), {}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(1, steps + 1):
        inputs = batch(10)
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(**inputs)["logits"].flatten(0, 1), inputs["input_ids"].flatten())
        loss.backward()
        optimizer.step()

        metrics = analyzer.on_optimizer_step(model, inputs=inputs)
        if metrics:
            import wandb

            wandb.log(metrics)
            found[step] = metrics
    return found


def test_the_quick_start_and_when_it_measures(logged: list[dict[str, float]]) -> None:
    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=100))
    found = _train(analyzer, 300)

    assert list(found) == [200, 300]
    assert logged == list(found.values())
    keys = {
        "param_change/norm_l2",
        "param_change/sparsity_at_1e-06",
        "sparse/kl_at_1e-06",
        "sparse/kept_ratio_at_1e-06",
    }
    assert keys <= logged[0].keys()
    assert {key.split("/")[0] for key in logged[0]} == {"param_change", "sparse"}


def test_presets_and_settings(logged: list[dict[str, float]]) -> None:
    minimal = AnalysisConfig.minimal()
    assert (minimal.interval, minimal.param_change_enabled, minimal.sparse_quality_enabled) == (500, True, False)
    full = AnalysisConfig.comprehensive()
    assert (full.interval, full.sparse_quality_enabled, full.param_change_per_layer) == (50, True, True)
    without = AnalysisConfig(interval=5, param_change_enabled=True, sparse_quality_enabled=False)
    found = _train(ModelAnalysisManager.create(without), 10)[10]

    assert not [key for key in found if key.startswith("sparse/")]
    assert AnalysisConfig(snapshot_dtype="float16").snapshot_dtype == "float16"


def test_a_metric_of_one_s_own(logged: list[dict[str, float]]) -> None:
    class MyMetric(MetricComputer):
        def compute(self, delta: Any, **kwargs: Any) -> dict[str, float]:
            return {"my_metric": delta.statistics()["norm_l2"]}

    analyzer = ModelAnalysisManager(AnalysisConfig(interval=5)).add_metric(MyMetric())

    assert _train(analyzer, 10)[10]["my_metric"] > 0
    assert len(logged) == 1


def test_the_table_of_what_values_mean() -> None:
    rows = [
        ("sparse/kl_at_1e-06", 0.005, "good"), ("sparse/kl_at_1e-06", 0.11, "bad"),
        ("sparse/kept_ratio_at_1e-06", 0.15, "good"), ("sparse/kept_ratio_at_1e-06", 0.91, "bad"),
        ("param_change/sparsity_at_1e-06", 0.9, "good"), ("param_change/sparsity_at_1e-06", 0.4, "bad"),
    ]  # fmt: skip
    for key, value, wanted in rows:
        assert judge(key, value) == wanted
        assert judge(f"analysis/{key}", value) == wanted


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore")
def test_a_callback_as_the_document_writes_it(
    logged: list[dict[str, float]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the real Trainer: it shows no inputs, so there is nothing of sparse quality, and it says so once."""
    import test_trainers
    from transformers import TrainerCallback

    class ModelAnalysisCallback(TrainerCallback):
        def __init__(self, analyzer: Any) -> None:
            self.analyzer = analyzer

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            model = kwargs.get("model")
            inputs = kwargs.get("inputs")

            metrics = self.analyzer.on_optimizer_step(model, inputs=inputs)
            if metrics:
                import wandb

                wandb.log({f"analysis/{k}": v for k, v in metrics.items()})

    monkeypatch.chdir(tmp_path)
    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=2))
    test_trainers._trainer([ModelAnalysisCallback(analyzer)], max_steps=4, gradient_accumulation_steps=1).train()

    assert len(logged) == 1
    assert "analysis/param_change/norm_l2" in logged[0]
    assert not [key for key in logged[0] if "sparse/" in key]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore")
def test_folders_that_hugging_face_writes_are_read(tmp_path: Path) -> None:
    """In many files and in few, float32 and bfloat16: what became of the weights is the same as in memory."""
    import test_trainers

    model = test_trainers._llama()
    model.save_pretrained(tmp_path / "a", max_shard_size="5KB")
    old = {name: value.clone() for name, value in model.state_dict().items()}
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(1.01)
    model.bfloat16().save_pretrained(tmp_path / "b", max_shard_size="8KB")
    apart = torch.cat([(value.float() - old[name]).flatten() for name, value in model.state_dict().items()])
    found = diff(tmp_path / "a", tmp_path / "b", thresholds=[1e-4])

    assert len(list((tmp_path / "a").glob("*.safetensors"))) > len(list((tmp_path / "b").glob("*.safetensors"))) > 1
    assert set(open_checkpoint(tmp_path / "a")) == set(old)
    assert (found.only_old, found.only_new, found.skipped) == ((), (), ())
    assert found.changes.total.norm_l2 == pytest.approx(float(apart.norm()), rel=1e-5)
    assert found.changes.total.over(1e-4) == int((apart.abs() > 1e-4).sum())
    squares = sum(float(value.double().square().sum()) for value in model.state_dict().values())
    assert stats(tmp_path / "b").changes.total.norm_l2 == pytest.approx(np.sqrt(squares), rel=1e-5)
