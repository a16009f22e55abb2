"""Addresses of the bundled styles, scripts, fonts and icons, read from the manifest that the build writes."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PREFIX = "/assets/"
FOLDER = Path(__file__).parent / "dist"


class BundleMissingError(RuntimeError):
    """The UI bundle is not there, or does not hold what a page asks for."""


def asset_url(name: str) -> str:
    """Return the address of a bundled file: "admin.css" gives "/assets/admin-3F2A9C1B.css"."""
    files = manifest()
    if name not in files:
        raise BundleMissingError(f"The UI bundle holds no “{name}”. Run make ui to build it again.")
    return PREFIX + files[name]


@cache
def manifest() -> Mapping[str, str]:
    """Return every bundled file's plain name with its content-hashed one."""
    try:
        found: dict[str, str] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BundleMissingError(f"The UI bundle is not built: {FOLDER} is empty. Run make ui.") from None
    return found


@cache
def icon_names() -> frozenset[str]:
    """Return the icons that the sprite holds."""
    return frozenset(json.loads((Path(__file__).parent / "icons.json").read_text(encoding="utf-8")))
