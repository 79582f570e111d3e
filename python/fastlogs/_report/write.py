"""Writes a file: whole or not at all, so that nobody finds half a file under its name."""

from __future__ import annotations

import os
from pathlib import Path


def written(path: Path, content: str | bytes) -> Path:
    """Writes and gives the path; an error names that path and leaves what was there before."""
    part = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
            file.flush()
            # The name must not reach the disk before what it names.
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as refused:
        # Nobody knows the temporary name.
        raise type(refused)(refused.errno, refused.strerror, os.fspath(path)) from refused
    finally:
        _gone(part)
    return path


def _gone(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        # A folder that refuses this refused to write as well, and that is what is told.
        return


def folder(path: Path) -> Path:
    """The folder, made if need be."""
    path.mkdir(parents=True, exist_ok=True)
    return path
