"""Values beside plain torch, over types, strides and values that are not finite."""

from __future__ import annotations

import math
from pathlib import Path

import fastlogs
import numpy as np
import pytest
import torch
from fastlogs.model import change, diff, open_checkpoint, stats
from fastlogs.torch import AdamSign, AnalysisConfig, AnalysisContext, Delta, ModelAnalysisManager, TensorStatistics
from fastlogs.torch.shards import parameters_of
from fastlogs.torch.snapshot import Snapshot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from models import Language, batch, train

TYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
NUMBERS = st.one_of(st.floats(-2, 2, width=16), st.sampled_from([0.0, 1e-7, math.nan, math.inf, -math.inf]))


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[torch.Tensor, torch.Tensor]:
    """Two tensors of one type and shape, perhaps transposed, cut or repeated."""
    rows, columns = draw(st.integers(0, 9)), draw(st.integers(1, 9))
    kind = draw(st.sampled_from(TYPES))
    values = [draw(st.lists(NUMBERS, min_size=rows * columns, max_size=rows * columns)) for _ in range(2)]
    pair = [torch.tensor(one, dtype=torch.float64).to(kind).reshape(rows, columns) for one in values]
    way = draw(st.sampled_from(["as it is", "transposed", "every second", "repeated", "apart"]))
    if way == "transposed":
        pair = [one.t() for one in pair]
    elif way == "every second":
        pair = [one[:, ::2] for one in pair]
    elif way == "repeated":
        pair = [one[:, :1].expand(rows, 5) for one in pair]
    elif way == "apart":
        pair[1] = pair[1].t().contiguous().t()
    return pair[0], pair[1]


@given(pair=_pairs(), bounds=st.lists(st.floats(0, 1), max_size=6))
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_tensors_equal_plain_torch(pair: tuple[torch.Tensor, torch.Tensor], bounds: list[float]) -> None:
    new, old = pair
    total = change({"w": new}, {"w": old}, thresholds=bounds, signs=True).total
    wide = torch.float64 if new.dtype == torch.float64 else torch.float32
    apart = new.to(wide) - old.to(wide)
    delta = apart[apart.isfinite()].double()

    assert (total.n, total.nonfinite) == (len(delta), apart.numel() - len(delta))
    if not len(delta):
        return
    assert total.norm_l2 == pytest.approx(float(delta.norm()), rel=1e-5, abs=1e-300)
    assert total.norm_l1 == pytest.approx(float(delta.abs().sum()), rel=1e-5, abs=1e-300)
    assert total.norm_max == float(delta.abs().max())
    assert total.mean == pytest.approx(float(delta.mean()), rel=1e-5, abs=1e-5 * total.norm_max)
    if len(delta) > 1:
        assert total.std == pytest.approx(float(delta.std()), rel=1e-5, abs=1e-7 * total.norm_max)
    assert [total.over(b) for b in bounds] == [int((delta.abs() > b).sum()) for b in bounds]


def test_snapshots_are_exact_in_every_type_and_layout() -> None:
    model = torch.nn.ParameterDict(
        {str(i): torch.nn.Parameter(torch.randn(5, 4).to(kind)) for i, kind in enumerate(TYPES)}
    )
    model["t"] = torch.nn.Parameter(torch.randn(4, 6).t())
    parameters = parameters_of(model)
    snapshot = Snapshot(parameters)

    assert not snapshot.narrowed
    for name, tensor in parameters.tensors.items():
        assert snapshot.data[name].dtype == tensor.dtype
        assert torch.equal(snapshot.data[name], tensor)
    for tensor in parameters.tensors.values():
        tensor.add_(1)
    snapshot.changes(parameters, (1e-6,), refresh=True)
    assert all(torch.equal(snapshot.data[name], tensor) for name, tensor in parameters.tensors.items())


def test_a_delta_by_itself() -> None:
    model = torch.nn.Linear(3, 2)
    snapshot = Snapshot(parameters_of(model))
    with torch.no_grad():
        model.bias += 0.5
    delta = Delta(parameters_of(model), snapshot, (0.1,))

    assert delta.statistics()["norm_l1"] == pytest.approx(1)
    assert delta.per_layer_statistics()["bias"]["mean"] == pytest.approx(0.5)
    assert delta.sparsity_at_threshold(0.1) == {
        "kept_ratio": 0.25,
        "dropped_ratio": 0.75,
        "total_params": 8,
        "kept_params": 2,
    }
    assert delta.sparsity_at_threshold(0.7)["kept_params"] == 0
    assert dict(delta.deltas())["bias"].tolist() == pytest.approx([0.5, 0.5])


def _told(computer: object, **context: object) -> dict[str, float]:
    model = context["model"]
    delta = Delta(parameters_of(model), Snapshot(parameters_of(model)), ())
    return computer.compute(delta=delta, context=AnalysisContext(**context))  # type: ignore[attr-defined]


