"""What goes into the build for Linux: of the system's libraries those that differ between systems, of Qt what is used.

The C++ runtime, X11, Wayland, fonts, sound and NSS come with every desktop, in the version that fits it; those of the
machine that builds would need its glibc. `packaging/desktop/deb.py` names their packages.
"""

import shutil
import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from glibc import Elf

SYSTEM = ("/lib/", "/lib64/", "/usr/lib/")
#: Their versions differ between systems, and Python was built against the one of the machine that builds.
OURS = (
    "libbz2.", "libcrypto.", "libffi.", "liblzma.", "libncursesw.", "libpython3", "libreadline.", "libsqlite3.",
    "libssl.", "libtinfo.", "libuuid.", "libz.",
)  # fmt: skip
#: Parts of Qt that no page of ours uses: another programming language, databases, screens without a desktop, where the
#: machine is, and what developers look in with.
NO_QT = (
    "/Qt/qml/",
    "/Qt/plugins/egldeviceintegrations/", "/Qt/plugins/generic/", "/Qt/plugins/networkinformation/",
    "/Qt/plugins/position/", "/Qt/plugins/qmltooling/", "/Qt/plugins/sqldrivers/",
    "/libqeglfs.", "/libqlinuxfb.", "/libqminimalegl.", "/libqvkkhrdisplay.", "/libqvnc.",
    "/libqtvirtualkeyboardplugin.",
    "/PySide6/QtDataVisualization.", "/PySide6/QtOpenGL.", "/PySide6/QtOpenGLWidgets.", "/PySide6/QtPositioning.",
    "/PySide6/QtQml.", "/PySide6/QtQuick.", "/PySide6/QtQuickWidgets.", "/libpyside6qml.",
    "devtools_resources",
)  # fmt: skip
LANGUAGES = "/qtwebengine_locales/"
#: What their wheels have rewritten already is left as it is, and Qt's has nothing left to take out.
NOT_STRIPPED = ("PySide6/", "shiboken6/", "PIL/", "psycopg_binary/", "pypdfium2_raw/")
QT_LIBRARIES = "PySide6/Qt/lib/"

Entry = tuple[str, str, str]


def is_packed(name: str, path: str, languages: Collection[str]) -> bool:
    """Return whether a file belongs into the folder. name: its place there; path: where it lies now.

    languages: codes like pt-BR; the web view's own words come in these and in their relatives.
    """
    if path.startswith(SYSTEM):
        return PurePosixPath(name).name.startswith(OURS)
    place = f"/{name}"
    if LANGUAGES in place:
        return PurePosixPath(name).stem.split("-")[0] in {code.split("-")[0] for code in languages}
    return not any(part in place for part in NO_QT) and not ("/Qt/translations/" in place and place.endswith(".qm"))


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


def without_symbols(binaries: Iterable[Entry], made: Path) -> list[Entry]:
    """Return the binaries, of those that others built without their symbols: what only a debugger reads is an eighth.

    made: a folder for what is taken out of them. Where binutils is missing all stay as they are.
    """
    strip = shutil.which("strip")
    return [
        (place, str(_stripped(strip, Path(path), made / place)) if strip and _has_symbols(place) else path, kind)
        for place, path, kind in binaries
    ]


def _has_symbols(place: str) -> bool:
    return ".so" in PurePosixPath(place).name and ".libs/" not in place and not place.startswith(NOT_STRIPPED)


def _stripped(strip: str, path: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    shutil.copy(path, target)
    target.chmod(0o755)
    subprocess.run([strip, "--strip-unneeded", str(target)], check=True)  # noqa: S603 - our own words
    return target
