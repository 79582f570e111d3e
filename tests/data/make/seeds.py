"""Seeds of the fuzz corpus; `python -m data.make.seeds` (in tests/) writes `rust/fuzz/corpus/`."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from data.make.logs import LOGS

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / "rust" / "fuzz" / "corpus"

NUMBERS = [
    "0",
    "-0",
    "1",
    "+5",
    ".5",
    "5.",
    "1e15",
    "1.3633944e+15",
    "-0.5",
    "nan",
    "-nan",
    "inf",
    "-Infinity",
    "1e400",
    "1e-400",
    "4.9e-324",
    "2.2250738585072014e-308",
    "1.7976931348623157e308",
    "9007199254740993",
    "0.1",
    "0.30000000000000004",
    "8.19e-08",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "0000000000000000000000000000000001",
    "123456789012345678901234567890123456789012",
    "1e",
    "1e+",
    "1.2.3",
    "e5",
    "-",
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880",
    "6.631236846766476e-316",
    "2.4703282292062327208299439634110764E-324",
    "100000000000000000000000.5e-22",
]

QUANTITIES = [
    "1.6M", "1,234", "1,234,567.5", "0,123", "98%", "703.1 ms", "0:32:48", "4h 33m", "9 days, 21:39:23", "1-02:03:04", "12:34",
    "1 hour, 19 minutes and 54.41 seconds", "0.83x", "76K tok/s", "1.2kit/s", "27.34GiB", "3 furlongs", "None", "N/A", "12/300",
    "2024-01-01", "nanms", "info", "gpu_mem\x001.6M", "tokens\x001.6M", "nan%", "1e3k", "-5m", "1:60:00", "999999999999 days",
]  # fmt: skip

TIMES = """2026-01-26 16:56:54,250|2026-01-26T16:56:54.123456789Z|2026-01-26 16:56:54+02:00|2023/06/05 20:10:13
08/17 21:29:44|Nov 20 17:30:01|Tue Apr  5 05:07:35 2022|Tue Apr  5 05:07:35 UTC 2022|17:01:30|0812 12:00:00.123456
26-Jan-2026 10:00:00|2026-02-30 10:00:00|2026-01-26 24:00:00|20260126 101112|1970-01-01 00:00:00|2199-12-31 23:59:59.999999
12:34|1:02:03|2026-01-26 16:56:54 UTC|Jan 26 2026 10:00:00|2026-01-26""".replace("\n", "|").split("|")

PATTERNS = [
    (r"Step: (?P<i>\d+), Loss: (?P<n>[\d.e+-]+)(?:, Time: (?P<q>[\d.]+ ?\w*))?", "Step: 12, Loss: 1.5e-3, Time: 7 ms"),
    (r"^(?P<t>\w+)(?:/(?P<tt>\w+))?: (?P<n>\S+)$", "val/loss: nan"),
    (r"(?P<s>\S+ \S+) \| (?P<n>-?\d+)", "2026-01-26 10:00:00 | -5"),
    (r"(?:(?P<n>\d+),)+|x(?P<nn>\d*)", "1,2,x12"),
    (r"(?i)LOSS=(?P<n>[0-9.]+)(?: |$)", "Loss=3.5 loss=4"),
    (r"(?P<t>.*?) loss (?P<n>\d+)$", "a loss 1 loss 2"),
    (r"(?P<t>a|ab)(?P<tt>c|bcd)(?P<n>\d*)", "abcd12"),
    (r"\b(?P<t>\w+)\b=(?P<q>[\d.]+(?:[KMB]|ms|%)?)\b", "tokens=1.6M x=5%"),
    (r"[^\x00-\x20]{2,3}(?P<n>\d{1,3}){2}", "ab123456"),
]

TEXTS = [
    b"\x1b[1;31mred\x1b[0m 1.5", b"\x1b]0;title\x07loss 1", b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", b"10%\r20%\r\n\ndone",
    b"l\0o\0s\0s\0", b"|\x08/\x08- done", b"ab\x08\x08\x08next\x08\x08\nlast", b"\x1b7\x1b[?25lbar\x1b8", b"\xe2\x96\x88\xe2\x96\x8f\xff",
]  # fmt: skip

CONFIGS = [
    b'\0{"lr": 1e-3, "seed": null, "amp": true, "model": {"dim": 64, "betas": [0.9, NaN], "layers": [{"a": "\\u00e9"}]}}',
    b"\1lr: 1e-3\nmodel: &m {dim: 64, betas: [0.9, 0.95]}\nrun:\n  <<: *m\n  name: 'x'\n  text: |\n    a\n    b\n- bad",
    b"\1- a\n- {b: !!str 1, ? [x]: y}\n--- # two\nc: ~\n...\n",
    b"\2lr = 1e-3\nwhen = 2024-01-01T00:00:00Z\n[model]\ndim = 0x40\nbetas = [0.9, inf]\n[[layer]]\na = 'b'\n",
    b"\3lr = 0.1\n--batch 32\n[model]\ndim: 64\nname='a b'\n",
    b"\3Namespace(lr=0.1, betas=(0.9, 0.95), opt=Namespace(kind='a, b', eps=1e-08), x=None)",
]

TOML = (ROOT / "rust" / "core" / "formats").glob("*.toml")


def _tails() -> list[bytes]:
    """What may stand behind the first lines of a log: the beginnings of all logs, and broken lines."""
    logs = [make(5, 3).encode() for make in LOGS.values()]
    odd = [
        b"",
        b"\n\n\n",
        b"\x00" * 300 + b"\n",
        b"\xff\xfe\n",
        b'a,b\n"q\nq",2\n',
        b'{"step": 1e999, "loss": {"a": [1, {}]}}\n',
        b"x" * 5000,
    ]
    return logs + odd


def seeds() -> dict[str, list[bytes]]:
    tails = _tails()
    logs = [make(12, 5).encode() for make in LOGS.values()]
    return {
        "blocks": [
            bytes([size, most]) + text
            for text in [*TEXTS, tails[0], b"a\n" * 50, b"\0" * 600 + b"x\n"]
            for size, most in ((3, 255), (40, 1))
        ],
        "codec": [bytes([how]) + b"\0\0\2\0\0\0\2\0" + tails[how] for how in range(5)]
        + [b"\0" + gzip.compress(logs[0], mtime=0)],
        "config": CONFIGS,
        "csv": tails,
        "dict": tails,
        "format_toml": [path.read_bytes() for path in sorted(TOML)][:8],
        "generic": tails,
        "jsonl": [*tails, b'{"a": "\\ud800", "step": 9}\n[1, 2]\n{"step": 3, "step": 4}\n'],
        "number": [n.encode() for n in NUMBERS],
        "quantity": [q.encode() for q in QUANTITIES],
        "rules": tails,
        "scan": [
            *logs,
            *TEXTS,
            b"\xff\xfe" + "step 1 loss 2\n".encode("utf-16-le") * 5,
            b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        ],
        "text": TEXTS,
        "tiers": [f"{pattern}\0{line}".encode() for pattern, line in PATTERNS],
        "time": [t.encode() for t in TIMES],
    }


def write() -> None:
    for target, inputs in seeds().items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for data in inputs:
            (folder / hashlib.sha1(data).hexdigest()[:12]).write_bytes(data)


if __name__ == "__main__":
    write()
