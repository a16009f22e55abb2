"""Writing and reading the one file: a ZIP whose last entry is the manifest, sealed or not, block by block."""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.operations.backups.manifest import MOST_BYTES, NAME, Manifest, Member, read_manifest
from engine.operations.backups.sealing import SealedReader, SealedWriter, damaged, is_sealed

BLOCK = 1024 * 1024
Tell = Callable[[int], None]
#: What a reader of a broken ZIP may raise; all of it means the same.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, ValueError)


class ArchiveWriter:
    """Takes members one by one. members: what is in it so far."""

    def __init__(self, file: zipfile.ZipFile, tell: Tell) -> None:
        self._zip, self._tell = file, tell
        self.members: list[Member] = []

    def add(self, name: str, source: BinaryIO, *, is_packed: bool = True) -> None:
        """Copy a file in. is_packed: compressing it again would be in vain."""
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        entry.external_attr = (stat.S_IFREG | 0o600) << 16
        seen, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as target:
            while block := source.read(BLOCK):
                target.write(block)
                seen.update(block)
                size += len(block)
                self._tell(len(block))
        self.members.append(Member(name=name, size=size, sha256=seen.hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest: the end of a whole backup."""
        self._zip.writestr(NAME, manifest.model_dump_json(by_alias=True), zipfile.ZIP_DEFLATED)


@contextmanager
def writing(file: BinaryIO, passphrase: str, tell: Tell) -> Iterator[ArchiveWriter]:
    """Write a backup into an open file; an error leaves a file that opens nowhere."""
    sealed = SealedWriter(file, passphrase) if passphrase else None
    try:
        with zipfile.ZipFile(sealed or file, "w", compresslevel=6) as archive:
            yield ArchiveWriter(archive, tell)
    except BaseException:
        if sealed is not None:
            sealed.abandon()
        raise
    if sealed is not None:
        sealed.close()


class Archive:
    """A backup that is open for reading. Its names are those of its manifest, and nothing else is in it."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file
        names = file.namelist()
        if NAME not in names:
            raise Invalid(_("This is no backup of Agora: it has no manifest."))
        with file.open(NAME) as said:
            data = said.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise damaged(NAME)
        self.manifest = read_manifest(data)
        if sorted(names) != sorted([NAME, *(member.name for member in self.manifest.members)]):
            raise Invalid(_("What this backup holds is not what it says. Take another one."))
        for entry in file.infolist():
            if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG) or entry.is_dir():
                raise Invalid(_("This backup holds what no backup of Agora does: “{name}”."), name=entry.filename[:100])

    def check(self, member: Member, tell: Tell, target: BinaryIO | None = None) -> None:
        """Read a member to its end, into the target where there is one. Raises Invalid where it is not what it was.

        Never reads more than the manifest says: a bomb stays unexploded.
        """
        seen, left = hashlib.sha256(), member.size
        try:
            with self._zip.open(member.name) as source:
                while block := source.read(min(BLOCK, left + 1)):
                    left -= len(block)
                    if left < 0:
                        raise damaged(member.name)
                    seen.update(block)
                    if target is not None:
                        target.write(block)
                    tell(len(block))
        except _BROKEN as error:
            raise damaged(member.name) from error
        if left or seen.hexdigest() != member.sha256:
            raise damaged(member.name)

    def take_out(self, member: Member, path: Path, tell: Tell) -> None:
        """Write a member to a new file, readable by this user alone. Raises as `check`."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as target:
            path.chmod(0o600)
            self.check(member, tell, target)


@contextmanager
def reading(path: Path, passphrase: str = "") -> Iterator[Archive]:
    """Open a backup. Raises Invalid for one that is damaged, cut off, hostile, or sealed with another passphrase."""
    try:
        sealed = is_sealed(path)
    except OSError as error:
        raise Invalid(_("“{path}” cannot be read: {reason}."), path=str(path), reason=error.strerror) from error
    if sealed and not passphrase:
        message = _("This backup is sealed. Give its passphrase.")
        raise Invalid(message, {"passphrase": message})
    with path.open("rb") as file:
        source = BufferedReader(SealedReader(file, passphrase), BLOCK) if sealed else file
        try:
            archive = zipfile.ZipFile(source)
        except _BROKEN as error:
            raise _no_backup(path) from error
        with archive:
            try:
                opened = Archive(archive)
            except _BROKEN as error:
                raise damaged(NAME) from error
            yield opened


def _no_backup(path: Path) -> Invalid:
    with path.open("rb") as file:
        looks_right = file.read(4) == b"PK\x03\x04" or is_sealed(path)
    return damaged() if looks_right else Invalid(_("“{name}” is no backup of Agora."), name=path.name)
