"""Installs a real torch without the 3 GB of CUDA libraries that its wheel names: `light_torch.py FOLDER REQUIREMENTS`.

PyPI has no CPU wheel of torch for Linux; its one wheel links against CUDA, which a machine without a GPU never calls.
Each such library is replaced by a stand-in of a few kB that defines the symbols torch asks of it. Every one of them
answers 100, which in CUDA's words is "no device", or with those words, so `torch.cuda.is_available()` is False and
everything on the CPU is as it was.
"""

import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

FOREIGN = re.compile(r"lib(cu|nv|nccl)\w*\.so\.\d+")
OURS = re.compile(r"_*(cu|nccl|nv)\w+")
# What gives the words of an error, not its number.
WORDS = re.compile(r"\w+(Error|Status)(String|Name)|ncclGetLastError")


def out(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def needed(libraries: list[Path]) -> set[str]:
    """The CUDA libraries that these are linked against."""
    lines = out("objdump", "-p", *map(str, libraries)).splitlines()
    names = {line.split()[1] for line in lines if line.strip().startswith("NEEDED")}
    return {name for name in names if FOREIGN.fullmatch(name)}


def versions(libraries: list[Path]) -> dict[str, str]:
    """Which library each symbol version is asked of."""
    found, library = {}, ""
    for line in out("objdump", "-p", *map(str, libraries)).splitlines():
        words = line.split()
        if line.strip().startswith("required from"):
            library = words[2].rstrip(":")
        elif len(words) == 4 and words[0].startswith("0x") and FOREIGN.fullmatch(library):
            found[words[3]] = library
    return found


def asked(libraries: list[Path]) -> set[tuple[str, str]]:
    """Symbols that these leave to others, each with its version or ''."""
    lines = out("nm", "-D", "--undefined-only", *map(str, libraries)).splitlines()
    words = [line.split()[-1] for line in lines if line.strip().startswith("U ")]
    pairs = {tuple(word.partition("@")[::2]) for word in words}
    return {(name, version) for name, version in pairs if OURS.fullmatch(name)}


def given(libraries: list[Path]) -> set[str]:
    lines = out("nm", "-D", "--defined-only", *map(str, libraries)).splitlines()
    return {line.split()[-1].partition("@")[0] for line in lines if line.strip()}


def labels(names: Iterable[str]) -> str:
    return "".join(f".globl {name}\n.type {name},@function\n{name}:\n" for name in names)


def stand_in(path: Path, symbols: dict[str, set[str]]) -> None:
    """Links a library of that name whose every function returns 100, or the words for it."""
    names = sorted(set().union(*symbols.values()))
    words = [name for name in names if WORDS.fullmatch(name)]
    numbers = labels(name for name in names if name not in words)
    source, script = path.with_suffix(".s"), path.with_suffix(".map")
    source.write_text(
        f".text\n{numbers}movl $100,%eax\nret\n{labels(words)}leaq told(%rip),%rax\nret\n"
        '.section .rodata\ntold: .asciz "no device"\n.section .note.GNU-stack,"",@progbits\n'
    )
    script.write_text("".join(f"{v} {{ {' '.join(f'{n};' for n in sorted(s))} }};\n" for v, s in symbols.items() if v))
    versioned = [f"-Wl,--version-script={script}"] if script.read_text() else []
    out("gcc", "-shared", "-nostdlib", "-o", str(path), f"-Wl,-soname,{path.name}", *versioned, str(source))
    source.unlink()
    script.unlink()


def replace_cuda(lib: Path) -> None:
    libraries = sorted(lib.glob("libtorch*.so")) + sorted(lib.glob("libc10*.so"))
    owner, ours = versions(libraries), given(libraries)
    wanted: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in needed(libraries)}
    for name, version in asked(libraries):
        if name not in ours:
            # A symbol without a version may be anyone's: they are all loaded into one scope. It cannot share a library
            # with versioned ones, so it goes to one that has none.
            wanted.setdefault(owner.get(version, "libcufile.so.0"), defaultdict(set))[version].add(name)
    for library, symbols in wanted.items():
        stand_in(lib / library, symbols)


def main(folder: str, requirements: str) -> None:
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-compile", "--no-cache-dir"]
    subprocess.run([*pip, "--target", folder, "-r", requirements], check=True)
    replace_cuda(Path(folder) / "torch" / "lib")


if __name__ == "__main__":
    main(*sys.argv[1:])
