"""The code for GPUs beside the kernel and plain torch: on this processor, on shapes alone, and on a GPU where there is one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from fastlogs.model import change, statistics
from fastlogs.torch import AnalysisConfig, ModelAnalysisManager, adam, device, snapshot, tensors
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from models import Language, batch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

TYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
BOUNDS = (0.0, 1e-6, 1e-2)
CUDA = pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA GPU here"))
PLACES = ["cpu", CUDA]
ORDINARY = st.floats(-2, 2, width=16)
NUMBERS = st.one_of(ORDINARY, st.sampled_from([0.0, -0.0, 1e-7, 1e-30, 6e4, math.nan, math.inf, -math.inf]))


def _laid(values: torch.Tensor, way: str) -> torch.Tensor:
    """The same numbers in another layout of memory."""
    match way:
        case "transposed":
            return values.t().contiguous().t()
        case "every second":
            return torch.stack([values, torch.zeros_like(values)], -1).flatten(-2)[:, ::2]
        case "repeated":
            return values[:, :1].expand(values.shape)
        case _:
            return values


@st.composite
def _pair(draw: st.DrawFn) -> tuple[torch.Tensor, torch.Tensor]:
    rows, columns = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    kind, numbers = draw(st.sampled_from(TYPES)), draw(st.sampled_from([ORDINARY, NUMBERS]))
    flat = st.lists(numbers, min_size=rows * columns, max_size=rows * columns)
    ways = st.sampled_from(["as it is", "transposed", "every second", "repeated"])
    a, b = (torch.tensor(draw(flat), dtype=torch.float64).to(kind).reshape(rows, columns) for _ in range(2))
    return _laid(a, draw(ways)), _laid(b, draw(ways))


def _equal(found: np.ndarray, wanted: np.ndarray) -> None:
    """To 1e-5: the mean beside the sizes that it is the mean of, all else beside itself."""
    sizes = np.maximum(wanted[:, 4] / np.maximum(wanted[:, 0], 1), 1e-300)
    np.testing.assert_array_less(np.abs(found[:, 2] - wanted[:, 2]) / sizes, 1e-5)
    # Of a spread that is nothing beside the mean only rounding is left.
    rounding = 1e-12 * (wanted[:, 0] * wanted[:, 2] ** 2).max(initial=0)
    np.testing.assert_allclose(found[:, 3], wanted[:, 3], rtol=1e-5, atol=rounding)
    rest = [at for at in range(found.shape[1]) if at not in (2, 3)]
    np.testing.assert_allclose(found[:, rest], wanted[:, rest], rtol=1e-5)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("longest", [4, 1 << 16])
@given(pairs=st.lists(_pair(), max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_device_s_rows_are_the_kernel_s(
    place: str, longest: int, pairs: list[tuple[torch.Tensor, torch.Tensor]]
) -> None:
    """Many tensors of all types at once, cut into rows and stacks however long."""
    new, old = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    named = [{str(at): one for at, one in enumerate(side)} for side in (new, old)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(device, "_LONGEST", longest)
        patch.setattr(device, "_STACK", 8 * longest)
        far = [[one.to(place) for one in side] for side in (new, old)]
        rows = device.rows_on_device(*far, BOUNDS, signs=True)
        alone = device.rows_on_device(far[0], None, BOUNDS)

    _equal(rows, change(*named, thresholds=BOUNDS, signs=True).rows)
    _equal(alone, statistics(named[0], thresholds=BOUNDS).rows)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_many_and_long_tensors_equal_plain_torch(place: str, kind: torch.dtype) -> None:
    draws = torch.Generator().manual_seed(0)
    shapes = [(300, 300), (1,), (70_001,), (5, 0), (65_536,), (), (3, 7, 11)]
    old = [torch.randn(shape, generator=draws).to(kind) for shape in shapes]
    new = [(one.double() + 1e-2 * torch.randn(one.shape, generator=draws)).to(kind) for one in old]
    rows = device.rows_on_device([one.to(place) for one in new], [one.to(place) for one in old], BOUNDS, signs=True)

    wide = torch.float64 if kind == torch.float64 else torch.float32
    for row, a, b in zip(rows, new, old, strict=True):
        apart = (a.to(wide) - b.to(wide)).double()
        assert (row[0], row[1]) == (apart.numel(), 0)
        if not apart.numel():
            continue
        assert row[2] == pytest.approx(float(apart.mean()), rel=1e-5, abs=1e-12)
        assert row[3] == pytest.approx(float((apart - apart.mean()).square().sum()), rel=1e-5)
        assert row[4] == pytest.approx(float(apart.abs().sum()), rel=1e-5)
        assert (row[5], row[6]) == (float(apart.min()), float(apart.max()))
        assert row[7] == pytest.approx(float(a.double().square().sum()), rel=1e-5)
        assert list(row[11:]) == [int((apart.abs() > bound).sum()) for bound in BOUNDS]


@contextmanager
def _as_far_away() -> Iterator[list[int]]:
    """This processor's tensors are measured as a GPU's are; counts the transfers by their parts."""
    seen: list[int] = []
    brought = device.brought

    def counted(parts: Any, width: int) -> Any:
        seen.append(len(parts))
        return brought(parts, width)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(device, "NEAR", frozenset())
        for module in (device, adam):
            patch.setattr(module, "brought", counted)
        yield seen


def _moved(model: torch.nn.Module) -> None:
    draws = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_((torch.randn(parameter.shape, generator=draws) * 1e-3).to(parameter))


def _metrics(config: AnalysisConfig, place: str = "cpu") -> dict[str, float]:
    """All that is measured of a small model, before and after a known change."""
    torch.manual_seed(4)
    model, inputs = Language().to(place), {name: value.to(place) for name, value in batch().items()}
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    model.eval()(**inputs)["logits"].square().sum().backward()
    optimizer.step()
    analyzer = ModelAnalysisManager.create(config)
    analyzer.on_optimizer_step(model, inputs=inputs, optimizer=optimizer)
    _moved(model)
    return analyzer.on_optimizer_step(model, inputs=inputs, optimizer=optimizer)


def _config(**more: Any) -> AnalysisConfig:
    settings = AnalysisConfig.comprehensive().to_dict() | {"interval": 1, "weights_enabled": True}
    return AnalysisConfig.from_dict(settings | {"activation_modules": ["layers.*"]} | more)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_all_metrics_are_the_same_by_the_code_for_a_gpu(dtype: str) -> None:
    config = _config(snapshot_dtype=dtype, snapshot_device="cuda")
    wanted = _metrics(config)
    with _as_far_away() as transfers:
        found = _metrics(config)

    assert transfers
    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        # A layer norm's mean is nothing but rounding.
        assert found[key] == pytest.approx(value, rel=1e-5, abs=1e-6 if "norm/mean" in key else 1e-9), key


@pytest.mark.parametrize("place", [CUDA])
@pytest.mark.parametrize("held", ["cpu", "cuda"])
def test_a_gpu_tells_what_this_processor_tells(place: str, held: str) -> None:
    config = _config(snapshot_device=held)
    wanted, found = _metrics(config), _metrics(config, place)

    assert found.keys() == wanted.keys()
    for key, value in wanted.items():
        assert found[key] == pytest.approx(value, rel=1e-3, abs=1e-6), key


def test_a_snapshot_on_a_device_is_refreshed() -> None:
    model = Language()
    config = AnalysisConfig(interval=1, sparse_quality_enabled=False, snapshot_device="cuda")
    with _as_far_away():
        analyzer = ModelAnalysisManager.create(config)
        analyzer.on_optimizer_step(model)
        _moved(model)
        assert analyzer.on_optimizer_step(model)["param_change/norm_l2"] > 0
        assert analyzer.on_optimizer_step(model)["param_change/norm_l2"] == 0


class _Counts(TorchDispatchMode):
    """The operations that make the host wait for a device."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given, name = kwargs or {}, func.overloadpacket.__name__
        away = name == "_to_copy" and torch.device(given.get("device") or "cuda").type == "cpu"
        if away or name in ("_local_scalar_dense", "nonzero", "masked_select", "is_nonzero", "equal"):
            self.waits[name] += 1
        return func(*args, **given)


