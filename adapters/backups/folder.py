"""A second place that is a folder: on another disk, a drive that is carried away, or another machine's share."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.core.errors import NotFound, Unavailable
from engine.core.i18n import _
from engine.operations.backups.ports import Kept

BLOCK = 1024 * 1024
_ENDING = ".part"


class FolderPlace:
    """Keeps backups in a folder. It is not made here: one that is missing is a drive that is not plugged in."""

    def __init__(self, folder: Path) -> None:
        self.shown = str(folder)
        self.folder: Path | None = folder
        self._place = folder

    def kept(self, below: str = "") -> Sequence[Kept]:
        """Return what lies right in the folder, or all that lies below one in it."""
        with self._said():
            self._check()
            found = (self._place / below).rglob("*") if below else self._place.iterdir()
            return [
                Kept(path.relative_to(self._place).as_posix(), path.stat().st_size)
                for path in found
                if path.is_file() and not path.name.endswith(_ENDING)
            ]

    def put(self, name: str, source: Path) -> None:
        """Copy a file there, whole or not at all, so that it outlives a power cut."""
        with self._said():
            self._check()
            target = self._place / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = target.with_name(f"{target.name}{_ENDING}")
            try:
                with source.open("rb") as read, beside.open("wb") as write:
                    beside.chmod(0o600)
                    shutil.copyfileobj(read, write, BLOCK)
                    write.flush()
                    os.fsync(write.fileno())
                beside.replace(target)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file from there to a new one."""
        with self._said():
            self._check()
            try:
                with (self._place / name).open("rb") as read, target.open("xb") as write:
                    target.chmod(0o600)
                    shutil.copyfileobj(read, write, BLOCK)
            except FileNotFoundError:
                raise NotFound(_("There is no backup “{name}”."), name=name[:100]) from None

    def remove(self, name: str) -> None:
        """Delete a file or a folder, where it is there."""
        with self._said():
            target = self._place / name
            if target.is_dir():
                shutil.rmtree(target)
            else:
                target.unlink(missing_ok=True)

    def _check(self) -> None:
        if not self._place.is_dir():
            raise FileNotFoundError(2, "there is no such folder; if it is on a drive, plug it in")

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unavailable(
                _("The second place for backups, {place}, cannot be used: {reason}."),
                place=self.shown,
                reason=error.strerror or str(error),
            ) from error
