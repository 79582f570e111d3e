"""Checkpoints on disk: read without torch, nothing executed, damaged ones refused."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from fastlogs.errors import DamagedFile, FastlogsError, UsageError
from fastlogs.model import diff, open_checkpoint, stats
from hypothesis import given, settings
from hypothesis import strategies as st
from weights import safetensors, torch_file

DRAW = np.random.default_rng(0)
TENSORS = {
    "model.layers.0.mlp.up_proj.weight": DRAW.normal(size=(8, 4)).astype(np.float32),
    "model.layers.1.mlp.up_proj.weight": DRAW.normal(size=(8, 4)).astype(np.float16),
    "lm_head.weight": DRAW.normal(size=(5,)),
}


@pytest.mark.parametrize("write", [safetensors, torch_file])
def test_what_was_written_is_read(write: object, tmp_path: Path) -> None:
    write(tmp_path / "x.bin", TENSORS)  # type: ignore[operator]
    found = open_checkpoint(tmp_path / "x.bin")

    assert list(found) == list(TENSORS)
    for name, values in TENSORS.items():
        assert np.array_equal(found[name], values)
    total = stats(tmp_path / "x.bin").changes.total
    assert total.n == 69
    assert total.norm_l2 == pytest.approx(
        np.sqrt(sum((v.astype(float) ** 2).sum() for v in TENSORS.values())), rel=1e-5
    )


def test_a_difference_across_formats_and_types(tmp_path: Path) -> None:
    safetensors(tmp_path / "a.safetensors", TENSORS)
    moved = {name: values.astype(np.float64) for name, values in TENSORS.items()}
    moved["lm_head.weight"] = moved["lm_head.weight"] + 0.5
    torch_file(tmp_path / "b.pt", moved | {"new.weight": np.zeros(3)})
    found = diff(tmp_path / "a.safetensors", tmp_path / "b.pt", thresholds=[0.1])

    assert found.only_new == ("new.weight",)
    assert found.changes.total.norm_l1 == pytest.approx(2.5)
    assert found.changes.total.changed(0.1) == pytest.approx(5 / 69)
    assert found.metrics()["param_change/component/lm_head/mean_abs_delta"] == pytest.approx(0.5)


def test_bfloat16_by_its_bits(tmp_path: Path) -> None:
    bits = np.array([0x3F80, 0xC000], np.uint16)  # 1 and -2
    safetensors(tmp_path / "x.safetensors", {"w": bits}, kinds={"w": "BF16"})

    assert stats(tmp_path / "x.safetensors").changes.total.norm_l1 == 3


def test_shards_are_one_checkpoint_and_optimizers_are_none(tmp_path: Path) -> None:
    for at, (name, values) in enumerate(TENSORS.items()):
        safetensors(tmp_path / f"model-0000{at}-of-00003.safetensors", {name: values})
    torch_file(tmp_path / "optimizer.pt", {"state": np.zeros(100)})

    assert list(open_checkpoint(tmp_path)) == list(TENSORS)


def test_the_weights_of_a_trainer_s_file_are_found(tmp_path: Path) -> None:
    torch_file(tmp_path / "x.pt", TENSORS, under="state_dict", beside={"epoch": 3})

    assert list(open_checkpoint(tmp_path / "x.pt")) == list(TENSORS)


class _Evil:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


def test_nothing_in_a_pickle_is_executed(tmp_path: Path) -> None:
    flag = tmp_path / "ran"
    torch_file(tmp_path / "x.pt", TENSORS, under="model", beside={"args": _Evil(flag)})
    pickle.loads(pickle.dumps(_Evil(flag)))
    assert flag.exists(), "it would have run"
    flag.unlink()

    assert list(open_checkpoint(tmp_path / "x.pt")) == list(TENSORS)
    assert not flag.exists()


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_an_error_of_ours(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("damage") / "x.bin"
    data.draw(st.sampled_from([safetensors, torch_file]))(path, TENSORS)
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    try:
        stats(path)
    except FastlogsError:
        return


HEADERS = {
    "no JSON": b"{nonsense",
    "a list": b"[1]",
    "no shape": b'{"w":{"dtype":"F32","data_offsets":[0,4]}}',
    "outside": b'{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}',
    "backwards": b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}',
    "another size": b'{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}',
    "negative": b'{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}',
}


@pytest.mark.parametrize("case", HEADERS)
def test_a_header_that_lies_is_refused(case: str, tmp_path: Path) -> None:
    header = HEADERS[case]
    (tmp_path / "x").write_bytes(len(header).to_bytes(8, "little") + header + b"\0" * 4)

    with pytest.raises((DamagedFile, UsageError)):
        stats(tmp_path / "x")


def test_what_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("step 1 loss 2")

    with pytest.raises(UsageError, match="no checkpoint"):
        open_checkpoint(tmp_path / "x")
    with pytest.raises(UsageError, match="no weights"):
        open_checkpoint(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_checkpoint(tmp_path / "y")


def test_strange_objects_in_a_pickle_do_no_harm(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.pt", "w") as archive:
        odd = OrderedDict(a={1, 2}, b=complex(1, 2), c=io.BytesIO(b"x"), d=json.JSONEncoder())
        archive.writestr("x/data.pkl", pickle.dumps(odd))

    assert len(open_checkpoint(tmp_path / "x.pt")) == 0
