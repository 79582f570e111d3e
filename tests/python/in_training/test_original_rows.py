"""Rows A01 to A15 of the original's checklist, a test each; A16 needs no torch and is in model/test_meaning.py."""

from __future__ import annotations

import copy
import logging
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import fastlogs
import pytest
import torch
from fastlogs.errors import UsageError
from fastlogs.torch import (
    AnalysisConfig,
    MetricComputer,
    ModelAnalysisCallback,
    ModelAnalysisManager,
    ParameterChange,
    SparseQuality,
)
from models import Language, batch, train

# What was loaded before any test ran.
BEFORE = set(sys.modules)
CHANGE = AnalysisConfig(interval=1, sparse_quality_enabled=False)


def _moved(model: torch.nn.Module, by: float = 1e-5, *, share: float = 1.0) -> None:
    """Adds noise to a share of the parameters."""
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn_like(parameter) * by * (torch.rand_like(parameter) < share)
            parameter.add_(noise)


def _measured(config: AnalysisConfig, model: torch.nn.Module, move: Any = _moved, **given: Any) -> dict[str, float]:
    analyzer = ModelAnalysisManager.create(config)
    assert analyzer.on_optimizer_step(model, **given) == {}
    move(model)
    return analyzer.on_optimizer_step(model, **given)


def test_a01_config_fields_validation_presets_and_dicts() -> None:
    config = AnalysisConfig()
    assert (config.interval, config.snapshot_device, config.snapshot_dtype) == (100, "cpu", "float32")
    assert config.param_change_thresholds == config.sparse_quality_thresholds == [1e-8, 1e-6, 1e-4]
    assert (config.param_change_enabled, config.sparse_quality_enabled, config.gradient_enabled) == (True, True, False)
    minimal, full = AnalysisConfig.minimal(), AnalysisConfig.comprehensive()
    assert (minimal.interval, minimal.sparse_quality_enabled) == (500, False)
    assert (full.interval, full.param_change_per_layer, full.adam_sign_enabled) == (50, True, True)
    assert AnalysisConfig.from_dict(full.to_dict()) == full
    with pytest.raises(TypeError):
        AnalysisConfig.from_dict({"unknown": 1})
    for wrong in ({"interval": 0}, {"interval": 2.5}, {"snapshot_device": "tpu"}, {"snapshot_dtype": "int8"},
                  {"param_change_thresholds": [-1e-6]}, {"sparse_quality_thresholds": [math.nan]}, {"max_overhead": 0}):  # fmt: skip
        with pytest.raises(UsageError):
            AnalysisConfig(**wrong)


def test_a02_life_cycle() -> None:
    model = Language()
    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=3, sparse_quality_enabled=False))
    told = [bool(analyzer.on_optimizer_step(model)) for _ in range(9)]
    assert told == [False] * 5 + [True, False, False, True]
    assert (len(analyzer), analyzer.step) == (1, 9)
    assert "interval=3" in repr(analyzer)
    state = analyzer.state_dict()
    assert state["step_count"] == 9
    analyzer.reset()
    assert [bool(analyzer.on_optimizer_step(model)) for _ in range(6)] == [False] * 5 + [True]
    analyzer.load_state_dict(state)
    assert [bool(analyzer.on_optimizer_step(model)) for _ in range(6)] == [False] * 5 + [True]
    assert len(ModelAnalysisManager().add_metric(ParameterChange()).add_metric(ParameterChange())) == 2


def test_a03_change_equals_plain_torch() -> None:
    torch.manual_seed(1)
    model = Language()
    old = copy.deepcopy(model)
    found = _measured(CHANGE, model, lambda m: _moved(m, share=0.15))
    pairs = zip(model.parameters(), old.parameters(), strict=True)
    delta = torch.cat([(new - was).detach().flatten() for new, was in pairs])
    wanted = {
        "norm_l2": delta.norm(), "norm_l1": delta.abs().sum(), "norm_max": delta.abs().max(),
        "mean": delta.mean(), "std": delta.std(),
    }  # fmt: skip
    for threshold, label in ((1e-8, "1e-08"), (1e-6, "1e-06"), (1e-4, "1e-04")):
        wanted[f"changed_ratio_at_{label}"] = (delta.abs() > threshold).double().mean()
        wanted[f"sparsity_at_{label}"] = (delta.abs() <= threshold).double().mean()
    for key, value in wanted.items():
        assert found[f"param_change/{key}"] == pytest.approx(float(value), rel=1e-5, abs=1e-12), key


