"""A measurement leaves nothing behind: not when it works, not when it fails, not when it is interrupted."""

from __future__ import annotations

import copy
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fastlogs.torch
import numpy as np
import pytest
import torch
import torch.nn.utils.stateless
from fastlogs.torch import AnalysisConfig, MetricComputer, ModelAnalysisManager
from fastlogs.torch.budget import Budget
from models import Language, batch, train

CONFIG = AnalysisConfig(interval=1)
# Of the lines that do not touch the model one in so many is interrupted.
EVERY = 20


def _state(model: torch.nn.Module, optimizer: Any) -> dict[str, Any]:
    """Everything that training depends on."""
    return {
        "weights": {name: value.clone() for name, value in model.state_dict().items()},
        "places": [id(tensor) for tensor in (*model.parameters(), *model.buffers())],
        "memory": [parameter.data_ptr() for parameter in model.parameters()],
        "modes": [module.training for module in model.modules()],
        "grads": [None if p.grad is None else p.grad.clone() for p in model.parameters()],
        "required": [p.requires_grad for p in model.parameters()],
        "optimizer": copy.deepcopy(optimizer.state_dict()),
        "random": (torch.get_rng_state(), random.getstate(), np.random.get_state()[1].tolist()),
        "hooks": [(len(m._forward_hooks), len(m._forward_pre_hooks), len(m._backward_hooks)) for m in model.modules()],
        "settings": (torch.is_grad_enabled(), torch.get_num_threads(), torch.get_default_dtype()),
    }


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b)


@contextmanager
def _unchanged(model: torch.nn.Module, optimizer: Any) -> Iterator[None]:
    before = _state(model, optimizer)
    yield
    after = _state(model, optimizer)
    for key, value in before.items():
        assert _same(value, after[key]), key


def _trained(**shape: int) -> tuple[Language, Any]:
    model = Language(**shape)
    # One module in evaluation mode by itself: it has to stay so.
    model.layers[0].dropout.eval()
    optimizer = torch.optim.AdamW(model.parameters())
    model(**batch(shape.get("words", 40)))["logits"].sum().backward()
    optimizer.step()
    return model, optimizer


class _Fails(torch.nn.Module):
    """Raises at the n-th call from now."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error, self.left = error, -1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.left -= 1
        if self.left == 0:
            raise self.error
        return x


@pytest.mark.parametrize("call", range(1, 8))
@pytest.mark.parametrize("error", [RuntimeError("out of memory"), KeyboardInterrupt(), SystemExit()], ids=repr)
def test_nothing_is_left_after_an_error_in_any_pass(call: int, error: BaseException) -> None:
    model, optimizer = _trained()
    model.running = torch.nn.Sequential(model.running, _Fails(error))
    config = AnalysisConfig.comprehensive()
    config.interval, config.activation_modules = 1, ["layers.*"]
    analyzer = ModelAnalysisManager.create(config)
    analyzer.on_optimizer_step(model, inputs=batch(), optimizer=optimizer)
    model.running[1].left = call
    given = {"inputs": batch(), "optimizer": optimizer}
    with _unchanged(model, optimizer):
        if isinstance(error, Exception):
            assert "param_change/norm_l2" in analyzer.on_optimizer_step(model, **given)
        else:
            with pytest.raises(type(error)):
                analyzer.on_optimizer_step(model, **given)

    if not isinstance(error, Exception):
        # Half a measurement: the next one looks first.
        assert analyzer.on_optimizer_step(model, **given) == {}
    assert "sparse/kl_at_1e-06" in analyzer.on_optimizer_step(model, **given)


OURS = str(Path(fastlogs.torch.__file__).parent)
LENT = torch.nn.utils.stateless.__file__


class _Interrupts:
    """Ctrl-C at a line of our code, or of torch's that lends weights; without one it lists the lines that are passed."""

    def __init__(self, at: tuple[str, int] | None = None) -> None:
        self.at, self.lines = at, {}

    def __call__(self, frame: Any, event: str, _: Any) -> Any:
        path = frame.f_code.co_filename
        if not path.startswith(OURS) and path != LENT:
            return None
        if event == "line":
            line = (path, frame.f_lineno)
            self.lines[line] = None
            if line == self.at:
                self.at = None
                raise KeyboardInterrupt
        return self


def _interrupted(analyzer: ModelAnalysisManager, given: Any, interrupts: _Interrupts) -> bool:
    """Whether a measurement was."""
    before = sys.gettrace()
    sys.settrace(interrupts)
    try:
        analyzer.on_optimizer_step(**given)
        return False
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)


def _everything() -> AnalysisConfig:
    config = AnalysisConfig.comprehensive()
    config.interval, config.sparse_quality_thresholds, config.activation_modules = 1, [1e-6], ["layers.0"]
    config.sparse_quality_include_random = False
    config.weights_enabled, config.spectral_parameters = True, ["layers.0.q_proj.weight"]
    return config


