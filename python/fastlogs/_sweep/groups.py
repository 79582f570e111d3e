"""Runs whose settings are equal but for the seed, found by themselves; and the settings that vary on purpose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastlogs._configs import Setting, Settings, typed

if TYPE_CHECKING:
    from fastlogs._sweep.glance import Glance
    from fastlogs.stats.parameter import Parameter

_SEED = re.compile(r"(?:.*[._-])?(?:\w*seed|rng|random_state|seed_\w+)")
# Where a run is kept and how it is called: different in each, and no choice of anybody's.
_NAMES = re.compile(
    r"(?:run|exp|experiment|job|trial|wandb|task|save|display)_?(?:name|id|dir|path|group|tag|url)?|id|uuid|name"
    r"|(?:out|output|log|logging|save|ckpt|checkpoint|work|working|result|results|tensorboard|tb|cache)_?(?:dir|path|folder|file)"
    r"|timestamp|time|date|datetime|created(?:_at)?|start(?:ed)?(?:_at|_time)?|host|hostname|node|pid|port|master_port"
    r"|slurm_\w+|git_\w+|commit|version|wandb_\w+|device|local_rank|rank",
)
# A longer name of a group says less than a run's.
_LONGEST = 32
_PAIR = re.compile(r"(?:^|[,/&_ -])([A-Za-z][\w.]*?)=([^,/&= ]+?)(?=$|[,/& ]|[_-][A-Za-z][\w.]*=)")


@dataclass(frozen=True, slots=True)
class Design:
    """What varies in a sweep: settings by name, those that say the same as another, and what was left out and why."""

    varied: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seeds: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Runs with the same settings, whatever their seed, by their places; `settings` are those that vary."""

    name: str
    members: tuple[int, ...]
    settings: Settings


def configs_of(glances: Sequence[Glance]) -> list[Settings]:
    """The settings of each run; of runs without any, those that their names spell: `lr=0.1,seed=2`."""
    if any(glance.config for glance in glances):
        return [glance.config for glance in glances]
    return [named_settings(glance.run) for glance in glances]


def named_settings(name: str) -> dict[str, Setting]:
    """The settings that a name spells.

    >>> named_settings("sweep/lr=0.01,opt=adam_seed=3")
    {'lr': 0.01, 'opt': 'adam', 'seed': 3}
    """
    return {key: typed(value) for key, value in _PAIR.findall(name)}


def design(configs: Sequence[Settings], ignored: Iterable[str] = ()) -> Design:
    """Which settings vary on purpose.

    >>> design([{"lr": 0.1, "seed": 1, "run_name": "a"}, {"lr": 0.2, "seed": 2, "run_name": "b"}]).varied
    ('lr',)
    """
    keys = dict.fromkeys(key for config in configs for key in config)
    varying = [key for key in keys if len({repr(config.get(key)) for config in configs}) > 1]
    left = {key: why for key in varying if (why := _left_out(key, configs, set(ignored)))}
    seeds = tuple(key for key in varying if _SEED.fullmatch(key.lower()))
    kept = [key for key in varying if key not in left and key not in seeds]
    same = _aliases(kept, configs)
    return Design(tuple(same), same, seeds, left)


def _left_out(key: str, configs: Sequence[Settings], ignored: set[str]) -> str:
    """Why a setting that varies is no choice; empty when it is one."""
    last = key.lower().rpartition(".")[2]
    if key in ignored or last in ignored:
        return "as asked"
    if _NAMES.fullmatch(last):
        return "how a run is called or where it is kept"
    values = [config[key] for config in configs if key in config]
    words = {value for value in values if isinstance(value, str)}
    if len(words) > max(12, len(values) // 3) or (len(words) == len(values) > 2):
        return "another text in nearly every run"
    return ""


def _aliases(keys: Sequence[str], configs: Sequence[Settings]) -> dict[str, tuple[str, ...]]:
    """Settings that never vary one without the other stand behind the first of them."""
    whole = len(set(_classes(keys, configs)))
    found: dict[str, list[str]] = {}
    parts: dict[str, tuple[Any, ...]] = {}
    for key in keys:
        own = _classes([key], configs)
        twin = next((name for name in found if parts[name] == own and _is_bound(name, key, configs, own, whole)), None)
        if twin is None:
            found[key], parts[key] = [], own
        else:
            found[twin].append(key)
    return {name: tuple(same) for name, same in found.items()}


def _classes(keys: Sequence[str], configs: Sequence[Settings]) -> tuple[int, ...]:
    """Which runs have the same values of some settings: a number a run, in order of appearance."""
    seen: dict[tuple[str, ...], int] = {}
    return tuple(seen.setdefault(tuple(repr(c.get(key)) for key in keys), len(seen)) for c in configs)


def _is_bound(a: str, b: str, configs: Sequence[Settings], classes: tuple[int, ...], whole: int) -> bool:
    """Whether two settings of the same classes belong together; where every run has values of its own, only if one
    rises or falls with the other: numbers drawn at random never come twice."""
    if len(set(classes)) < whole or whole <= 2:
        return True
    pairs = sorted({(config.get(a), config.get(b)) for config in configs}, key=lambda pair: str(pair))
    if not all(isinstance(value, int | float) for pair in pairs for value in pair):
        return False
    ordered = [other for _, other in sorted(pairs, key=lambda pair: float(pair[0] or 0))]
    return ordered in (sorted(ordered), sorted(ordered, reverse=True))  # type: ignore[type-var]


def groups(glances: Sequence[Glance], configs: Sequence[Settings], found: Design) -> tuple[Group, ...]:
    """Groups in the order of their first runs; a run without settings is a group of its own."""
    members: dict[Any, list[int]] = {}
    for at, config in enumerate(configs):
        key: Any = tuple(repr(config.get(name)) for name in found.varied) if config else at
        members.setdefault(key, []).append(at)
    told = [{name: configs[of[0]][name] for name in found.varied if name in configs[of[0]]} for of in members.values()]
    names = [_name(glances, of, settings) for of, settings in zip(members.values(), told, strict=True)]
    return tuple(
        Group(name, tuple(of), settings) for name, of, settings in zip(names, members.values(), told, strict=True)
    )


def _name(glances: Sequence[Glance], members: Sequence[int], settings: Settings) -> str:
    """The run's own name where it is alone; else the settings, or of many the first run's name."""
    first = glances[members[0]].run
    if len(members) == 1 or not settings:
        return first
    told = " ".join(f"{key.rpartition('.')[2]}={shown(value)}" for key, value in settings.items())
    return told if len(told) <= _LONGEST else f"{first} +{len(members) - 1}"


def shown(value: Setting) -> str:
    """A setting in few letters."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def parameters(names: Iterable[str], configs: Sequence[Settings]) -> tuple[Parameter, ...]:
    """The settings as statistics see them; those that say nothing among these runs are left out."""
    from fastlogs.stats.parameter import parameter

    made = (parameter(name, [config.get(name) for config in configs]) for name in names)
    return tuple(one for one in made if one is not None)
