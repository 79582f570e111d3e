"""Files are written whole or not at all, whoever writes them."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest
from fastlogs._whole import whole, written


def test_what_was_there_stays_until_the_new_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "x.txt", "old")
    with suppress(ZeroDivisionError), whole(path) as temporary:
        temporary.write_text("half")
        assert path.read_text() == "old"
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert written(path, b"new").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["x.txt"]


def test_a_refusal_names_the_path_that_was_given(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        written(tmp_path / "no" / "x.txt", "")
    assert missing.value.filename == str(tmp_path / "no" / "x.txt")
    with pytest.raises(OSError) as full, whole(tmp_path / "x.txt"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert (full.value.errno, full.value.filename) == (errno.ENOSPC, str(tmp_path / "x.txt"))
    with pytest.raises(IsADirectoryError):
        written(tmp_path, "")
    assert os.listdir(tmp_path) == []


def test_a_refusal_of_another_file_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing, whole(tmp_path / "x.txt"):
        (tmp_path / "source.log").read_bytes()
    assert missing.value.filename == str(tmp_path / "source.log")


def test_the_longest_name_that_a_disk_takes(tmp_path: Path) -> None:
    for name in ("x" * 251 + ".txt", "ü" * 125 + ".txt"):
        assert written(tmp_path / name, "there").read_text() == "there"


def test_what_is_no_file_is_written_to_as_it_is(tmp_path: Path) -> None:
    assert written(Path("/dev/null"), "gone") == Path("/dev/null")
    assert not Path("/dev/null").is_file()