@pytest.mark.parametrize("basic", [True, False])
def test_no_operation_of_a_measurement_waits_for_a_device_but_one(basic: bool) -> None:
    """On this processor a copy to it is none: what is counted is whatever else would wait, and the one transfer."""
    config = AnalysisConfig(
        interval=1, sparse_quality_enabled=False, snapshot_device="cuda", gradient_enabled=not basic
    )
    config = config if basic else _config(sparse_quality_enabled=False, snapshot_device="cuda")
    torch.manual_seed(0)
    model = Language()
    optimizer = torch.optim.AdamW(model.parameters())
    given = {"inputs": batch(), "optimizer": optimizer}
    model(**given["inputs"])["logits"].square().sum().backward()
    optimizer.step()
    with _as_far_away() as transfers:
        analyzer = ModelAnalysisManager.create(config)
        analyzer.on_optimizer_step(model, **given)
        with _Counts() as counts:
            assert analyzer.on_optimizer_step(model, **given)

    assert not counts.waits
    # One a kind of metric; Adam's counts of steps, which a fused one keeps on the device, are one more.
    assert len(transfers) == (1 if basic else 7)


def _on_shapes(place: str, mode: Any) -> torch.Tensor:
    """The rows of many tensors that have no numbers: whatever has to know one cannot run."""
    with mode:
        new = [torch.empty(shape, dtype=kind, device=place) for shape in [(9,), (300, 400), (0,)] for kind in TYPES]
        old = [torch.empty_like(one) for one in new]
        cuts = sorted(device._cuts(new, old), key=lambda cut: cut.kind)
        parts = [device._sums(new, old, stack, BOUNDS, signs=True) for stack in device._stacks(cuts)]
        return torch.cat(parts)