def test_gradients_momenta_and_weights_are_measured() -> None:
    model = torch.nn.Linear(4, 4)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.randn(5, 4)).square().sum().backward()
    optimizer.step()
    gradient = torch.cat([p.grad.flatten() for p in model.parameters()])
    found = _told(TensorStatistics("gradient", thresholds=[0.0, 1.0], per_layer=True), model=model)

    assert found["gradient/norm_l2"] == pytest.approx(float(gradient.norm()), rel=1e-5)
    assert found["gradient/dense_count_at_1e+00"] == int((gradient.abs() > 1).sum())
    momentum = _told(TensorStatistics("momentum"), model=model, optimizer=optimizer)
    assert momentum["momentum/norm_l2"] == pytest.approx(float(gradient.norm()), rel=1e-5)
    assert _told(TensorStatistics("weights"), model=model)["weights/nonfinite"] == 0
    optimizer.zero_grad()
    assert _told(TensorStatistics("gradient"), model=model) == {}


def test_adam_s_first_step_takes_signs_and_every_group_has_its_own_rate() -> None:
    """After one step Adam's update is the learning rate times the sign, but for eps."""
    a, b = torch.nn.Linear(3, 3, bias=False), torch.nn.Linear(3, 3, bias=False)
    model = torch.nn.ModuleDict({"a": a, "b": b})
    optimizer = torch.optim.Adam([{"params": a.parameters(), "lr": 0.001}, {"params": b.parameters(), "lr": 0.1}])
    (a(torch.ones(2, 3)).sum() + b(torch.ones(2, 3)).sum()).backward()
    optimizer.step()
    found = _told(AdamSign(), model=model, optimizer=optimizer)

    assert found["adam_sign/update_ratio_mean"] == pytest.approx(1, rel=1e-5)
    assert found["adam_sign/frac_within_10pct_of_lr"] == found["adam_sign/grad_sign_agreement"] == 1
    assert found["adam_sign/effective_lr_mean"] == pytest.approx((0.001 + 0.1) / 2, rel=1e-5)
    assert (found["adam_sign/group_0/lr"], found["adam_sign/group_1/lr"]) == (0.001, 0.1)
    assert found["adam_sign/group_0/bias_correction_m"] == pytest.approx(0.1)


def test_what_torch_writes_is_read_without_it(tmp_path: Path) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.LayerNorm(5)).bfloat16()
    optimizer = torch.optim.Adam(model.parameters())
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": 3}
    torch.save(state, tmp_path / "a_1.pt")
    with torch.no_grad():
        model[0].weight.add_(0.25)
    torch.save(
        torch.nn.ParameterDict({"t": torch.nn.Parameter(torch.randn(3, 4).t()[1:])}).state_dict(), tmp_path / "t.pt"
    )
    torch.save(model.state_dict(), tmp_path / "a_2.pt")

    assert set(open_checkpoint(tmp_path / "a_1.pt")) == set(model.state_dict())
    assert open_checkpoint(tmp_path / "a_1.pt").step == 1
    found = diff(tmp_path / "a_1.pt", tmp_path / "a_2.pt", thresholds=[0.0])
    assert found.changes.total.over(0.0) == 20
    held = torch.load(tmp_path / "t.pt")["t"]
    assert np.array_equal(open_checkpoint(tmp_path / "t.pt")["t"], held.numpy())
    assert stats(tmp_path / "t.pt").changes.total.norm_l2 == pytest.approx(float(held.norm()), rel=1e-5)


def test_what_is_recorded_is_read_compared_and_reported(tmp_path: Path) -> None:
    for seed in range(2):
        analyzer = ModelAnalysisManager.create(AnalysisConfig.minimal(), record=tmp_path / f"{seed}.jsonl")
        analyzer.config.interval = 1
        analyzer.reset()
        train(30, analyzer.on_optimizer_step, seed=seed)
    paths = [tmp_path / "0.jsonl", tmp_path / "1.jsonl"]

    assert fastlogs.read(paths[0]).height == 29
    assert fastlogs.compare(*paths, metric="param_change/norm_l2").to_dict()
    fastlogs.report(fastlogs.load(paths[0])).save(tmp_path / "x.md")
    told = (tmp_path / "x.md").read_text()
    assert "## Model" in told
    assert "the share of parameters that did not change" in told


def test_activations_and_spectra_on_request() -> None:
    config = AnalysisConfig(interval=1, sparse_quality_enabled=False)
    config.activation_modules, config.spectral_parameters = ["layers.*.q_proj"], ["*q_proj.weight"]
    model, analyzer = Language(), ModelAnalysisManager.create(config)
    analyzer.on_optimizer_step(model, inputs=batch())
    found = analyzer.on_optimizer_step(model, inputs=batch())

    assert {"activation/layers.0.q_proj/norm_l2", "activation/layers.1.q_proj/zeros"} <= found.keys()
    assert found["spectral/layers.0.q_proj.weight/norm_2"] == pytest.approx(
        float(torch.linalg.matrix_norm(model.layers[0].q_proj.weight.detach(), 2)), rel=1e-5
    )
    assert not any(module._forward_hooks for module in model.modules())
