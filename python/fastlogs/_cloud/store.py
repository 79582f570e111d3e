"""A store for a URL, and its failures in our words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from fastlogs.errors import FastlogsError, Forbidden, MissingExtra, NoSuchObject, SourceError, UsageError

_DENIED = re.compile(r"AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|403 Forbidden|401 Unauthorized")
# What says who asks, by the beginning of a URL; what it needs be allowed to do; what reads without being anybody.
_CREDENTIALS = {
    "s3": (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "s3:GetObject and s3:ListBucket", "AWS_SKIP_SIGNATURE"),
    "gs": (("GOOGLE_SERVICE_ACCOUNT",), "storage.objects.get and storage.objects.list", "GOOGLE_SKIP_SIGNATURE"),
    "az": (
        ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT_KEY"), "to read blobs and to list", "AZURE_SKIP_SIGNATURE"
    ),
}  # fmt: skip
# The causes that obstore lists come after these words, the first of them last.
_WHY = re.compile(r"(?:- |Caused by:\s+(?:\d+: )?|\n\s*\d+: )([A-Za-z][^\n{]{5,160})")

SCHEMES = ("s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "http", "https")
URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(?:/([^?#]*))?([?#].*)?", re.DOTALL)
# What obstore does again by itself when a server stumbles: about three seconds of it, then an error.
_RETRIES: Any = {"max_retries": 5, "retry_timeout": timedelta(seconds=60)}


def split(url: str) -> tuple[str, str]:
    """What a store is opened for, and the path in it.

    >>> split("s3://bucket/run/train.log")
    ('s3://bucket', 'run/train.log')
    >>> split("https://host/train.log?key=1")
    ('https://host?key=1', 'train.log')
    """
    found = URL.fullmatch(url)
    if found is None or found[1].lower() not in SCHEMES or not found[2]:
        raise UsageError(f"wanted s3://bucket/path, gs://, az:// or https://, found {url}")
    scheme, host, path, query = found[1].lower(), found[2], found[3] or "", found[4] or ""
    if is_web(url):
        # A signature is part of what the host is asked; other stores have `?` and `#` in names.
        return f"{scheme}://{host}{query}", unquote(path)
    return f"{scheme}://{host}", path + query


def is_web(url: str) -> bool:
    """Whether a plain web server is asked, which has no list of what it holds."""
    return url.lower().startswith(("http://", "https://"))


def opened_store(root: str) -> Any:
    """The store of a bucket, container or host; credentials and endpoint are those of the environment."""
    about = tuple((k, v) for k, v in sorted(os.environ.items()) if k.startswith(("AWS_", "GOOGLE_", "AZURE_")))
    return _opened(root, about)


# Connections are kept from one object to the next, for as long as the environment says the same.
@lru_cache(maxsize=8)
def _opened(root: str, _environment: tuple[tuple[str, str], ...]) -> Any:
    try:
        from obstore import store
    except ModuleNotFoundError as missing:
        scheme = root.partition(":")[0]
        raise MissingExtra(f"reading {scheme}:// needs an extra", help="pip install 'fastlogs[cloud]'") from missing
    if is_web(root):
        options: Any = {"allow_http": root.startswith("http:")}
        return store.HTTPStore.from_url(root, client_options=options, retry_config=_RETRIES)
    # An endpoint that is named without TLS is meant.
    plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http:")
    with telling(root):
        options = {"allow_http": True} if plain else None
        return store.from_url(root, client_options=options, retry_config=_RETRIES)


@contextmanager
def telling(url: str) -> Iterator[None]:
    """Says of a failure which object it was, why, and what to do."""
    from obstore import exceptions as their

    try:
        yield
    except (their.BaseError, OSError) as error:
        if isinstance(error, FastlogsError):
            raise
        raise _told(url, error, their) from error


def _told(url: str, error: Exception, their: Any) -> SourceError:
    # A refused listing is a general failure to obstore: the server's own word is in its text.
    text = str(error)
    if "NoSuchBucket" in text:
        return NoSuchObject(
            f"no such bucket: {split(url)[0]}", help="is the name, or AWS_ENDPOINT_URL, wrong?", path=url
        )
    if isinstance(error, FileNotFoundError | their.NotFoundError):
        advice = "" if is_web(url) else f"fastlogs discover {url.rpartition('/')[0]}/ lists what is there"
        return NoSuchObject(f"no such object: {url}", help=advice, path=url)
    denied = (PermissionError, their.PermissionDeniedError, their.UnauthenticatedError)
    if isinstance(error, denied) or _DENIED.search(text):
        return Forbidden(f"not allowed to read {url}", help=_permission(url), path=url)
    if isinstance(error, their.PreconditionError):
        return SourceError(f"{url} was replaced while it was read", help="read it again", path=url)
    why = _WHY.findall(text)
    return SourceError(
        f"{url} could not be read: {why[-1].strip() if why else type(error).__name__}",
        help="the server was asked several times; read it again, or download it",
        path=url,
    )


def _permission(url: str) -> str:
    """What to set, or to ask for, to be allowed to read a URL.

    >>> _permission("https://host/x.log")
    'a web server is asked as nobody: use a signed URL, or s3://, gs://, az:// with credentials'
    """
    scheme = url.partition(":")[0].lower()
    kind = "s3" if scheme.startswith("s3") else "gs" if scheme == "gs" else "az"
    if is_web(url):
        return "a web server is asked as nobody: use a signed URL, or s3://, gs://, az:// with credentials"
    names, needs, public = _CREDENTIALS[kind]
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        return f"set {' and '.join(missing)}; {public}=true reads what is public"
    return f"{' and '.join(names)} are set, and may not: they need {needs} there; {public}=true reads what is public"
