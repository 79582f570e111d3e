"""What lies on the disk as a checkpoint: its step, size, time and kind, by names and heads, without its framework."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

_Key = TypeVar("_Key", str, tuple[str, str])

# `epoch=3-step=400`, `global_step100`, `iter_0001000`, `10000_steps`, `checkpoint-500`, `ckpt_100`, `100`.
# An epoch is no step.
_STEPS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:step|iter|iteration|update)s?[=_\-]?(\d+)",
        r"(?<!\d)(\d+)[_\-]?(?:step|iter|update)s?(?![a-z])",
        r"^(?:checkpoint|ckpt|model|weights|snapshot|state|params)[_\-.]?(\d+)$",
        r"^(\d+)$",
    )
)
_SHARD = re.compile(r"[._-]\d+-of-\d+(?=\.|$)")
# A folder named by its step alone, where checkpoints are kept: Orbax writes such.
_NUMBERED = re.compile(r"^(.*/(?:checkpoints?|ckpts?)/\d+)/")
_KEPT = ("checkpoints", "checkpoint", "ckpts", "ckpt")
_KINDS = {
    ".safetensors": "safetensors", ".pt": "torch", ".pth": "torch", ".bin": "torch", ".ckpt": "torch",
    ".distcp": "torch_distributed", ".msgpack": "flax", ".gguf": "gguf", ".h5": "keras", ".keras": "keras",
    ".orbax": "orbax", ".pdparams": "paddle", ".pdopt": "paddle",
}  # fmt: skip
# What a folder of each kind has, most telling first.
_TELLING = (
    (re.compile(r"_CHECKPOINT_METADATA|_METADATA|manifest\.ocdbt"), "orbax"),
    (re.compile(r"trainer_state\.json|(model|pytorch_model)\..*index\.json"), "hf"),
    (re.compile(r".*\.distcp"), "torch_distributed"),
    (re.compile(r"zero_pp_rank_.*|mp_rank_\d+_model_states\.pt"), "deepspeed"),
    (re.compile(r"model_optim_rng\.pt"), "megatron"),
)
# Lightning states its version among the first keys of what it saves.
_LIGHTNING, _HEAD = b"pytorch-lightning_version", 1 << 16


@dataclass(frozen=True, slots=True)
class Checkpoint(os.PathLike[str]):
    """A checkpoint of a run, usable where a path is wanted; `step` is None where no name says it.

    `size` is in bytes, of all its files; `modified` is the time of the newest, None of what is gone by now.

    >>> Checkpoint("run/checkpoint-500", 500, 0, None, "hf").name
    'checkpoint-500'
    """

    path: str
    step: int | None
    size: int
    modified: datetime | None
    kind: str

    @property
    def name(self) -> str:
        return os.path.basename(self.path)

    def __fspath__(self) -> str:
        return self.path

    def __str__(self) -> str:
        return self.path


def checkpoints_of(paths: Iterable[str], run: str = "") -> tuple[Checkpoint, ...]:
    """What lies at the paths of a run's checkpoints, in their order; the shards of one come once, as their folder.

    Folders of Orbax hold no file that is named like weights: they are looked for in the run's own folder.
    """
    whole: dict[str, list[str]] = {}
    shards: dict[tuple[str, str], list[str]] = {}
    order: list[tuple[str, list[str]]] = []
    for path in (*paths, *_orbax(run)):
        plain = path.replace(os.sep, "/")
        if numbered := _NUMBERED.match(plain + "/"):
            _once(whole, numbered[1], numbered[1], order)
        elif _SHARD.search(plain.rsplit("/", 1)[-1]) and not os.path.isdir(path):
            folder, name = os.path.split(path)
            _once(shards, (folder, _SHARD.sub("", name)), folder or ".", order).append(path)
        else:
            _once(whole, path, path, order)
    return tuple(_checkpoint(path, files or [path]) for path, files in order)


def _orbax(run: str) -> Iterator[str]:
    for above in (os.path.join(run, name) for name in _KEPT) if run else ():
        names = os.listdir(above) if os.path.isdir(above) else []
        for folder in (os.path.join(above, name) for name in sorted(filter(str.isdecimal, names), key=int)):
            if os.path.isdir(folder) and any(_TELLING[0][0].fullmatch(name) for name in os.listdir(folder)):
                yield folder


def _once(known: dict[_Key, list[str]], key: _Key, path: str, order: list[tuple[str, list[str]]]) -> list[str]:
    """The files known of a checkpoint, which gets its place in the order when it is first seen."""
    if key not in known:
        known[key] = []
        order.append((path, known[key]))
    return known[key]


def _checkpoint(path: str, given: list[str]) -> Checkpoint:
    files = [file for one in given for file in _files(one)]
    stats = [os.stat(file) for file in files if os.path.isfile(file)]
    times = [stat.st_mtime for stat in stats]
    newest = datetime.fromtimestamp(max(times), UTC) if times else None
    return Checkpoint(path, step_of(path), sum(stat.st_size for stat in stats), newest, _kind(path, files))


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
    for folder, _, names in os.walk(path):
        yield from (os.path.join(folder, name) for name in sorted(names))


def step_of(path: str) -> int | None:
    """The step that the name of a checkpoint says.

    >>> step_of("epoch=3-step=400.ckpt"), step_of("iter_0001000"), step_of("epoch_3.pt")
    (400, 1000, None)
    """
    name = os.path.basename(path.rstrip("/\\"))
    stem, ending = os.path.splitext(name)
    stem = stem if ending.lower() in _KINDS else name
    found = (pattern.search(stem) for pattern in _STEPS)
    return next((int(match[1]) for match in found if match), None)


def _kind(path: str, files: list[str]) -> str:
    """By the names of its files, a `.ckpt` also by its head; what nothing tells is `unknown`."""
    names = [os.path.basename(file) for file in files]
    for telling, kind in _TELLING:
        if os.path.isdir(path) and any(telling.fullmatch(name) for name in names):
            return kind
    endings = {os.path.splitext(name)[1].lower(): file for name, file in zip(names, files, strict=True)}
    found = next((ending for ending in _KINDS if ending in endings), "")
    if found == ".ckpt" and _is_lightning(endings[found]):
        return "lightning"
    return _KINDS.get(found, "unknown")


def _is_lightning(path: str) -> bool:
    if re.search(r"(epoch|step)=\d", os.path.basename(path)):
        return True
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return _LIGHTNING in file.read(_HEAD)
