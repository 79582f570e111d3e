"""The held half: the md5 of a log's name is odd."""

from . import metal, nothing, pictures, plain, speech

__all__ = ["metal", "nothing", "pictures", "plain", "speech"]
