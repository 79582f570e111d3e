"""Several ranks: shards are measured where they are, and only their sums travel."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing
from fastlogs.errors import UsageError
from fastlogs.torch import AnalysisConfig, MetricComputer, ModelAnalysisManager
from models import Language

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CONFIG = {
    "interval": 1,
    "sparse_quality_enabled": False,
    "param_change_track_components": True,
    "param_change_sign_flips": True,
    "weights_enabled": True,
    "gradient_enabled": True,
}
# No width that two ranks could share evenly, and a threshold over which the large weights grow.
WORDS, WIDTH = 41, 15
# What is no sum: of a flat parameter the names and layers are lost.
NAMELESS = "component/"
# A collective may bring together tensors that were cut apart, never more than sums.
MOST = 1 << 14


def _model() -> Language:
    torch.manual_seed(3)
    return Language(WORDS, WIDTH).eval()


def _ddp() -> torch.nn.Module:
    return torch.nn.parallel.DistributedDataParallel(_model())


def _fsdp1(**more: Any) -> torch.nn.Module:
    from models import Block
    from torch.distributed.fsdp import FullyShardedDataParallel
    from torch.distributed.fsdp.wrap import ModuleWrapPolicy

    # Without a device it looks for a GPU.
    given = {"auto_wrap_policy": ModuleWrapPolicy({Block}), "device_id": torch.device("cpu"), **more}
    return FullyShardedDataParallel(_model(), **given)


def _left_out() -> torch.nn.Module:
    """One layer is none of its business: whole on every rank."""
    from torch.distributed.fsdp import FullyShardedDataParallel

    model = _model()
    return FullyShardedDataParallel(
        model, device_id=torch.device("cpu"), use_orig_params=True, ignored_modules=[model.layers[0]]
    )


def _whole_by_fsdp1() -> torch.nn.Module:
    from torch.distributed.fsdp import ShardingStrategy

    return _fsdp1(use_orig_params=True, sharding_strategy=ShardingStrategy.NO_SHARD)


def _fsdp2(shape: tuple[int, ...] = (2,)) -> torch.nn.Module:
    from torch.distributed.fsdp import fully_shard

    model = _model()
    mesh = dist.init_device_mesh("cpu", shape, mesh_dim_names=("copies", "shards")[-len(shape) :])
    for layer in model.layers:
        fully_shard(layer, mesh=mesh)
    fully_shard(model, mesh=mesh)
    return model


WAYS: dict[str, Callable[[], torch.nn.Module]] = {
    "ddp": _ddp,
    "fsdp1": lambda: _fsdp1(use_orig_params=True),
    "fsdp1 flat": lambda: _fsdp1(use_orig_params=False),
    "fsdp1 left out": _left_out,
    "fsdp1 whole": _whole_by_fsdp1,
    "fsdp2": _fsdp2,
    "fsdp2 twice": lambda: _fsdp2((2, 1)),
}


def _move(model: torch.nn.Module) -> None:
    """The same change, whole or sharded: each weight grows by a part of itself, and the small ones turn."""
    with torch.no_grad():
        for parameter in model.parameters():
            local = parameter.to_local() if hasattr(parameter, "to_local") else parameter
            local.copy_(torch.where(local.abs() < 0.01, -local, local * 1.001))


def _metrics(model: torch.nn.Module, **more: Any) -> dict[str, float]:
    analyzer = ModelAnalysisManager.create(AnalysisConfig(**CONFIG | more))  # type: ignore[arg-type]
    words = torch.arange(2 * 7).reshape(2, 7) * 5 % WORDS
    model(words)["logits"].square().mean().backward()
    assert analyzer.on_optimizer_step(model) == {}
    _move(model)
    with _counted() as sent:
        found = analyzer.on_optimizer_step(model)
    assert max(sent, default=0) <= MOST, "more than sums travelled"
    return found


@contextmanager
def _counted() -> Iterator[list[int]]:
    """The bytes of what each collective was given."""
    from torch.distributed.tensor import DTensor

    sent: list[int] = []
    gather = dist.all_gather_object

    def counted(every: Any, mine: Any, group: Any = None) -> None:
        import pickle

        sent.append(len(pickle.dumps(mine)))
        gather(every, mine, group=group)

    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("a tensor would be gathered")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dist, "all_gather_object", counted)
        patch.setattr(DTensor, "full_tensor", refused)
        yield sent


class _FailsOnOne(MetricComputer):
    reads_old = False

    def compute(self, delta: Any, **_: Any) -> dict[str, float]:
        if dist.get_rank() == 1:
            raise ArithmeticError("mine")
        return {"mine": 1.0}


def _failing(rank: int) -> dict[str, Any]:
    """One rank cannot measure: no other waits for it, none raises, and the next measurement is whole."""
    from fastlogs.torch.snapshot import Snapshot

    model = _fsdp2()
    config = {name: CONFIG[name] for name in ("interval", "sparse_quality_enabled")}
    analyzer = ModelAnalysisManager.create(AnalysisConfig(**config)).add_metric(_FailsOnOne())  # type: ignore[arg-type]
    analyzer.on_optimizer_step(model)
    with pytest.MonkeyPatch.context() as patch:
        if rank == 1:
            patch.setattr(Snapshot, "_rows", _refuse)
        first = analyzer.on_optimizer_step(model)
    looked = analyzer.on_optimizer_step(model)
    return {"first": first, "looked": looked, "after": analyzer.on_optimizer_step(model)}


def _refuse(*_: Any) -> None:
    raise UsageError("out of memory")


def _rank(rank: int, folder: str) -> None:
    """A process that measures the same model in all ways."""
    dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
    try:
        found: dict[str, Any] = {way: _metrics(make()) for way, make in WAYS.items()}
        found["budget"] = _metrics(_fsdp2(), max_overhead=0.01)
        found["failing"] = _failing(rank)
        torch.save(found, f"{folder}/{rank}.pt")
    except BaseException:
        import traceback

        Path(folder, f"{rank}.txt").write_text(traceback.format_exc())
    _leave(rank, Path(folder))


def _leave(rank: int, folder: Path) -> None:
    """Ends the process when both have measured, without torch's own end: its threads now and then abort in it."""
    (folder / f"{rank}.done").touch()
    ended = time.monotonic() + 120
    while len(list(folder.glob("*.done"))) < 2 and time.monotonic() < ended:
        time.sleep(0.01)
    sys.stderr.flush()
    os._exit(0)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What each rank found."""
    folder = tmp_path_factory.mktemp("ranks")
    torch.multiprocessing.spawn(_rank, (str(folder),), nprocs=2)
    wrong = [path.read_text() for path in folder.glob("*.txt")]

    assert not wrong, "\n".join(wrong)
    return [torch.load(folder / f"{rank}.pt", weights_only=False) for rank in range(2)]


@pytest.mark.parametrize("way", WAYS)
def test_ranks_tell_what_one_process_tells(way: str, told: list[dict[str, Any]]) -> None:
    wanted = _metrics(_model())
    if way == "fsdp1 flat":
        wanted = {key: value for key, value in wanted.items() if NAMELESS not in key}
    for found in (one[way] for one in told):
        assert found.keys() == wanted.keys()
        for key, value in wanted.items():
            assert found[key] == pytest.approx(value, rel=1e-5, abs=1e-9), key


def test_ranks_agree_on_what_it_costs(told: list[dict[str, Any]]) -> None:
    one, other = (found["budget"] for found in told)

    assert one["cost/interval"] == other["cost/interval"]


def test_a_rank_that_fails_holds_up_no_other(told: list[dict[str, Any]]) -> None:
    one, other = (found["failing"] for found in told)

    assert one["first"] == other["first"] == one["looked"] == other["looked"] == {}
    assert one["after"]["param_change/norm_l2"] == other["after"]["param_change/norm_l2"] == 0
    assert one["after"]["mine"] == 1
    assert "mine" not in other["after"]
