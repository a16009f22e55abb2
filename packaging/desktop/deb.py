"""Build the package for Debian and Ubuntu from dist/agora: the program in /opt/agora, and what a desktop wants of it.

`python packaging/desktop/deb.py dist/agora dist` writes dist/agora_VERSION_ARCH.deb. People's data is in their own
~/.local/share/agora, which no removal touches. A server has `packaging/server` instead.
"""

import gzip
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import metadata, version
from pathlib import Path

from versions import ENDING, TYPE

#: The libraries of the system that Qt's web view is linked to, as ldd names them. A bar: as newer releases call it.
DEPENDS = (
    "libc6 (>= 2.34)", "libstdc++6", "libgcc-s1", "libasound2 | libasound2t64", "libdbus-1-3", "libegl1", "libexpat1",
    "libfontconfig1", "libfreetype6", "libgbm1", "libgl1", "libglib2.0-0 | libglib2.0-0t64", "libnspr4", "libnss3",
    "libx11-6", "libx11-xcb1", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0",
    "libxcb-render-util0", "libxcb-render0", "libxcb-shape0", "libxcb-shm0", "libxcb-sync1", "libxcb-xfixes0",
    "libxcb-xkb1", "libxcb1", "libxcomposite1", "libxdamage1", "libxext6", "libxfixes3", "libxkbcommon-x11-0",
    "libxkbcommon0", "libxkbfile1", "libxrandr2", "libxtst6", "libudev1", "zlib1g",
)  # fmt: skip
CONTROL = """Package: agora
Version: {version}
Section: web
Priority: optional
Architecture: {architecture}
Maintainer: The Agora project <agora@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Recommends: xdg-utils, shared-mime-info, desktop-file-utils
Description: website, shop, events and courses in one program
 Agora gives a small organisation its website, shop, events and courses. It
 opens a window, shows the shop to the local network when you want it, and
 keeps everything it knows in one folder of yours.
"""
ENTRY = f"""[Desktop Entry]
Type=Application
Name=Agora
GenericName=Website and shop
Comment=Website, shop, events and courses in one program
Exec=agora %f
Icon=agora
Terminal=false
Categories=Office;
MimeType={TYPE};
StartupWMClass=agora
"""
#: Sealed backups have an ending of their own; others are .zip files, known by how Agora names them. GNOME goes by the
#: longest ending alone.
KINDS = f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{TYPE}">
    <comment>Agora backup</comment>
    <icon name="agora"/>
    <sub-class-of type="application/zip"/>
    <glob pattern="*.{ENDING}"/>
    <glob pattern="*.{ENDING}.zip"/>
    <glob pattern="agora-20*.zip" weight="80"/>
  </mime-type>
</mime-info>
"""
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Agora
Comment: What others made that is inside is in THIRD-PARTY.txt beside this file.

Files: *
Copyright: the Agora project
License: Apache-2.0
 On Debian systems the licence is in /usr/share/common-licenses/Apache-2.0.
"""
MANUAL = """.TH AGORA 1
.SH NAME
agora \\- website, shop, events and courses in one program
.SH SYNOPSIS
.B agora
[\\fIFILE\\fR | \\fICOMMAND\\fR ...]
.SH DESCRIPTION
Without a command it opens its window, or serves where there is no screen.
With the name of a backup it opens where that can be put back.
.B agora \\-\\-help
lists the commands.
"""
REFRESH = """#!/bin/sh
set -e
if command -v update-mime-database >/dev/null; then update-mime-database /usr/share/mime; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qf /usr/share/icons/hicolor || true; fi
"""
#: What it wrote beside itself, where it was run by root, goes with it.
REMOVED = """case "$1" in remove|purge) rm -rf /opt/agora ;; esac
"""
#: The program is stopped by its own people; what it wrote beside itself is nothing.
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def compress(path: Path, text: str) -> None:
    """Write a file as Debian wants documentation: compressed, and the same each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.encode())


def lay_out(built: Path, root: Path) -> None:
    """Lay everything out below a root as it will lie on the machine."""
    program = root / "opt" / "agora"
    shutil.copytree(built, program, symlinks=True)
    for path in program.rglob("*"):
        if not path.is_symlink():
            is_run = path.is_dir() or path.name in {"agora", "QtWebEngineProcess"}
            path.chmod(0o755 if is_run else 0o644)
    binaries = root / "usr" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "agora").symlink_to("/opt/agora/agora")
    share = root / "usr" / "share"
    write(share / "applications" / "agora.desktop", ENTRY)
    write(share / "mime" / "packages" / "agora.xml", KINDS)
    icons = Path("build") / "made"
    for side in SIZES:
        target = share / "icons" / "hicolor" / f"{side}x{side}" / "apps" / "agora.png"
        target.parent.mkdir(parents=True)
        shutil.copyfile(icons / f"agora-{side}.png", target)
        target.chmod(0o644)
    documents = share / "doc" / "agora"
    write(documents / "copyright", COPYRIGHT)
    compress(documents / "THIRD-PARTY.txt.gz", (icons / "THIRD-PARTY.txt").read_text(encoding="utf-8"))
    compress(documents / "changelog.gz", Path("CHANGELOG.md").read_text(encoding="utf-8"))
    compress(share / "man" / "man1" / "agora.1.gz", MANUAL)


def architecture() -> str:
    """Return what Debian calls this machine."""
    return subprocess.run(
        ["dpkg", "--print-architecture"],  # noqa: S607 - Debian's own
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def build(built: Path, target: Path) -> Path:
    """Build the package; return its file."""
    number, machine = version("agora"), architecture()
    file = target / f"agora_{number}_{machine}.deb"
    with tempfile.TemporaryDirectory(dir=target) as scratch:
        root = Path(scratch) / "root"
        root.mkdir(mode=0o755)
        lay_out(built, root)
        size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024
        said = CONTROL.format(
            version=number, architecture=machine, kilobytes=size, depends=", ".join(DEPENDS)
        )  # fmt: skip
        write(root / "DEBIAN" / "control", said)
        write(root / "DEBIAN" / "postinst", REFRESH, 0o755)
        write(root / "DEBIAN" / "postrm", REFRESH + REMOVED, 0o755)
        for folder in [root, *(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())]:
            folder.chmod(0o755)
        command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z12", "--build", str(root), str(file)]
        subprocess.run(command, check=True)  # noqa: S603 - our own words
    return file


if __name__ == "__main__":
    print(f"Built {build(Path(sys.argv[1]), Path(sys.argv[2]))} of {metadata('agora')['Name']}.")  # noqa: T201
