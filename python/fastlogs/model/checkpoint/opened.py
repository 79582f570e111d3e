"""A checkpoint by its path: one file, or a folder of shards."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastlogs.errors import UsageError
from fastlogs.model.checkpoint import pickled, safetensors
from fastlogs.model.checkpoint.entry import Entry

# Endings of the weights in a folder, the first that there is holds; optimizer states are not among them.
_ENDINGS = (".safetensors", ".bin", ".pt", ".pth", ".ckpt")
_OTHERS = re.compile(r"optim|sched|rng|scaler|training_args|trainer_state|random_states", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checkpoint(Mapping[str, Any]):
    """Tensors by name, read when they are asked for; `entries` says their types and shapes."""

    path: str
    entries: Mapping[str, Entry]

    def __getitem__(self, name: str) -> Any:
        return self.entries[name].array()

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def step(self) -> int | None:
        """The number that its path ends in.

        >>> Checkpoint("run/checkpoint-500/model.safetensors", {}).step
        500
        """
        for part in reversed(self.path.replace(os.sep, "/").split("/")):
            stem = part.rsplit(".", 1)[0] if "." in part else part
            numbers = re.findall(r"\d+", stem)
            if numbers and not re.search(r"-of-\d+", stem):
                return int(numbers[-1])
        return None


def open_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """A safetensors or torch file, or a folder of them; only their headers are read, and nothing in them is executed.

    Refuses what is neither, and folders without weights.
    """
    path = os.fspath(path)
    files = files_of(path) if os.path.isdir(path) else [path]
    if not files:
        raise UsageError(f"no weights in {path}", help="a checkpoint is a .safetensors, .pt, .pth, .ckpt or .bin file")
    found: dict[str, Entry] = {}
    for file in files:
        found |= _reader(file)(file)
    return Checkpoint(path, found)


def files_of(folder: str) -> list[str]:
    """The files of weights that lie in a folder, of one kind."""
    names = sorted(name for name in os.listdir(folder) if not _OTHERS.search(name))
    for ending in _ENDINGS:
        if found := [os.path.join(folder, name) for name in names if name.endswith(ending)]:
            return found
    return []


def is_checkpoint(path: str) -> bool:
    """Whether a path is named like weights, or is a folder of them."""
    return bool(files_of(path)) if os.path.isdir(path) else path.endswith(_ENDINGS)


def _reader(path: str) -> Any:
    """By its first bytes: names are not to be relied on."""
    with open(path, "rb") as file:
        head = file.read(9)
    return safetensors.entries if len(head) == 9 and head[8:9] == b"{" else pickled.entries
