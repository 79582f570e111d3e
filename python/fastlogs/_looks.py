"""What a file without metrics looks like: its kind, by lines that only such files have."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

# Leading bytes that are looked at.
_HEAD = 64 << 10
# Each kind, and what a line of it holds; a file is of the first kind that enough of its lines speak for.
_KINDS = (
    ("a Python traceback", 1, r"^Traceback \(most recent call last\)"),
    ("a batch script", 1, r"^#SBATCH |^#PBS |^#\$ -"),
    ("the output of nvidia-smi", 1, r"NVIDIA-SMI \d|GPU-Util"),
    ("test results", 1, r"^=+ test session starts =+|^running \d+ tests?$"),
    ("a history of commits", 2, r"^commit [0-9a-f]{7,40}\b"),
    ("an access log of a server", 3, r'"(?:GET|POST|PUT|HEAD|DELETE) \S+ HTTP/'),
    ("a list of required packages", 3, r"^[A-Za-z][\w.\[\]-]*(?:[=<>~!]=)[\w.*]+"),
    ("the output of a package installer", 2, r"^(?:Collecting|Get:\d+|Unpacking|Setting up|Preparing to unpack) "),
    ("a download", 2, r"^Length: \d+|^HTTP request sent|\d+K (?:\.{10} ?)+|\d%\|.*[kMG]B/s"),
    (
        "a build log",
        2,
        r"^\s*Compiling \S+ v\d|^\[ *\d+%\] (?:Building|Linking)|^Step \d+/\d+ : |^(?:gcc|g\+\+|clang) ",
    ),
    ("a listing of files", 3, r"^[-dl][rwxsStT-]{9}[.+@]? +\d"),
    ("a summary of a model", 1, r"^(?:Total|Trainable) params\b"),
    ("messages of NCCL", 2, r"NCCL INFO "),
    ("source code", 3, r"^\s*(?:def|class|import|from|return|fn|#include|public|function)\b.*[:;{)\w]$"),
    ("a printed tensor", 2, r"^\s*(?:tensor\()?\[+ ?-?\d+\.\d+,"),
    ("a document", 2, r"^#{1,4} \S|^```"),
    ("settings", 3, r"^\s*[A-Za-z_][\w.-]*\s*[:=]\s*\S+$"),
)


def look_at(path: str) -> str:
    """What the beginning of a file looks like; nothing for what is no file, or of no sure kind."""
    if not os.path.isfile(path):
        return ""
    with open(path, "rb") as opened:
        return look(opened.read(_HEAD).decode("utf-8", "replace").splitlines())


def look(lines: Sequence[str]) -> str:
    """What the lines look like; nothing where no kind is sure.

    >>> look(["Traceback (most recent call last):", "  ..."])
    'a Python traceback'
    """
    for kind, least, pattern in _KINDS:
        if sum(re.search(pattern, line) is not None for line in lines) >= least:
            return kind
    return ""
