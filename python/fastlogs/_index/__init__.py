"""The index: what was read of many runs is kept, so that a second look costs a glance at their files."""

from fastlogs._index.index import Facts, facts_of
from fastlogs._index.spread import spread

__all__ = ["Facts", "facts_of", "spread"]
