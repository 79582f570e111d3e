"""The settings of runs: of the files beside their logs, and what the logs state themselves."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from fastlogs import _core
from fastlogs._cloud import Gathered, Object, side_by_side
from fastlogs._places import Place
from fastlogs.errors import DamagedFile, LinesLeft

if TYPE_CHECKING:
    import polars as pl

Setting: TypeAlias = "bool | int | float | str"
Settings: TypeAlias = "Mapping[str, Setting]"

# What was read of files of settings, by their paths.
Read: TypeAlias = "Mapping[str, Sequence[tuple[str, Setting]] | None]"
NOTHING: Read = MappingProxyType({})

# The engine refuses longer files as no settings.
_LONGEST = 8 << 20


def settings_of(place: Place, sources: Iterable[_core.Coverage], read: Read = NOTHING) -> dict[str, Setting]:
    """What the log states, then what the files beside it say, which wins: a file is what the program was given."""
    found, left = _gathered(place, sources, read)
    _tell([(place.path, why) for why in left])
    return found


def _gathered(
    place: Place, sources: Iterable[_core.Coverage], read: Read = NOTHING
) -> tuple[dict[str, Setting], list[str]]:
    """The settings of a run, and why some of its files could not be read."""
    found = {key: typed(text) for source in sources for key, text in source.settings}
    left: list[str] = []
    folder = _folder(place)
    for what in (_overrides, *(_reads(path, read) for path in place.config)):
        try:
            found |= what(folder)
        except (DamagedFile, OSError) as error:
            left.append(getattr(error, "message", "") or str(error))
    return found | dict(_typed(place.stated)), left


def _reads(path: Any, read: Read) -> Callable[[str], dict[str, Setting]]:
    """What reads the settings of one file, folder or object."""
    if not isinstance(path, str):
        return lambda _: _remote(path)
    if known := read.get(path):
        return lambda _: _unwrapped(dict(known))
    if os.path.isdir(path):
        return lambda _: _folder_settings(path)
    return lambda _: _unwrapped(dict(_core.settings((_bytes_of(path), path))))


def _bytes_of(path: str) -> bytes:
    if os.path.exists(path) and not os.path.isfile(path):
        # Opening a pipe would wait for whoever writes to it.
        raise DamagedFile(f"{path}: wanted a file of settings, found no file")
    with open(path, "rb") as file:
        return file.read(_LONGEST + 1)


def _tell(left: Sequence[tuple[str, str]]) -> None:
    """One warning, however many files could not be read."""
    if left:
        first, why = left[0]
        more = f" ({len(left) - 1:,} more files)" if len(left) > 1 else ""
        warnings.warn(
            LinesLeft(f"settings of {first} left out: {why}{more}", {"settings_files": len(left)}), stacklevel=4
        )


# W&B puts each setting under its name's `value`, beside what it keeps for itself.
_WRAPPED = re.compile(r"(?!_wandb\.)(.+?)\.value(\..+)?")


def _unwrapped(found: dict[str, Setting]) -> dict[str, Setting]:
    """The settings of W&B's `config.yaml` by their names; those of other files as they are."""
    if not any(key == "wandb_version" or key.startswith("_wandb.") for key in found):
        return found
    names = {key: _WRAPPED.fullmatch(key) for key in found}
    return {match[1] + (match[2] or ""): found[key] for key, match in names.items() if match}


# `lr=0.1`, `+model.dim=64`: Hydra's overrides, as files list them and as folders of a multirun are called.
_OVERRIDE = re.compile(r"\+{0,2}([A-Za-z_][\w./@-]*)=(.*)")


def _folder(place: Place) -> str:
    """The folder of a run; what has a log below it is one."""
    above = any(isinstance(log, str) and log.startswith(place.path + "/") for log in place.logs[:1])
    return place.path if above or os.path.isdir(place.path) else os.path.dirname(place.path)


def _overrides(folder: str) -> dict[str, Setting]:
    """What Hydra was told for a run, by its list of overrides, else by the name of the run's folder."""
    listed = os.path.join(folder, ".hydra", "overrides.yaml")
    if os.path.isfile(listed):
        lines = _bytes_of(listed).decode("utf-8", "replace").splitlines()
        parts = [line.strip().removeprefix("- ").strip("'\"") for line in lines]
        matches = [_OVERRIDE.fullmatch(part) for part in parts]
    elif "=" not in (name := _name(folder)):
        return {}
    else:
        matches = [_OVERRIDE.fullmatch(part) for part in name.split(",")]
        # A folder is called by settings wholly or not at all.
        matches = matches if all(matches) else []
    return {match[1]: typed(match[2].strip("'\"")) for match in matches if match}


