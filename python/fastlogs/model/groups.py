"""Which layer and which component a parameter belongs to, by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

# What wrappers put before or into a name.
_WRAPPED = re.compile(r"(^|\.)(module|_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)(?=\.)")


@dataclass(frozen=True, slots=True)
class Groups:
    """Patterns of names: how layers are counted, and which components there are."""

    layer_pattern: re.Pattern[str]
    components: tuple[tuple[str, re.Pattern[str]], ...]

    def layer(self, name: str) -> str | None:
        """The number of a parameter's layer.

        >>> [known().layer(n) for n in ("model.layers.3.mlp.up_proj.weight", "h.3.ln_1.bias", "lm_head.weight")]
        ['3', '3', None]
        """
        found = self.layer_pattern.search(plain(name))
        return found[1] if found else None

    def component(self, name: str) -> str | None:
        """The component of a parameter: the first whose pattern fits.

        >>> known().component("model.layers.0.self_attn.q_proj.weight")
        'q_proj'
        """
        dotted = f".{plain(name)}."
        return next((component for component, pattern in self.components if pattern.search(dotted)), None)


def plain(name: str) -> str:
    """A parameter's name without what DDP, FSDP or torch.compile add to it."""
    return _WRAPPED.sub("", name).removeprefix(".")


def grouped(layers: tuple[str, ...], components: Mapping[str, list[str]]) -> Groups:
    """Groups by your own words: of layers, and patterns of each component."""
    words = "|".join(re.escape(word) for word in layers)
    made = tuple((name, re.compile("|".join(patterns))) for name, patterns in components.items())
    return Groups(re.compile(rf"(?:^|\.)(?:{words})\.(\d+)(?:\.|$)"), made)


@cache
def known() -> Groups:
    """Those of `groups.toml`: Llama, GPT-2, BERT and their kin."""
    import tomllib

    data = tomllib.loads((resources.files("fastlogs.model") / "groups.toml").read_text(encoding="utf-8"))
    return grouped(tuple(data["layers"]), {c["name"]: c["patterns"] for c in data["component"]})
