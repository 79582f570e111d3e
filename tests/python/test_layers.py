"""Layers: a file uses lower layers and its own folder, nothing else; held by reading the `use` lines."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "rust" / "core" / "src"

# Lowest first. A module at the top of the crate, or the folder of its name.
LAYERS = [
    {"error", "types"},
    {"checksum", "literal", "number", "time", "text", "lines", "row", "grammar", "wanted", "shapes", "meet"},
    {"pattern", "source"},
    {"format"},
    {"read", "collect", "config"},
    {"detect", "layout"},
    {"check", "scan"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
USE = re.compile(r"\bcrate::(\w+|\{[^;]*\})")


def _module(path: Path) -> str:
    return path.relative_to(CORE).parts[0].removesuffix(".rs")


def _code(path: Path) -> str:
    """The code without its tests (which may look up) and comments."""
    text = path.read_text(encoding="utf-8").split("#[cfg(test)]")[0]
    return re.sub(r"//[^\n]*", "", text)


def _used(path: Path) -> set[str]:
    names = set()
    for found in USE.findall(_code(path)):
        names |= set(re.findall(r"(?:^\{|,)\s*(\w+)", found)) if found.startswith("{") else {found}
    return {name for name in names if name.islower()}


FILES = sorted(p for p in CORE.rglob("*.rs") if not p.stem.endswith("tests"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(CORE)))
def test_rust_layers(path: Path) -> None:
    module = _module(path)
    if module in ("lib", "kernels"):
        return
    assert module in LEVEL, f"{module} has no layer: give it one in LAYERS"
    above = {used for used in _used(path) - {module} if LEVEL.get(used, 99) >= LEVEL[module]}
    peers = LAYERS[LEVEL[module]] if LEVEL[module] < 2 else set()

    assert above - peers == set()


def test_the_core_knows_no_python_and_opens_files_only_in_source() -> None:
    manifest = tomllib.loads((ROOT / "rust" / "core" / "Cargo.toml").read_text())
    assert "pyo3" not in manifest["dependencies"]
    opening = re.compile(r"\b(File::open|OpenOptions|fs::read|std::fs)\b")
    openers = {_module(p) for p in FILES if opening.search(_code(p))}

    assert openers <= {"source", "layout", "scan"}


def test_unsafe_is_where_it_may_be() -> None:
    simd = ROOT / "rust" / "simd"
    # A capsule holds a C structure.
    capsules = ROOT / "rust" / "python" / "src" / "dlpack.rs"
    for path in (ROOT / "rust").rglob("*.rs"):
        if simd not in path.parents and path != capsules and "fuzz" not in path.parts:
            assert not re.search(r"\bunsafe\s*[{fi]", re.sub(r"//[^\n]*", "", path.read_text())), path


def test_every_python_class_of_rust_is_frozen() -> None:
    for path in (ROOT / "rust" / "python").rglob("*.rs"):
        for attributes in re.findall(r"#\[pyclass(\([^)]*\))?\]", path.read_text()):
            assert "frozen" in attributes, path


def test_every_python_module_has_a_layer() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    listed = {name.strip().removeprefix("fastlogs.") for layer in contract["layers"] for name in layer.split("|")}
    package = ROOT / "python" / "fastlogs"
    there = {p.stem for p in package.glob("*.py")} | {p.parent.name for p in package.glob("*/__init__.py")}

    assert there - {"__init__"} == listed
