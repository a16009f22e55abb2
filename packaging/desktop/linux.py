"""What goes into the build for Linux: of the system's libraries those that differ between systems, of Qt what is used.

The C++ runtime, X11, Wayland, fonts, sound and NSS come with every desktop, in the version that fits it; those of the
machine that builds would need its glibc. `packaging/desktop/deb.py` names their packages.
"""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from glibc import Elf

SYSTEM = ("/lib/", "/lib64/", "/usr/lib/")
#: Their versions differ between systems, and Python was built against the one of the machine that builds.
OURS = (
    "libbz2.", "libcrypto.", "libffi.", "liblzma.", "libncursesw.", "libpython3", "libreadline.", "libsqlite3.",
    "libssl.", "libtinfo.", "libuuid.", "libz.",
)  # fmt: skip
#: Parts of Qt that no page of ours uses: another programming language, databases, and what developers look in with.
NO_QT = (
    "/Qt/qml/",
    "/Qt/plugins/sqldrivers/",
    "/Qt/plugins/qmltooling/",
    "/QtDataVisualization.",
    "devtools_resources",
)
LANGUAGES = "/qtwebengine_locales/"
QT_LIBRARIES = "PySide6/Qt/lib/"

Entry = tuple[str, str, str]


def is_packed(name: str, path: str) -> bool:
    """Return whether a file belongs into the folder. name: its place there; path: where it lies now."""
    if path.startswith(SYSTEM):
        return PurePosixPath(name).name.startswith(OURS)
    place = f"/{name}"
    return not any(part in place for part in NO_QT) and not (
        "/Qt/translations/" in place and LANGUAGES not in place and place.endswith(".qm")
    )


def without_strays(binaries: Iterable[Entry]) -> list[Entry]:
    """Return the binaries (place, path, kind) without libraries of Qt that none of the others needs."""
    entries = list(binaries)
    by_name = {PurePosixPath(place).name: (place, path) for place, path, _kind in entries}
    waiting = [path for place, path, _kind in entries if not place.startswith(QT_LIBRARIES)]
    kept: set[str] = set()
    while waiting:
        for name in Elf(Path(waiting.pop())).libraries():
            place, path = by_name.get(name, ("", ""))
            if place.startswith(QT_LIBRARIES) and place not in kept:
                kept.add(place)
                waiting.append(path)
    return [one for one in entries if not one[0].startswith(QT_LIBRARIES) or one[0] in kept]


def without_dangling(datas: Iterable[Entry], binaries: Iterable[Entry]) -> list[Entry]:
    """Return the files without links to a library of Qt that is not packed."""
    packed = {place for place, _path, _kind in binaries}
    return [
        (place, target, kind)
        for place, target, kind in datas
        if kind != "SYMLINK" or not target.startswith(QT_LIBRARIES) or target in packed
    ]