def _lines() -> list[tuple[str, int]]:
    """All lines that a measurement passes."""
    model, optimizer = _trained(words=10, width=4, layers=1)
    given = {"model": model, "inputs": batch(10), "optimizer": optimizer}
    analyzer = ModelAnalysisManager.create(_everything())
    analyzer.on_optimizer_step(**given)
    passed = _Interrupts()
    _interrupted(analyzer, given, passed)
    return list(passed.lines)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_interrupt_at_any_line_leaves_nothing() -> None:
    """All lines that touch the model, and some of the others."""
    lines = [line for at, line in enumerate(_lines()) if line[0].endswith(("forward.py", LENT)) or at % EVERY == 0]
    assert len(lines) > 50
    model, optimizer = _trained(words=10, width=4, layers=1)
    given = {"model": model, "inputs": batch(10), "optimizer": optimizer}
    analyzer = ModelAnalysisManager.create(_everything())
    for line in lines:
        while not analyzer._snapshot:
            analyzer.on_optimizer_step(**given)
        with _unchanged(model, optimizer):
            assert _interrupted(analyzer, given, _Interrupts(line)), line
    # The next one is whole, or looks first.
    assert "sparse/kl_at_1e-06" in (analyzer.on_optimizer_step(**given) or analyzer.on_optimizer_step(**given))


def test_nothing_is_left_after_a_measurement() -> None:
    model, optimizer = _trained()
    analyzer = ModelAnalysisManager.create(CONFIG)
    for _ in range(3):
        given = {"inputs": batch(), "optimizer": optimizer}
        with _unchanged(model, optimizer):
            analyzer.on_optimizer_step(model, **given)


def test_a_model_that_counts_in_its_buffers_counts_nothing() -> None:
    class Counts(Language):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("calls", torch.zeros(1))

        def forward(self, *args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            return super().forward(*args, **kwargs)

    model = Counts()
    analyzer = ModelAnalysisManager.create(CONFIG)
    analyzer.on_optimizer_step(model, inputs=batch())
    assert "sparse/kl_at_1e-06" in analyzer.on_optimizer_step(model, inputs=batch())

    assert model.calls.item() == 0


def test_tied_weights_are_measured_once_and_stay_tied() -> None:
    model = Language()
    model.lm_head.weight = model.embed_tokens.weight
    analyzer = ModelAnalysisManager.create(CONFIG)
    analyzer.on_optimizer_step(model, inputs=batch())
    with torch.no_grad():
        model.lm_head.weight += 1
    found = analyzer.on_optimizer_step(model, inputs=batch())

    assert model.lm_head.weight is model.embed_tokens.weight
    assert found["param_change/norm_l1"] == pytest.approx(40 * 16, rel=1e-5)
    assert "sparse/kl_at_1e-06" in found


def test_a_logger_that_raises_ends_nothing() -> None:
    def log(metrics: dict[str, float], step: int) -> None:
        raise OSError("the network is gone")

    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=1, sparse_quality_enabled=False), log=log)
    _, losses = train(4, analyzer.on_optimizer_step)

    assert len(losses) == 4


def test_an_old_parameter_is_kept_for_who_looks_at_it() -> None:
    class Looks(MetricComputer):
        def compute(self, delta: Any, **_: Any) -> dict[str, float]:
            return {"largest": max(float(d.abs().max()) for _, d in delta.deltas())}

    model = Language()
    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=1, sparse_quality_enabled=False)).add_metric(Looks())
    analyzer.on_optimizer_step(model)
    with torch.no_grad():
        model.lm_head.bias += 0.5
    found = analyzer.on_optimizer_step(model)

    assert found["largest"] == pytest.approx(0.5)
    assert analyzer.on_optimizer_step(model)["largest"] == 0


def test_random_masks_are_the_same_in_every_run() -> None:
    def found() -> dict[str, float]:
        torch.manual_seed(0)
        model, inputs = Language(), batch()
        analyzer = ModelAnalysisManager.create(CONFIG)
        analyzer.on_optimizer_step(model, inputs=inputs)
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.add_(torch.randn_like(parameter) * 1e-4)
        return analyzer.on_optimizer_step(model, inputs=inputs)

    assert found() == found()


class _Clock:
    """A measurement takes a second, a step of training a tenth."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.5
        return self.now


def test_a_budget_lowers_the_frequency() -> None:
    clock = _Clock()
    config = AnalysisConfig(interval=10, sparse_quality_enabled=False, max_overhead=0.01)
    analyzer = ModelAnalysisManager.create(config)
    analyzer._budget = Budget(0.01, clock=clock)
    model, told = torch.nn.Linear(2, 2), []
    for step in range(1, 1001):
        clock.now += 0.1
        if found := analyzer.on_optimizer_step(model):
            told.append((step, found))

    # A measurement costs half a second: a hundredth of that are fifty seconds, five hundred steps.
    assert told[0][0] == 20
    assert 1 <= len(told) <= 3
    assert 300 <= told[0][1]["cost/interval"] <= 600
