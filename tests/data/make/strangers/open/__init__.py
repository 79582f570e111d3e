"""The open half: the md5 of a log's name is even."""

from . import nothing, text, vision, worlds, zoo

__all__ = ["nothing", "text", "vision", "worlds", "zoo"]