def test_a04_layers_and_components() -> None:
    config = AnalysisConfig(
        interval=1, sparse_quality_enabled=False, param_change_per_layer=True, param_change_track_components=True
    )
    found = _measured(config, Language())
    groups = {key.rsplit("/", 1)[0].removeprefix("param_change/") for key in found if key.count("/") > 1}
    components = ("embed_tokens", "layernorm", "lm_head", "q_proj", "up_proj", "down_proj")
    assert groups == {"layer_0", "layer_1", *(f"component/{name}" for name in components)}
    assert {key.rsplit("/", 1)[1] for key in found if "/layer_" in key} == {"mean_abs_delta", "sparsity"}

    class Gpt2(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.h = torch.nn.ModuleList([torch.nn.Linear(2, 2) for _ in range(4)])

    assert "param_change/layer_3/mean_abs_delta" in _measured(config, Gpt2())


def test_a05_sign_flips() -> None:
    model = torch.nn.Linear(4, 1, bias=False)
    model.weight.data = torch.tensor([[1.0, -1.0, 0.0, 2.0]])

    def move(m: torch.nn.Module) -> None:
        m.weight.data.copy_(torch.tensor([[-1.0, -2.0, 3.0, 0.5]]))

    config = AnalysisConfig(interval=1, sparse_quality_enabled=False, param_change_sign_flips=True)
    found = _measured(config, model, move)

    assert found["param_change/sign_flip_count"] == 1
    assert found["param_change/sign_flip_ratio"] == pytest.approx(1 / 3)


def _plain_sparse(model: Language, old: Language, inputs: dict[str, Any], threshold: float) -> dict[str, float]:
    """As the definitions say, by plain torch: old weights plus the masked change, in evaluation mode."""
    sparse = copy.deepcopy(old)
    kept = total = 0
    for new, was in zip(model.parameters(), sparse.parameters(), strict=True):
        mask = (new - was).abs() > threshold
        was.data += (new - was).data * mask
        kept, total = kept + int(mask.sum()), total + mask.numel()
    buffers = dict(model.named_buffers())
    for name, buffer in sparse.named_buffers():
        buffer.copy_(buffers[name])
    with torch.no_grad():
        full = copy.deepcopy(model).eval()(**inputs)["logits"].double()
        other = sparse.eval()(**inputs)["logits"].double()
    valid = inputs["attention_mask"].bool()
    full, other = full[valid], other[valid]
    p, q = full.log_softmax(-1), other.log_softmax(-1)
    return {
        "kl": float((p.exp() * (p - q)).sum(-1).mean()),
        "cosine": float(torch.nn.functional.cosine_similarity(full, other, dim=-1).mean()),
        "mse": float((full - other).square().mean()),
        "top1_agree": float((full.argmax(-1) == other.argmax(-1)).double().mean()),
        "kept_ratio": kept / total,
        "unchanged_ratio": 1 - kept / total,
    }


def test_a06_sparse_quality_equals_plain_torch() -> None:
    torch.manual_seed(2)
    model, inputs = Language().double(), batch()
    old = copy.deepcopy(model)
    config = AnalysisConfig(interval=1, sparse_quality_thresholds=[1e-5], param_change_thresholds=[1e-5])
    found = _measured(config, model, lambda m: _moved(m, 1e-2), inputs=inputs)

    for key, value in _plain_sparse(model, old, inputs, 1e-5).items():
        assert found[f"sparse/{key}_at_1e-05"] == pytest.approx(value, rel=1e-5, abs=1e-9), key
    assert {f"sparse/{key}_at_1e-05_random" for key in ("kl", "cosine", "mse", "top1_agree")} <= found.keys()
    assert found["sparse/kl_at_1e-05_random"] > 0


def test_a06_at_threshold_zero_the_sparse_model_is_the_model() -> None:
    config = AnalysisConfig(interval=1, sparse_quality_thresholds=[0.0])
    found = _measured(config, Language(), inputs=batch())

    assert found["sparse/kl_at_0e+00"] == found["sparse/mse_at_0e+00"] == 0


def test_a07_the_trajectory_is_the_same_with_and_without() -> None:
    config = AnalysisConfig.comprehensive()
    config.interval, config.activation_modules, config.spectral_parameters = 2, ["layers.*"], ["*q_proj.weight"]
    analyzer = ModelAnalysisManager.create(config)
    alone, losses = train(9)
    watched, same = train(9, analyzer.on_optimizer_step)

    assert losses == same
    for (name, a), (_, b) in zip(alone.state_dict().items(), watched.state_dict().items(), strict=True):
        assert torch.equal(a, b), name


NOTHING = AnalysisConfig(interval=1)
WRONG = {
    "a tensor as inputs": (lambda: Language(), {"inputs": torch.zeros(2, 3)}),
    "no logits": (lambda: torch.nn.LSTM(3, 3), {"inputs": {"words": 1}}),
    "unknown inputs": (lambda: Language(), {"inputs": {"other": torch.zeros(1)}}),
    "no inputs": (lambda: Language(), {}),
}


@pytest.mark.parametrize("case", WRONG)
def test_a08_nothing_raises_into_the_loop(case: str, caplog: pytest.LogCaptureFixture) -> None:
    make, given = WRONG[case]
    with caplog.at_level(logging.WARNING, "fastlogs.torch"):
        found = _measured(NOTHING, make(), **given)

    assert "param_change/norm_l2" in found
    assert not [key for key in found if key.startswith("sparse/kl")]
    assert caplog.records


def test_a08_a_resized_parameter_and_no_parameters(caplog: pytest.LogCaptureFixture) -> None:
    model = Language()
    analyzer = ModelAnalysisManager.create(CHANGE)
    analyzer.on_optimizer_step(model)
    model.lm_head = torch.nn.Linear(16, 50)
    assert analyzer.on_optimizer_step(model) == {}
    assert analyzer.on_optimizer_step(model)["param_change/norm_l2"] == 0
    assert analyzer.on_optimizer_step(torch.nn.ReLU()) == {}
    assert analyzer.on_optimizer_step("no model at all") == {}

    assert "another shape" in caplog.text
    assert "no parameters" in caplog.text


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_a09_a_narrow_snapshot_tells_no_fiction(dtype: str, caplog: pytest.LogCaptureFixture) -> None:
    """Every weight moves by 1e-6, too little for sixteen bits: no documented key says that nothing moved."""
    torch.manual_seed(0)
    model = torch.nn.Linear(100, 100)
    config = AnalysisConfig(interval=1, sparse_quality_enabled=False, snapshot_dtype=dtype)
    found = _measured(config, model, lambda m: [p.data.add_(1e-6) for p in m.parameters()])

    assert not [key for key in found if not key.endswith(f"_in_{dtype}")]
    stored = torch.nn.Linear(100, 100)
    torch.manual_seed(0)
    stored.reset_parameters()
    old = torch.cat([p.detach().flatten().to(getattr(torch, dtype)) for p in stored.parameters()])
    new = torch.cat([(p.detach() + 1e-6).flatten().to(getattr(torch, dtype)) for p in stored.parameters()])
    assert found[f"param_change/changed_ratio_at_1e-08_in_{dtype}"] == pytest.approx(
        float((new != old).double().mean()), abs=2e-4
    )
    assert "narrower" in caplog.text


def test_a09_a_snapshot_of_sixteen_bits_of_a_model_of_sixteen_bits_is_exact() -> None:
    model = torch.nn.Linear(50, 50).bfloat16()
    old = copy.deepcopy(model)
    config = AnalysisConfig(interval=1, sparse_quality_enabled=False, snapshot_dtype="float16")
    found = _measured(config, model, lambda m: _moved(m, 1e-2))
    delta = torch.cat(
        [(a.float() - b.float()).detach().flatten() for a, b in zip(model.parameters(), old.parameters(), strict=True)]
    )

    assert found["param_change/norm_l2"] == pytest.approx(float(delta.norm()), rel=1e-5)


def test_a09_weights_beyond_sixteen_bits_are_counted() -> None:
    model = torch.nn.Linear(2, 1, bias=False)
    model.weight.data = torch.tensor([[1e6, 1.0]])
    config = AnalysisConfig(interval=1, sparse_quality_enabled=False, snapshot_dtype="float16")
    found = _measured(config, model, lambda m: m.weight.data.add_(1.0))

    assert found["param_change/nonfinite_in_float16"] == 1
    assert found["param_change/norm_l2_in_float16"] == 1


def test_a10_one_nan_weight() -> None:
    model = torch.nn.Linear(10, 10, bias=False)

    def move(m: torch.nn.Module) -> None:
        m.weight.data.add_(1.0)
        m.weight.data[3, 3] = math.nan

    found = _measured(CHANGE, model, move)

    assert found["param_change/nonfinite"] == 1
    assert found["param_change/norm_l2"] == pytest.approx(math.sqrt(99), rel=1e-5)
    assert found["param_change/changed_ratio_at_1e-06"] == 1


def test_a11_thresholds_have_keys_of_their_own() -> None:
    config = AnalysisConfig(interval=1, sparse_quality_enabled=False, param_change_thresholds=[1.5e-6, 2e-6, 2.4e-6])
    found = _measured(config, Language())

    assert len([key for key in found if "/sparsity_at_" in key]) == 3


def test_a12_basic_metrics_copy_nothing() -> None:
    """The cost in time is measured by benches/model.py; that nothing of the model's size is made can be seen here."""
    model = torch.nn.Linear(2000, 2000)
    analyzer = ModelAnalysisManager.create(CHANGE)
    analyzer.on_optimizer_step(model)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], profile_memory=True) as seen:
        analyzer.on_optimizer_step(model)
    made = sum(max(event.self_cpu_memory_usage, 0) for event in seen.events())

    assert made <= 0.1 * 4 * 2000 * 2001


