"""Where a server's data lies during a run: a small disk of its own, by the first way that this machine lets us."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SIZE_MB = 192
#: What may stay free on a full disk: less than one page of a database.
LEFT_OVER = 2_048


@dataclass(frozen=True, slots=True)
class Place:
    """A folder. kind: `disk` (a file system in a file), `memory` (a small tmpfs), or `folder`, which cannot be full.

    takes_locks: whether a file that is made immutable refuses those who have it open already.
    """

    folder: Path
    kind: str
    takes_locks: bool

    @property
    def is_small(self) -> bool:
        """Whether it can be filled without harm to anybody else."""
        return self.kind != "folder"


@contextmanager
def made_place(around: Path) -> Iterator[Place]:
    """Make a place in a folder; what is in it is gone afterwards."""
    at, image = around / "disk", around / "disk.img"
    at.mkdir()
    kind = "disk" if _mount_disk(image, at) else "memory" if _mount_memory(at) else "folder"
    try:
        yield Place(at, kind, takes_locks=_takes_locks(at))
    finally:
        if kind != "folder":
            _does("umount", "--lazy", str(at))
        image.unlink(missing_ok=True)


def _mount_disk(image: Path, at: Path) -> bool:
    if os.getuid() != 0 or shutil.which("mkfs.ext4") is None:
        return False
    with image.open("wb") as file:
        file.truncate(SIZE_MB * 2**20)
    made = _does("mkfs.ext4", "-q", "-m", "0", str(image)) and _does("mount", "-o", "loop", str(image), str(at))
    if not made:
        image.unlink()
    return made


def _mount_memory(at: Path) -> bool:
    return os.getuid() == 0 and _does("mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(at))


def _takes_locks(at: Path) -> bool:
    probe = at / "probe"
    with probe.open("wb", buffering=0) as file:
        if not _does("chattr", "+i", str(probe)):
            probe.unlink()
            return False
        try:
            file.write(b"x")
        except OSError:
            return True
        else:
            return False
        finally:
            _does("chattr", "-i", str(probe))
            probe.unlink()


def lock(*files: Path, is_locked: bool) -> None:
    """Let nobody write to these files, not even root, or let them again."""
    there = [str(file) for file in files if file.exists()]
    if there:
        subprocess.run(["chattr", "+i" if is_locked else "-i", *there], check=True)


def fill(ballast: Path) -> None:
    """Fill a small disk to the last bytes."""
    with ballast.open("wb", buffering=0) as file:
        block = 2**20
        while block >= LEFT_OVER:
            try:
                if file.write(b"\0" * block) < block:
                    block //= 2
            except OSError:
                block //= 2


def _does(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
