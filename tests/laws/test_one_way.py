"""Laws 3 and 6 as the code shows them: parsers never open files, sources never parse, nothing is global."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "rust" / "core" / "src"
PARSERS = ("number", "time", "text", "lines", "row", "pattern", "format", "read", "collect")


def code(path: Path) -> str:
    """The code without its tests and comments."""
    return re.sub(r"//[^\n]*", "", path.read_text().split("#[cfg(test)]")[0])


def files(*modules: str) -> list[Path]:
    """The files of some modules, those of tests left out."""
    found = [p for p in sorted(CORE.rglob("*.rs")) if p.relative_to(CORE).parts[0].removesuffix(".rs") in modules]
    return [p for p in found if not any("tests" in part for part in p.relative_to(CORE).parts)]


@pytest.mark.parametrize("path", files(*PARSERS), ids=lambda p: str(p.relative_to(CORE)))
def test_parsers_never_open_files(path: Path) -> None:
    words = re.findall(
        r"\b(?:std::fs|File::|std::net|std::env|std::process|io::stdin|SystemTime|Instant::now)\b", code(path)
    )

    assert not words


@pytest.mark.parametrize("path", files("source"), ids=lambda p: p.name)
def test_sources_never_parse(path: Path) -> None:
    assert not re.findall(r"crate::(?:number|time|pattern|format|read|collect)\b", code(path))


def test_nothing_is_global() -> None:
    """No static that can change but what is made once of the catalogue."""
    statics = []
    for path in [
        *CORE.rglob("*.rs"),
        *(ROOT / "rust" / "python").rglob("*.rs"),
        *(ROOT / "rust" / "simd").rglob("*.rs"),
    ]:
        text = code(path)
        statics += re.findall(r"static mut \w+|thread_local!", text)
        statics += re.findall(r"static \w+: (?:[\w:]*)(?:Mutex|RwLock|Atomic\w+|RefCell|Cell)\b", text)

    assert statics == []


def test_no_thread_outlives_a_call(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("".join(f"iter {k}: loss 2.5, time 1.00ms, mfu 1.00%\n" for k in range(20_000)))
    script = """
        import os, sys
        from fastlogs import _core
        before = len(os.listdir("/proc/self/task"))
        for _ in range(20):
            stream = _core.open([("", "x", sys.argv[1])], _core.Options(threads=4, block_bytes=4096, layout="long"))
            rows = sum(len(batch) for batch in stream)
            stream.close()
        assert rows == 60_000
        print(len(os.listdir("/proc/self/task")) - before)
    """
    said = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(path)], capture_output=True, text=True)

    assert (said.returncode, said.stdout.strip()) == (0, "0"), said.stderr
