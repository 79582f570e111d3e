"""What files look like from outside."""

from collections.abc import Sequence

__all__ = ["looks"]

def looks(paths: Sequence[str], began: int) -> list[str | None]: ...
