"""A site file opened and doubted: nothing in it is believed before it was looked at, and nothing of it leaves it."""

import hashlib
import json
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.sitefile.columns import shown
from engine.core.sitefile.format import CHUNK, FORMAT, MANIFEST, VERSION, FileEntry, data_name

MAX_ENTRIES = 200_000
MAX_LINE = 16_000_000
MAX_MANIFEST = 1_000_000
MAX_LINES = 1_000_000
#: A file in it may be as large as the largest that the media library can be told to take.
MAX_FILE = 500 * 1024 * 1024
#: Text packs well, but not better than this; what promises more is a trap.
MAX_RATIO = 250
FREE_BYTES = 20_000_000
_BROKEN = (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError, EOFError, ValueError, KeyError)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a kind's file: its number, and the JSON on it."""

    number: int
    raw: Any


@dataclass(slots=True)
class SiteArchive:
    """A site file. kinds: how many things each kind has, as its manifest says. Close it when done."""

    zip: zipfile.ZipFile
    manifest: Mapping[str, Any] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)

    def close(self) -> None:
        self.zip.close()

    def lines(self, kind: str) -> Iterator[Line]:
        """Yield a kind's lines. Raises Invalid for one that is no JSON, or is longer than any thing is."""
        name = data_name(kind)
        with self.opened(name) as file:
            for number in range(1, MAX_LINES + 2):
                try:
                    text = file.readline(MAX_LINE + 1)
                except _BROKEN:
                    raise refused(_("{file} is damaged. Export the site again.").having(file=name)) from None
                if not text:
                    return
                if len(text) > MAX_LINE or number > MAX_LINES:
                    message = _("{file}, line {line}: it is longer than anything that a site file holds.")
                    raise refused(message.having(file=name, line=number))
                yield Line(number, _json(text, name, number))

    def digest(self, kind: str) -> str:
        """Return the SHA-256 of a kind's file."""
        return self._digest(data_name(kind), None)

    def check(self, entry: FileEntry) -> None:
        """Raise Invalid where a file is not there, or is another than its line says."""
        info = self._info(entry.name)
        if info.file_size != entry.size or entry.size > MAX_FILE:
            message = _("the file {name} has {found} bytes, and {said} were said")
            raise Invalid(message.having(name=entry.name, found=info.file_size, said=entry.size))
        if self._digest(entry.name, entry.size) != entry.sha256:
            raise Invalid(_("the file {name} is not the one that was exported").having(name=entry.name))

    def content(self, entry: FileEntry) -> bytes:
        """Return a file that was checked."""
        with self.opened(entry.name) as file:
            return file.read(MAX_FILE + 1)

    def _info(self, name: str) -> zipfile.ZipInfo:
        try:
            return self.zip.getinfo(name)
        except KeyError:
            raise refused(_("{file} is missing in the archive.").having(file=shown(name))) from None

    def opened(self, name: str) -> IO[bytes]:
        try:
            return self.zip.open(self._info(name))
        except _BROKEN:
            message = _("{file} cannot be read: it is damaged or locked.").having(file=shown(name))
            raise refused(message) from None

    def _digest(self, name: str, size: int | None) -> str:
        digest, read = hashlib.sha256(), 0
        with self.opened(name) as file:
            try:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    read += len(chunk)
            except _BROKEN:
                raise refused(_("{file} is damaged. Export the site again.").having(file=shown(name))) from None
        return digest.hexdigest() if size is None or read == size else ""


def open_archive(path: Path) -> SiteArchive:
    """Return a site file with its manifest read. Raises Invalid for what is none, is too new, or is a trap."""
    try:
        archive = SiteArchive(zipfile.ZipFile(path))
    except _BROKEN:
        raise refused(_("This is no site file: it is damaged, or no ZIP. Export the site again.")) from None
    try:
        _look(archive.zip.infolist(), path.stat().st_size)
        archive.manifest = _manifest(archive)
        archive.kinds = _kinds(archive)
    except BaseException:
        archive.close()
        raise
    return archive


def refused(message: Message) -> Invalid:
    """Return the refusal of a site file."""
    return Invalid(message, {"file": message})


def _look(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Raise Invalid for an archive that would fill a disk, reach outside itself, or hold two files of one name."""
    total = sum(one.file_size for one in entries)
    if len(entries) > MAX_ENTRIES or (total > FREE_BYTES and total > size * MAX_RATIO):
        message = _("The archive promises {count} files of {megabytes} MB in {size} MB: it is a trap, and not opened.")
        raise refused(message.having(count=len(entries), megabytes=total // 1_000_000, size=max(1, size // 1_000_000)))
    names: set[str] = set()
    for one in entries:
        name = one.filename
        parts = PurePosixPath(name).parts
        is_outside = name.startswith("/") or "\\" in name or ".." in parts or ":" in (parts[0] if parts else ":")
        if is_outside or stat.S_ISLNK(one.external_attr >> 16):
            raise refused(_("The archive names “{name}”, which is outside of it.").having(name=shown(name)))
        if name in names:
            raise refused(_("The archive holds “{name}” twice.").having(name=shown(name)))
        names.add(name)


def _manifest(archive: SiteArchive) -> Mapping[str, Any]:
    if MANIFEST not in archive.zip.namelist():
        raise refused(
            _("This is no site file: {file} is missing in it. Choose what “Export site” wrote.").having(file=MANIFEST)
        )
    if archive.zip.getinfo(MANIFEST).file_size > MAX_MANIFEST:
        raise refused(_("{file} is larger than any manifest.").having(file=MANIFEST))
    with archive.opened(MANIFEST) as file:
        try:
            text = file.read(MAX_MANIFEST + 1)
        except _BROKEN:
            raise refused(_("{file} is damaged. Export the site again.").having(file=MANIFEST)) from None
    found = _json(text, MANIFEST, 1)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise refused(_("This is no site file: {file} does not say so.").having(file=MANIFEST))
    version = found.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise refused(_("“{version}” is no version of a site file.").having(version=shown(version)))
    if version > VERSION:
        message = _("This site file is of version {version}; this Agora reads up to {known}. Update it first.")
        raise refused(message.having(version=version, known=VERSION))
    return found


def _kinds(archive: SiteArchive) -> Mapping[str, int]:
    said = archive.manifest.get("kinds")
    if not isinstance(said, dict):
        raise refused(_("{file} names no kinds of things.").having(file=MANIFEST))
    found: dict[str, int] = {}
    for name, one in said.items():
        count = one.get("count") if isinstance(one, dict) else None
        if not name.replace("-", "").isalnum() or not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise refused(
                _("{file} says “{value}” of “{name}”.").having(file=MANIFEST, value=shown(one), name=shown(name))
            )
        if archive.digest(name) != one.get("sha256"):
            raise refused(_("{file} is not the file that was exported.").having(file=data_name(name)))
        found[name] = count
    return found


def _json(text: bytes, name: str, number: int) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise refused(_("{file}, line {line}: this is no JSON.").having(file=name, line=number)) from None