def _name(folder: str) -> str:
    """What a folder is called, of whatever path leads to it."""
    name = os.path.basename(folder)
    return os.path.basename(os.path.abspath(folder)) if folder and name in ("", ".", "..") else name


def settings_of_each(runs: Iterable[tuple[Place, Sequence[_core.Coverage]]]) -> list[dict[str, Setting]]:
    """The settings of many runs; their files are read at once, those in objects fetched side by side."""
    pairs = list(runs)
    paths = [path for place, _ in pairs for path in place.config]
    local = list(dict.fromkeys(path for path in paths if isinstance(path, str)))
    # What cannot be read so is tried alone, which says why.
    read = dict(zip(local, _core.settings(local), strict=True))

    def of(pair: tuple[Place, Sequence[_core.Coverage]]) -> tuple[dict[str, Setting], list[str]]:
        return _gathered(*pair, read)

    remote = any(not isinstance(path, str) for path in paths)
    found = side_by_side(of, pairs) if remote else [of(pair) for pair in pairs]
    _tell([(place.path, why) for (place, _), (_, left) in zip(pairs, found, strict=True) for why in left])
    return [settings for settings, _ in found]


def _remote(found: Object | Gathered) -> dict[str, Setting]:
    """The settings in an object, or in a folder of them."""
    if isinstance(found, Object):
        return dict(_core.settings((found.head(_LONGEST + 1), found.url)))
    return _each_file(found.url, ((name, data.decode("utf-8", "replace")) for name, data in found.parts()))


def _folder_settings(folder: str) -> dict[str, Setting]:
    """A setting a file, as MLflow keeps parameters."""

    def texts() -> Iterator[tuple[str, str]]:
        for name in sorted(os.listdir(folder)):
            if os.path.isfile(path := os.path.join(folder, name)):
                with open(path, encoding="utf-8", errors="replace") as file:
                    yield name, file.read(_LONGEST)

    return _each_file(folder, texts())


def _each_file(folder: str, texts: Iterable[tuple[str, str]]) -> dict[str, Setting]:
    """MLflow's tags go under `tags`, without those that it writes itself."""
    prefix = "tags." if os.path.basename(folder) == "tags" else ""
    kept = ((name, text) for name, text in texts if not (prefix and name.startswith("mlflow.")))
    return {prefix + name: typed(text.rstrip("\n")) for name, text in kept}


def _typed(stated: Iterable[tuple[str, object]]) -> Iterable[tuple[str, Setting]]:
    """Settings of a database: texts as what they spell, what is none left out."""
    for key, value in stated:
        if value is not None:
            yield key, value if isinstance(value, bool | int | float) else typed(str(value))


def typed(text: str) -> Setting:
    """A setting as the number or flag it spells, else as it is.

    >>> typed("3"), typed("1e-3"), typed("True"), typed("adam")
    (3, 0.001, True, 'adam')
    """
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def fits(settings: Settings, wanted: Mapping[str, object]) -> bool:
    """Whether every wanted setting has its value; None is a setting that is not there."""
    return all(_is(settings.get(key), value) for key, value in wanted.items())


def _is(there: object, value: object) -> bool:
    return there == value and isinstance(there, bool) == isinstance(value, bool)


def frame_of(settings: Mapping[str, Settings]) -> pl.DataFrame:
    """A row a run, a column a setting: numbers where all its values are, else text."""
    import polars as pl

    keys = dict.fromkeys(key for one in settings.values() for key in one)
    named = [("run_" if key == "run" else key, [one.get(key) for one in settings.values()]) for key in keys]
    runs = pl.Series("run", list(settings), dtype=pl.String)
    return pl.DataFrame([runs, *(_column(name, values) for name, values in named)])


def _column(name: str, values: list[Setting | None]) -> pl.Series:
    import polars as pl

    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    if kinds == {int} and all(value is None or -(2**63) <= int(value) < 2**63 for value in values):
        return pl.Series(name, values, dtype=pl.Int64)
    if kinds and kinds <= {int, float}:
        return pl.Series(name, [None if value is None else float(value) for value in values], dtype=pl.Float64)
    return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
