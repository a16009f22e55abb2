"""An export opened: which format it is, and the files that came along in a folder or an archive."""

import io
import stat
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from engine.content.moving import ghost, markdown, wxr
from engine.content.moving.incoming import Incoming
from engine.core.errors import Invalid
from engine.core.i18n import _

FORMATS = ("wordpress", "ghost", "markdown")
MAX_BYTES = 500_000_000
MAX_FILES = 20_000
MAX_FILE = 100_000_000
MAX_RATIO = 200


@dataclass(frozen=True)
class Along:
    """The files that came along, by their path below the folder or archive. read: their bytes."""

    names: tuple[str, ...] = ()
    read: Callable[[str], bytes] = field(default=lambda _name: b"")

    def find(self, address: str) -> bytes | None:
        """Return the file that an address means: by the end of its path, else by its name alone."""
        wanted = [part for part in unquote(urlsplit(address).path).split("/") if part not in ("", ".", "..")]
        if not wanted:
            return None
        best, most = "", 0
        for name in self.names:
            parts = name.split("/")
            same = 0
            while same < min(len(parts), len(wanted)) and parts[-1 - same].lower() == wanted[-1 - same].lower():
                same += 1
            if same > most:
                best, most = name, same
        return self.read(best) if most else None


def parse(format_: str, data: bytes, filename: str) -> tuple[Incoming, Along]:
    """Return what an export holds, and what came along in it. The export may be in an archive with its files.

    Raises Invalid, with line and reason, for what is none of this format; nothing is used then.
    """
    if format_ not in FORMATS:
        message = _("“{format}” is not known. Known are: {known}.").having(
            format=format_[:40], known=", ".join(FORMATS)
        )
        raise Invalid(message, {"format": message})
    along = archive(data) if data[:4] == b"PK\x03\x04" else Along()
    if format_ == "markdown":
        files = {name: along.read(name) for name in along.names} if along.names else {filename or "page.md": data}
        return markdown.read(files, PurePosixPath(filename).stem or "markdown"), along
    reader, ending = (wxr.read, ".xml") if format_ == "wordpress" else (ghost.read, ".json")
    if not along.names:
        return reader(data, filename), along
    inside = next((name for name in sorted(along.names, key=len) if name.lower().endswith(ending)), None)
    if inside is None:
        message = _("There is no {ending} file in the archive.").having(ending=ending)
        raise Invalid(message, {"file": message})
    return reader(along.read(inside), inside), along


def archive(data: bytes) -> Along:
    """Return the files of a ZIP archive, none of which reaches outside it. Raises Invalid for one that is a trap."""
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        entries = [one for one in opened.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        message = _("The archive is damaged, or is no ZIP. Pack it again.")
        raise Invalid(message, {"file": message}) from None
    _check(entries)
    names = {name: one for one in entries if (name := _safe(one)) is not None}

    def read(name: str) -> bytes:
        try:
            with opened.open(names[name]) as file:
                return file.read(MAX_FILE)
        except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError, EOFError):
            message = _("“{name}” in the archive cannot be read: it is damaged or locked.").having(name=name[:100])
            raise Invalid(message, {"file": message}) from None

    return Along(tuple(names), read)


def folder(path: Path) -> Along:
    """Return the files of a folder; links out of it are passed over."""
    root = path.resolve()
    found = {
        one.relative_to(root).as_posix(): one
        for one in sorted(root.rglob("*"))
        if one.is_file() and one.resolve().is_relative_to(root) and one.stat().st_size <= MAX_FILE
    }
    return Along(tuple(found), lambda name: found[name].read_bytes())


def joined(*several: Along) -> Along:
    """Return all of these as one; the first that has a file gives it."""
    held: Mapping[str, Along] = {name: one for one in reversed(several) for name in one.names}
    return Along(tuple(held), lambda name: held[name].read(name))


def _check(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(one.file_size for one in entries)
    packed = sum(one.compress_size for one in entries) or 1
    if len(entries) > MAX_FILES or total > MAX_BYTES or (total > 10_000_000 and total / packed > MAX_RATIO):
        message = _("The archive holds {count} files of {megabytes} MB together: more than a site has. Divide it.")
        message = message.having(count=len(entries), megabytes=total // 1_000_000)
        raise Invalid(message, {"file": message})


def _safe(entry: zipfile.ZipInfo) -> str | None:
    """Return an entry's path below the archive, or None for one that is a link, hidden, or would reach outside."""
    name = entry.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    is_outside = name.startswith("/") or ".." in parts or ":" in (parts[0] if parts else "")
    is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return None if is_link or is_outside or is_hidden or entry.file_size > MAX_FILE else name
