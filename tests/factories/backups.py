"""Backups of the house under test, and places to put them back into."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from app.engines import ground_of
from app.settings import Settings
from engine.core.ports import Clock
from engine.operations.backups import making
from engine.operations.backups.making import Asked, Ground
from engine.operations.backups.manifest import NAME, Kind

PASSPHRASE = "four quiet brown kettles"


def ground(settings: Settings, clock: Clock | None = None) -> Ground:
    """Return what backups of this house are made of."""
    return ground_of(settings, clock)


def made(on: Ground, **asked: Any) -> Path:
    """Return a backup that was just made, on the shelf."""
    return making.make(on, on.shelf, Asked(**{"kind": Kind.MANUAL, **asked}))


def tampered(path: Path, changes: Mapping[str, bytes | None], manifest: bytes | None = None) -> Path:
    """Return a copy of an unsealed backup whose members are other ones: None takes one out."""
    out = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = changes.get(entry.filename, old.read(entry))
            if entry.filename == NAME and manifest is not None:
                data = manifest
            if data is not None:
                new.writestr(entry.filename, data)
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name] or b"")
    target = path.with_name(f"tampered-{path.name}")
    target.write_bytes(out.getvalue())
    return target
