"""Several ranks: shards are measured where they are, and only their sums travel."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing
from fastlogs.torch import AnalysisConfig, ModelAnalysisManager
from models import Language

CONFIG = {"interval": 1, "sparse_quality_enabled": False, "param_change_track_components": True}


def _model() -> Language:
    torch.manual_seed(3)
    return Language()


def _move(model: torch.nn.Module) -> None:
    """The same change, whole or sharded: each weight grows by a part of itself."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(1.001)


def _metrics(model: torch.nn.Module) -> dict[str, float]:
    analyzer = ModelAnalysisManager.create(AnalysisConfig(**CONFIG))  # type: ignore[arg-type]
    assert analyzer.on_optimizer_step(model) == {}
    _move(model)
    return analyzer.on_optimizer_step(model)


def _sharded() -> Language:
    from torch.distributed.fsdp import fully_shard

    model = _model()
    mesh = dist.init_device_mesh("cpu", (2,))
    for layer in model.layers:
        fully_shard(layer, mesh=mesh)
    fully_shard(model, mesh=mesh)
    assert any(p.to_local().numel() < p.numel() for p in model.parameters())
    return model


def _rank(rank: int, folder: str) -> None:
    """A process that measures the same model whole, under DDP and under FSDP."""
    dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
    whole = torch.nn.parallel.DistributedDataParallel(_model())
    torch.save({"ddp": _metrics(whole), "fsdp": _metrics(_sharded())}, f"{folder}/{rank}.pt")
    _leave(rank, Path(folder))


def _leave(rank: int, folder: Path) -> None:
    """Ends the process when both have measured, without torch's own end: its threads now and then abort in it."""
    (folder / f"{rank}.done").touch()
    while len(list(folder.glob("*.done"))) < 2:
        time.sleep(0.01)
    os._exit(0)


@pytest.mark.slow
def test_ranks_tell_what_one_process_tells(tmp_path: Path) -> None:
    torch.multiprocessing.spawn(_rank, (str(tmp_path),), nprocs=2)
    wanted = _metrics(_model())
    for rank, way in ((rank, way) for rank in range(2) for way in ("ddp", "fsdp")):
        found = torch.load(tmp_path / f"{rank}.pt")[way]
        assert found.keys() == wanted.keys()
        for key, value in wanted.items():
            assert found[key] == pytest.approx(value, rel=1e-5, abs=1e-12), (way, key)
