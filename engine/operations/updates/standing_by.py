"""The version that stands beside the one that runs: a folder, and a note that says how far it has proven itself.

`staged` until it is first started, `trying` from then on, `good` once it has served. A start that finds `trying` knows
that the try before never came so far: it notes `failed`, and the last version that served goes on, which a note of its
own remembers. Nothing that runs is written over, so the way back is always there.
"""

import json
import os
import shutil
import tarfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from engine.core.errors import Invalid
from engine.core.i18n import _

NOTE = "next.json"
GOOD = "good.json"
TOP = "agora"
LARGEST_FOLDER = 6 * 1024**3
MOST_FILES = 100_000

State = Literal["staged", "trying", "good", "failed"]


@dataclass(frozen=True, slots=True)
class Next:
    """folder: of the program. state: see above."""

    version: str
    folder: str
    state: State = "staged"

    @property
    def program(self) -> Path:
        """What is started."""
        return Path(self.folder) / ("agora.exe" if os.name == "nt" else "agora")


def noted(room: Path, name: str = NOTE) -> Next | None:
    """Return what stands by in a room, or by GOOD what served last; None for nothing that can be read."""
    try:
        found = Next(**json.loads((room / name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    inside = Path(found.folder).resolve().is_relative_to(room.resolve())
    return found if inside and found.state in ("staged", "trying", "good", "failed") else None


def note(room: Path, following: Next, state: State | None = None, name: str = NOTE) -> None:
    """Write down what stands by, at once or not at all."""
    written = replace(following, state=state) if state else following
    scratch = room / f"{name}.{os.getpid()}"
    scratch.write_text(json.dumps(asdict(written)), encoding="utf-8")
    scratch.replace(room / name)


def unpack(archive: Path, room: Path, version: str) -> Path:
    """Unpack the archive of a program into a room; return its folder.

    Raises Invalid for an archive with anything in it that leads out of its one folder, or that is no program.
    """
    target, scratch = room / version, room / f".{version}.unpacking"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True, mode=0o700)
    try:
        with tarfile.open(archive, "r:gz") as packed:
            _check(packed)
        with tarfile.open(archive, "r:gz") as packed:
            packed.extractall(scratch, filter="data")
        if not Next(version, str(scratch / TOP)).program.is_file():
            raise Invalid(_("The archive of the new version holds no program."))
        shutil.rmtree(target, ignore_errors=True)
        (scratch / TOP).replace(target)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Invalid(_("The archive of the new version cannot be unpacked: {reason}."), reason=str(error)) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def _check(packed: tarfile.TarFile) -> None:
    size = files = 0
    for member in packed:
        size, files = size + member.size, files + 1
        if member.name != TOP and not member.name.startswith(f"{TOP}/"):
            raise Invalid(_("The archive of the new version holds “{name}”, which is not of it."), name=member.name)
        if size > LARGEST_FOLDER or files > MOST_FILES:
            raise Invalid(_("The archive of the new version is far larger than a program."))


def forget_others(room: Path, *kept: Path) -> None:
    """Delete the folders of other versions, whatever of them can be deleted."""
    for folder in room.iterdir():
        if folder.is_dir() and folder not in kept:
            shutil.rmtree(folder, ignore_errors=True)