def test_a13_own_metrics_and_failing_ones(caplog: pytest.LogCaptureFixture) -> None:
    class MyMetric(MetricComputer):
        def compute(self, delta, **kwargs):
            return {"my_metric": delta.statistics()["norm_l2"]}

    class Broken(MetricComputer):
        def compute(self, delta, **kwargs):
            raise ZeroDivisionError("mine")

    model = Language()
    analyzer = ModelAnalysisManager(CHANGE).add_metric(Broken()).add_metric(MyMetric()).add_metric(ParameterChange())
    analyzer.on_optimizer_step(model)
    _moved(model)
    found = analyzer.on_optimizer_step(model)

    assert found["my_metric"] == found["param_change/norm_l2"] > 0
    assert "Broken failed: ZeroDivisionError: mine" in caplog.text


class _State:
    global_step = 0


def test_a14_a_trainer_s_callback_logs_keys_and_imports_no_trainer() -> None:
    logged: list[tuple[int, dict[str, float]]] = []
    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=2))
    callback = ModelAnalysisCallback(analyzer, inputs=batch(), log=lambda metrics, step: logged.append((step, metrics)))
    model, state = Language(), _State()
    callback.on_train_begin(None, state, None, model=model)
    for step in range(1, 7):
        _moved(model)
        # A new trainer calls both, and counts the step in between.
        callback.on_optimizer_step(None, state, None, model=model)
        state.global_step = step
        assert callback.on_step_end(None, state, None, model=model) is None
    assert callback.on_log(None, state, None, model=model) is None

    assert [step for step, _ in logged] == [4, 6]
    assert all(key.startswith("analysis/") for key in logged[0][1])
    assert "analysis/sparse/kl_at_1e-06" in logged[0][1]
    assert not {"transformers", "trl", "lightning", "pytorch_lightning"} & BEFORE


def test_a15_the_rest_of_the_library_needs_no_torch(log: Path) -> None:
    code = "import sys; sys.modules['torch'] = None\nfrom fastlogs._cli.app import run\nimport fastlogs.model\n"
    said = subprocess.run(
        [sys.executable, "-c", f"{code}raise SystemExit(run(['summary', {str(log)!r}]))"],
        capture_output=True,
        text=True,
    )

    assert said.returncode == 0, said.stderr
    with_it = subprocess.run([sys.executable, "-c", "import fastlogs, fastlogs.model, sys; print('torch' in sys.modules)"],
                             capture_output=True, text=True)  # fmt: skip
    assert with_it.stdout == "False\n"


def test_the_quick_start_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "analysis.jsonl"
    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=2), record=path)
    train(8, lambda model, inputs, optimizer: analyzer.on_optimizer_step(model, inputs=inputs))
    table = fastlogs.read(path)

    assert table["step"].to_list() == [4, 6, 8]
    assert {
        "param_change/norm_l2",
        "param_change/sparsity_at_1e-06",
        "sparse/kl_at_1e-06",
        "sparse/kept_ratio_at_1e-06",
    } <= set(table.columns)
    assert isinstance(SparseQuality([1e-6]), MetricComputer)