def test_shapes_are_all_that_the_host_knows() -> None:
    counts = _Counts()
    rows = _on_shapes("meta", counts)

    assert rows.is_meta
    assert rows.shape == (12, 11 + len(BOUNDS))
    assert not counts.waits


def test_a_gpu_s_rows_stay_there() -> None:
    """The same on tensors that believe to be on a GPU."""
    with FakeTensorMode(), _Counts() as counts:
        rows = _on_shapes("cuda", torch.no_grad())
        assert rows.device.type == "cuda"
        assert not counts.waits
        rows.cpu()

    assert counts.waits == {"_to_copy": 1}


def test_a_copy_on_the_host_takes_one_transfer_a_type() -> None:
    held = [torch.randn(3, 4).t(), torch.randn(5), torch.randn(2).double(), torch.randn(0)]
    near = device.fetched(held)
    assert all(torch.equal(a, b) for a, b in zip(near, held, strict=True))
    with FakeTensorMode(), _Counts() as counts:
        away = [torch.empty(one.shape, dtype=one.dtype, device="cuda") for one in held]
        assert all(one.device.type == "cpu" for one in device.fetched(away))

    assert counts.waits == {"_to_copy": 2}


@pytest.mark.parametrize("place", [CUDA])
def test_between_measurements_nothing_waits_for_the_gpu(place: str) -> None:
    model = Language().to(place)
    analyzer = ModelAnalysisManager.create(AnalysisConfig(interval=5, snapshot_device="cuda"))
    torch.cuda.set_sync_debug_mode("error")
    try:
        assert [analyzer.on_optimizer_step(model) for _ in range(4)] == [{}] * 4
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_where_the_switch_is() -> None:
    assert device.is_near(torch.zeros(1))
    assert not device.is_near(torch.zeros(1, device="meta"))
    assert snapshot.is_near is tensors.is_near is device.is_near
