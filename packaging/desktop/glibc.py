"""Whether a folder of programs runs on systems with an older C library than this one: read from each ELF file.

`python packaging/build/glibc.py FOLDER` ends with 1 and names every file that needs more than glibc 2.34, the oldest
that Qt's web view runs on. `lower` makes a library need less where a symbol's older version does the same.
"""

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NEWEST = (2, 34)
#: Symbol -> the older version of it that does. hypot of 2.35 sets errno in another place than that of 2.2.5 on x86-64
#: and 2.17 on ARM; Python sets it by itself either way. Source: glibc 2.35 NEWS.
OLDER = {"hypot": ("GLIBC_2.2.5", "GLIBC_2.17")}
#: Section types and the flag of a need that may be missing. Source: Linux Standard Base 5.0, "Symbol Versioning".
DYNSYM, VERSYM, VERNEED, WEAK = 11, 0x6FFFFFFF, 0x6FFFFFFE, 2
DYNAMIC, NEEDED = 6, 1
ELF64_LITTLE = b"\x7fELF\x02\x01"


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section lies in the file, and which other one belongs to it."""

    kind: int
    offset: int
    size: int
    link: int


@dataclass(frozen=True, slots=True)
class Need:
    """One version of a library that a file needs. at: of its record in the file; number: what symbols call it by."""

    library: str
    version: str
    number: int
    is_weak: bool
    at: int


class Elf:
    """A 64-bit little-endian ELF file, as all of ours are."""

    def __init__(self, path: Path) -> None:
        self.bytes = bytearray(path.read_bytes())
        start, size, count = (*struct.unpack_from("<Q", self.bytes, 40), *struct.unpack_from("<HH", self.bytes, 58))
        self.sections = [self._section(start + size * index) for index in range(count)]

    def _section(self, at: int) -> Section:
        _name, kind, _flags, _address, offset, size, link = struct.unpack_from("<IIQQQQI", self.bytes, at)
        return Section(kind, offset, size, link)

    def _find(self, kind: int) -> Section | None:
        return next((section for section in self.sections if section.kind == kind), None)

    def _text(self, of: Section, offset: int) -> str:
        begin = self.sections[of.link].offset + offset
        return self.bytes[begin : self.bytes.index(0, begin)].decode()

    def needs(self) -> Iterator[Need]:
        """Return every version of every library that this file needs."""
        section = self._find(VERNEED)
        at = section.offset if section else 0
        while section:
            _version, count, library, first, following = struct.unpack_from("<HHIII", self.bytes, at)
            one = at + first
            for _index in range(count):
                _hash, flags, number, name, step = struct.unpack_from("<IHHII", self.bytes, one)
                yield Need(
                    self._text(section, library), self._text(section, name), number, bool(flags & WEAK), one
                )  # fmt: skip
                one += step
            if not following:
                return
            at += following

    def libraries(self) -> Iterator[str]:
        """Return the names of the libraries that this file is linked to."""
        section = self._find(DYNAMIC)
        for at in range(section.offset, section.offset + section.size, 16) if section else ():
            tag, value = struct.unpack_from("<QQ", self.bytes, at)
            if section and tag == NEEDED:
                yield self._text(section, value)

    def lower(self, older: dict[str, tuple[str, ...]]) -> bool:
        """Have symbols of the table ask for their older version; return whether anything changed."""
        symbols, versions = self._find(DYNSYM), self._find(VERSYM)
        needs = list(self.needs())
        by_number = {need.number: need for need in needs}
        if symbols is None or versions is None:
            return False
        has_changed = False
        users: dict[int, int] = {}
        for index in range(versions.size // 2):
            at = versions.offset + 2 * index
            (number,) = struct.unpack_from("<H", self.bytes, at)
            (name,) = struct.unpack_from("<I", self.bytes, symbols.offset + 24 * index)
            need = by_number.get(number & 0x7FFF)
            wanted = older.get(self._text(symbols, name), ()) if need and is_too_new(need) else ()
            same = (one for one in needs if need and one.library == need.library and one.version in wanted)
            if (instead := next(same, None)) is not None:
                number, has_changed = instead.number, True
                struct.pack_into("<H", self.bytes, at, number)
            users[number & 0x7FFF] = users.get(number & 0x7FFF, 0) + 1
        for need in needs if has_changed else ():
            if is_too_new(need) and not users.get(need.number):
                struct.pack_into("<H", self.bytes, need.at + 4, WEAK)
        return has_changed


def is_too_new(need: Need) -> bool:
    """Return whether this is a version of glibc above NEWEST that must be there."""
    kind, _line, number = need.version.partition("_")
    if kind != "GLIBC" or need.is_weak or not number[:1].isdigit():
        return False
    return tuple(int(part) for part in number.split(".")) > NEWEST


def programs(folder: Path) -> Iterator[Path]:
    """Return every ELF file below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(6) == ELF64_LITTLE:
                    yield path


def lower(folder: Path) -> list[Path]:
    """Make what can need less need less; return the files that were changed."""
    changed = []
    for path in programs(folder):
        elf = Elf(path)
        if any(is_too_new(need) for need in elf.needs()) and elf.lower(OLDER):
            path.write_bytes(elf.bytes)
            changed.append(path)
    return changed


def complaints(folder: Path) -> list[str]:
    """Return a line for every file that needs a newer glibc than NEWEST."""
    found = []
    for path in programs(folder):
        versions = sorted({need.version for need in Elf(path).needs() if is_too_new(need)})
        if versions:
            found.append(f"{path.relative_to(folder)} needs {', '.join(versions)}")
    return found


def main(folder: Path) -> int:
    """Lower what can be lowered, and say what is left; return the exit code."""
    for path in lower(folder):
        print(f"{path.relative_to(folder)} asks for older symbols now")  # noqa: T201 - a command
    found = complaints(folder)
    for line in found:
        print(line, file=sys.stderr)  # noqa: T201 - a command
    if found:
        limit = ".".join(map(str, NEWEST))
        print(f"{len(found)} files need a newer glibc than {limit}; leave them out in build.spec.", file=sys.stderr)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
