"""Torch's own files: a zip of a pickle and of the numbers. The pickle is taken apart, nothing in it is ever called."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastlogs.errors import DamagedFile, UsageError
from fastlogs.model.checkpoint.entry import Entry, row_major

_STORAGES = {
    "DoubleStorage": "float64",
    "FloatStorage": "float32",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
}
# Where a trainer's file keeps the weights, among an optimizer's state and the rest.
_WEIGHTS = ("state_dict", "model_state_dict", "model", "module", "weights", "net", "ema")
# What a local header of a zip says, and where its lengths are.
_LOCAL = 30


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    dtype: str
    size: int


@dataclass(frozen=True, slots=True)
class _View:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Unknown:
    """Stands for an object of any other class; takes what a pickle does to one and keeps nothing."""

    def __init__(self, *_: Any, **__: Any) -> None:
        return

    def __call__(self, *_: Any, **__: Any) -> _Unknown:
        return self

    def __setstate__(self, _: Any) -> None:
        return

    def __setitem__(self, _: Any, __: Any) -> None:
        return

    def append(self, _: Any) -> None:
        """Takes an element of a list."""

    def extend(self, _: Any) -> None:
        """Takes elements of a list."""

    def add(self, _: Any) -> None:
        """Takes an element of a set."""


class _Kind:
    """Stands for a class of storages."""

    def __init__(self, name: str) -> None:
        self.dtype = _STORAGES.get(name, name)


def _tensor(storage: Any, offset: Any = 0, shape: Any = (), strides: Any = (), *_: Any) -> Any:
    if not isinstance(storage, _Storage):
        return _Unknown()
    return _View(storage, int(offset), tuple(int(n) for n in shape), tuple(int(s) for s in strides))


def _parameter(data: Any, *_: Any) -> Any:
    return data


def _ordered(*_: Any) -> OrderedDict[Any, Any]:
    return OrderedDict()


_KNOWN: dict[tuple[str, str], Any] = {
    ("collections", "OrderedDict"): _ordered,
    ("torch._utils", "_rebuild_parameter"): _parameter,
    ("torch._utils", "_rebuild_tensor"): _tensor,
    ("torch._utils", "_rebuild_tensor_v2"): _tensor,
    ("torch", "Size"): tuple,
}


class _Reader(pickle.Unpickler):
    """Knows tensors and dictionaries by name; everything else becomes `_Unknown`, so that nothing is imported."""

    def find_class(self, module: str, name: str) -> Any:
        """Ours for what is known, a class that does nothing for the rest."""
        if module in ("torch", "torch.storage") and name.endswith("Storage"):
            return _Kind(name)
        return _KNOWN.get((module, name), _Unknown)

    def persistent_load(self, pid: Any) -> Any:
        """A storage by its key."""
        match pid:
            case ("storage", kind, key, _, size):
                return _Storage(str(key), getattr(kind, "dtype", "unknown"), int(size))
            case _:
                return _Unknown()


def entries(path: str) -> dict[str, Entry]:
    """The tensors of a file by dotted name: of its weights where it says which they are, else all.

    Refuses files of before torch 1.6, which are no zips.
    """
    if not zipfile.is_zipfile(path):
        raise UsageError(
            f"{path} is no checkpoint that is known here", help="safetensors, or torch.save of torch 1.6 or later"
        )
    try:
        return _opened(path)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise DamagedFile(f"{path} is a damaged zip: {error}", path=path) from error


def _opened(path: str) -> dict[str, Entry]:
    with zipfile.ZipFile(path) as archive:
        root = next((n.removesuffix("data.pkl") for n in archive.namelist() if n.endswith("data.pkl")), None)
        if root is None:
            raise DamagedFile(f"no data.pkl in {path}: not written by torch.save", path=path)
        told = _told(archive.read(f"{root}data.pkl"), path)
        views = dict(_views(_weights(told)))
        starts = {view.storage.key: _start(archive, path, f"{root}data/{view.storage.key}") for view in views.values()}
    return {name: _entry(path, name, view, *starts[view.storage.key]) for name, view in views.items()}


def _told(data: bytes, path: str) -> Any:
    try:
        return _Reader(io.BytesIO(data)).load()
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        # Whatever a broken pickle does to the reader, it is the file that is broken.
        raise DamagedFile(f"the pickle of {path} cannot be taken apart: {error}", path=path) from error


def _weights(told: Any) -> Any:
    """The part of a trainer's file that is the model."""
    if isinstance(told, Mapping):
        for key in _WEIGHTS:
            if isinstance(told.get(key), Mapping) and next(_views(told[key]), None):
                return told[key]
    return told


def _views(told: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, _View]]:
    if isinstance(told, _View):
        yield name, told
    elif depth > 32:
        return
    elif isinstance(told, Mapping):
        for key, value in told.items():
            yield from _views(value, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(told, list | tuple):
        for at, value in enumerate(told):
            yield from _views(value, f"{name}.{at}" if name else str(at), depth + 1)


def _start(archive: zipfile.ZipFile, path: str, name: str) -> tuple[int, int]:
    """Where a storage begins in the file, and how long it is."""
    try:
        told = archive.getinfo(name)
    except KeyError as error:
        raise DamagedFile(f"{path} lacks the numbers '{name}'", path=path) from error
    if told.compress_type != zipfile.ZIP_STORED:
        raise UsageError(f"the numbers of {path} are compressed", help="write it again with torch.save")
    with open(path, "rb") as file:
        file.seek(told.header_offset)
        local = file.read(_LOCAL)
    if len(local) < _LOCAL:
        raise DamagedFile(f"{path} ends within '{name}'", path=path)
    named, extra = struct.unpack("<HH", local[26:30])
    return told.header_offset + _LOCAL + named + extra, told.file_size


def _entry(path: str, name: str, view: _View, start: int, length: int) -> Entry:
    width = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2}.get(view.storage.dtype, 1)
    if len(view.strides) != len(view.shape) or min((*view.shape, *view.strides, view.offset), default=0) < 0:
        raise DamagedFile(f"tensor '{name}' of {path} is described in no known way", path=path)
    spanned = view.offset + 1 + sum((n - 1) * s for n, s in zip(view.shape, view.strides, strict=True))
    if 0 not in view.shape and spanned * width > length:
        raise DamagedFile(f"tensor '{name}' lies outside of its storage in {path}", path=path)
    strides = None if view.strides == row_major(view.shape) else view.strides
    return Entry(path, start + view.offset * width, view.storage.dtype, view.shape, strides)
