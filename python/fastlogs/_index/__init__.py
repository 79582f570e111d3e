"""The index: what was read of many runs is kept, so that a second look costs a glance at their files."""

from fastlogs._index.index import Facts, Tell, facts_of
from fastlogs._index.sketches import Floats, Look, chosen

__all__ = ["Facts", "Floats", "Look", "Tell", "chosen", "facts_of"]
