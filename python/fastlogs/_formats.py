"""Formats: the catalogue's, a file's, or one written for a log."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastlogs import _core
from fastlogs._whole import written
from fastlogs.errors import FormatError, UnknownFormat

GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of log is recognised and what its lines mean: the text of a TOML file.

    >>> Format.named("nanogpt").name
    'nanogpt'
    """

    name: str
    about: str
    toml: str
    path: str | None = None

    @staticmethod
    def named(name: str) -> Format:
        """A format of the catalogue."""
        import difflib

        catalogue = {f.name: f for f in formats()}
        if name in catalogue:
            return catalogue[name]
        near = difflib.get_close_matches(name, catalogue, n=1)
        meant = f"did you mean '{near[0]}'? " if near else ""
        raise UnknownFormat(f"no format '{name}'", help=f"{meant}'fastlogs formats list' lists all")

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Format:
        """A format file, checked."""
        text = Path(path).read_text(encoding="utf-8")
        problems = _core.check_format(text, os.fspath(path))
        if problems:
            raise FormatError("\n".join(problems), path=os.fspath(path))
        return Format(Path(path).stem, "", text, os.fspath(path))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes it as a file, whole or not at all."""
        written(Path(path), self.toml)

    def renamed(self, name: str) -> Format:
        """The same under another name: a format is named as its file."""
        first = f"name{self.toml.split('name', 1)[1].splitlines()[0]}"
        return Format(name, self.about, self.toml.replace(first, f'name  = "{name}"', 1))

    def check(self) -> list[str]:
        """What is wrong with it, each problem ready to be shown; empty when nothing is."""
        return _core.check_format(self.toml, self.path or f"{self.name}.toml")

    def __repr__(self) -> str:
        return f"<Format {self.name!r}: {self.about}>"[:80]


@cache
def _catalogue() -> tuple[Format, ...]:
    return tuple(Format(name, about, toml) for name, about, toml in _core.formats())


def formats() -> list[Format]:
    """The formats that are read without being told, by name.

    >>> "nanogpt" in [f.name for f in formats()]
    True
    """
    return sorted(_catalogue(), key=lambda f: f.name)


def grammar(given: str | os.PathLike[str] | Format | None) -> dict[str, str | tuple[str, str]]:
    """The engine's option for a format given by name, as a `Format`, or by the path of its file."""
    if given is None:
        return {}
    if isinstance(given, Format):
        return {"toml": (given.toml, given.path or f"{given.name}.toml")}
    text = os.fspath(given)
    if text.endswith(".toml") or os.sep in text or os.path.isfile(text):
        loaded = Format.load(text)
        return {"toml": (loaded.toml, text)}
    # No format: the reader of logs that none describes, asked for by name.
    return {"format": text if text == GENERIC else Format.named(text).name}
