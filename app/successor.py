"""The version of this program that stands by: which it is, and starting it in the place of this one.

Read before anything else of Agora by the built program, so it imports nothing but the note that it follows.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from engine.operations.updates.numbers import is_newer
from engine.operations.updates.standing_by import GOOD, Next, note, noted

#: Where a system's package manager puts programs: those are its to change.
OF_PACKAGES = ("/usr/", "/opt/agora/")
#: Only what then serves can show that a version is good; a command that ends at once shows nothing.
SERVES = ("serve", "open")


def room() -> Path:
    """Return where newer versions are put, for this user."""
    return Path(platformdirs.user_data_path("agora-program", appauthor=False))


def is_built() -> bool:
    """Return whether this is the built program, which runs without an installed Python."""
    return bool(getattr(sys, "frozen", False))


def is_of_package() -> bool:
    """Return whether a package manager put this program here."""
    return sys.platform == "linux" and os.path.realpath(sys.executable).startswith(OF_PACKAGES)


def following(version: str, arguments: Sequence[str]) -> Next | None:
    """Return what is to be started instead of this version; None where this one is right.

    A version that was tried and never served is noted as failed here, and is not tried again: the one that served last
    is started instead.
    """
    place = room()
    found = noted(place)
    if found is not None and _is_there(found, version) and found.state != "failed":
        if found.state == "good":
            return found
        if found.state == "staged" and _serves(arguments):
            note(place, found, "trying")
            return found
        if found.state == "trying" and _serves(arguments):
            note(place, found, "failed")
            print(f"agora: version {found.version} did not start; the one before goes on.", file=sys.stderr)  # noqa: T201
    before = noted(place, GOOD)
    return before if before is not None and _is_there(before, version) else None


def _is_there(found: Next, version: str) -> bool:
    return is_newer(found.version, version) and found.program.is_file()


def _serves(arguments: Sequence[str]) -> bool:
    is_value = False
    for one in arguments:
        if not one.startswith("-") and not is_value:
            return one in SERVES or Path(one).is_file()
        is_value = one == "--data"
    return True


def follow(version: str) -> None:
    """Start the version that stands by in the place of this process, if there is one; else return."""
    if not is_built() or is_of_package():
        return
    found = following(version, sys.argv[1:])
    if found is not None:
        become(found.program)


def become(program: Path) -> None:
    """Go on as another program, with the same arguments."""
    command = [str(program), *sys.argv[1:]]
    sys.stdout.flush()
    if os.name == "nt":  # there a process cannot become another one
        raise SystemExit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own program
    os.execv(program, command)  # noqa: S606 - our own program


def settle(version: str) -> None:
    """Note that this version serves: from now on it is the one that is started."""
    place = room()
    found = noted(place)
    if found is not None and found.version == version and found.state == "trying":
        note(place, found, "good")
        note(place, found, "good", GOOD)
