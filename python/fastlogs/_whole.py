"""Writes a file whole or not at all, so that nobody finds half a file under its name."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# How often a folder is cleared into which a writer may still write.
LATE_WRITES = 100
# What is left of a writer that was killed ends so.
ENDING = ".part"
# Bytes of a name that stay: disks take 255.
_LONGEST = 200


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary path beside the final one, moved there only when the body is done and the bytes are on the disk.

    A failure leaves what was there before, and names the final path.
    """
    if path.is_dir():
        raise IsADirectoryError(21, "is a directory", str(path))
    if path.exists() and not path.is_file():
        # A pipe, a terminal: what is written there is gone already.
        yield path
        return
    # A folder, not a file: a writer that is still at work when the body has failed cannot leave its file behind.
    name = os.fsdecode(os.fsencode(path.name)[-_LONGEST:])
    folder = path.with_name(f".{name}.{secrets.token_hex(4)}{ENDING}")
    temporary = folder / path.name
    try:
        folder.mkdir()
        yield temporary
        with open(temporary, "rb+") as file:
            # The name must not reach the disk before what it names.
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as refused:
        raise _of(path, folder, refused) from refused
    finally:
        _clear(folder)


def _of(path: Path, folder: Path, refused: OSError) -> OSError:
    """The refusal with the name that the caller gave: nobody knows the temporary one."""
    named = os.fspath(refused.filename) if isinstance(refused.filename, str | bytes) else ""
    ours = not named or os.fsdecode(named).startswith(os.fspath(folder))
    if refused.errno is None or not ours:
        return refused
    return type(refused)(refused.errno, refused.strerror, os.fspath(path))


def _clear(folder: Path) -> None:
    for _ in range(LATE_WRITES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break


def written(path: Path, content: str | bytes) -> Path:
    """Writes and gives the path; an error names it and leaves what was there before."""
    with whole(path) as temporary:
        temporary.write_bytes(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    return path
