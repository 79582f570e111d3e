"""Writes checkpoints of both formats without either library."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

_KINDS = {"float64": "F64", "float32": "F32", "float16": "F16"}
_STORAGES = {"float64": "DoubleStorage", "float32": "FloatStorage", "float16": "HalfStorage"}


def safetensors(path: Path, tensors: dict[str, np.ndarray], *, kinds: dict[str, str] | None = None) -> None:
    """A length, a header, the numbers."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, values in tensors.items():
        kind = (kinds or {}).get(name) or _KINDS[values.dtype.name]
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [at, at + values.nbytes]}
        at += values.nbytes
    told = json.dumps(header).encode()
    path.write_bytes(len(told).to_bytes(8, "little") + told + b"".join(v.tobytes() for v in tensors.values()))


class _Global:
    """Pickled as the name of something in torch."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class _Tensor:
    def __init__(self, key: str, values: np.ndarray) -> None:
        self.key, self.values = key, values


class _Pickler(pickle._Pickler):  # the one in Python: it can be taught to write a name
    """Writes arrays as torch writes tensors."""

    def persistent_id(self, obj: Any) -> Any:
        return obj[1:] if isinstance(obj, tuple) and obj and obj[0] == "<storage>" else None

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if isinstance(obj, _Global):
            self.write(b"c" + f"{obj.module}\n{obj.name}\n".encode())
        elif isinstance(obj, _Tensor):
            kind = _Global("torch", _STORAGES[obj.values.dtype.name])
            storage = ("<storage>", "storage", kind, obj.key, "cpu", obj.values.size)
            strides = tuple(s // obj.values.itemsize for s in obj.values.strides)
            self.save(_Global("torch._utils", "_rebuild_tensor_v2"))
            self.save((storage, 0, obj.values.shape, strides, False, {}))
            self.write(pickle.REDUCE)
        else:
            super().save(obj, save_persistent_id)


def torch_file(
    path: Path, tensors: dict[str, np.ndarray], *, under: str = "", beside: dict[str, Any] | None = None
) -> None:
    """A zip of a pickle and of the numbers."""
    state: dict[str, Any] = {name: _Tensor(str(at), values) for at, (name, values) in enumerate(tensors.items())}
    told = io.BytesIO()
    _Pickler(told, 2).dump({under: state, **(beside or {})} if under else state)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{path.stem}/data.pkl", told.getvalue())
        for at, values in enumerate(tensors.values()):
            archive.writestr(f"{path.stem}/data/{at}", values.tobytes())
