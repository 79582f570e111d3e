"""The open half: the md5 of a log's name is even."""

from . import frameworks, games, homemade, lessons, science, sight, silent, tabular, words

__all__ = ["frameworks", "games", "homemade", "lessons", "science", "sight", "silent", "tabular", "words"]
