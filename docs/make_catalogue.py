"""Writes docs/catalogue.md: each format, a line of each of its rules, and the row that line gives."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import fastlogs

PAGE = Path(__file__).parent / "catalogue.md"
HEAD = """# The catalogue

What fastlogs reads without being told, with a line of each kind and the row it gives; the same lines are the tests.
`python docs/make_catalogue.py` writes this page from the formats themselves. A log that is not here is read by the
generic reader; [My log is not read](unread.md) says what to do where that fails.
"""
READERS = {
    "generic": "Read by the generic reader: the names stand in a header or a box.",
    "csv": "A table of text.",
    "json": "One JSON document.",
    "jsonl": "One JSON object a line.",
}


def page() -> str:
    """The whole page."""
    formats = [(f.name, tomllib.loads(f.toml)) for f in fastlogs.formats()]
    names = ", ".join(f"[{name}](#{name})" for name, _ in formats)
    return HEAD + f"\n{len(formats)} formats: {names}.\n" + "".join(_section(name, spec) for name, spec in formats)


def _section(name: str, spec: dict[str, Any]) -> str:
    reader = READERS.get(spec.get("reader", "text"), "")
    parts = [f"\n## {name}\n", f"{spec.get('about', '')}", *([reader] if reader else [])]
    shown = set()
    for example in spec.get("example", []):
        if example.get("is", "") not in shown:
            shown.add(example.get("is", ""))
            parts.append(_example(example))
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _example(example: dict[str, Any]) -> str:
    line = (example.get("line") or example["lines"][0]).strip("\n")
    block = "\n".join(f"    {row}".rstrip() for row in line.split("\n"))
    cells = {**example.get("at", {}), **example.get("row", {}), **example.get("config", {})}
    if not cells:
        return block
    units = example.get("units", {})
    names = [_cell(key) for key in cells]
    values = [_cell(f"{value} {units.get(key, '')}".strip()) for key, value in cells.items()]
    rule = " | ".join("---" for _ in names)
    return f"{block}\n\n| {' | '.join(names)} |\n| {rule} |\n| {' | '.join(values)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
