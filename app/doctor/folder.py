"""The data folder: there, ours, private, with room."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from app.doctor.finding import Finding, fail, fine, warn

GIGABYTE = 1024**3
LOW_BYTES = 2 * GIGABYTE
TOO_LOW_BYTES = GIGABYTE // 5
SECRET_FILES = ("secrets.json", "claim-token", "instance.json")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def folder_findings(folder: Path) -> Iterator[Finding]:
    """Say how the data folder and the secrets in it are."""
    if not folder.exists():
        yield from _future(folder)
        return
    if not folder.is_dir():
        yield fail(f"The data folder {folder} is a file. Choose another with --data.")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield fail(f"The data folder {folder} cannot be written by this user. Change its owner, or choose another.")
        return
    yield fine(f"The data folder is {folder}.")
    if os.name == "posix":
        yield from _privacy(folder)
    yield _room(folder)


def _future(folder: Path) -> Iterator[Finding]:
    parent = next(place for place in folder.parents if place.exists())
    if not os.access(parent, os.W_OK | os.X_OK):
        yield fail(f"The data folder {folder} cannot be made: {parent} cannot be written. Choose another with --data.")
        return
    yield fine(f"The data folder {folder} is not there yet; the first start makes it.")
    yield _room(parent)


def _privacy(folder: Path) -> Iterator[Finding]:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & OTHERS:
        yield warn(f"Other users of this machine can look into the data folder ({mode:o}). Run: chmod 700 {folder}")
    else:
        yield fine("The data folder is this user's alone.")
    found = [folder / name for name in SECRET_FILES if (folder / name).exists()]
    open_ones = [path for path in found if stat.S_IMODE(path.stat().st_mode) & OTHERS]
    for path in open_ones:
        yield fail(f"{path.name} can be read by others. Run: chmod 600 {path}")
    if not found:
        yield fine("There are no secrets yet; the first start makes them.")
    elif not open_ones:
        yield fine("The secrets can be read by this user alone.")


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    words = f"{free / GIGABYTE:.1f} GB free on the disk of the data folder"
    if free < TOO_LOW_BYTES:
        return fail(f"Only {words}: orders could not be kept. Make room.")
    return warn(f"Only {words}. Make room soon.") if free < LOW_BYTES else fine(f"{words}.")
