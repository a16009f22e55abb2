"""What Windows and macOS want to know of the program: its version, its name, and the files that it opens.

`python packaging/desktop/versions.py` prints the version as installers of Windows count it.
"""

import re
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

IDENTIFIER = "org.agora.Agora"
NAME = "Agora"
#: The ending of a sealed backup; one that is not sealed ends in .zip, which belongs to other programs.
ENDING = "agora"
TYPE = "application/x-agora-backup"
WINDOWS = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={four}, prodvers={four}, mask=0x3f, flags=0x0, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("FileDescription", "{name}"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "agora"),
      StringStruct("OriginalFilename", "agora.exe"),
      StringStruct("ProductName", "{name}"),
      StringStruct("ProductVersion", "{version}")])]),
    VarFileInfo([VarStruct("Translation", [1033, 1200])])
  ]
)
"""


def four(version: str) -> tuple[int, ...]:
    """Return a version as Windows counts it: "1.2.3rc1" gives (1, 2, 3, 0)."""
    numbers = [int(found[0]) for part in version.split(".") if (found := re.match(r"\d+", part))]
    return (*[*numbers, 0, 0, 0][:3], 0)


def write_windows(folder: Path, version: str, licence: str) -> None:
    """Write the version resource that PyInstaller puts into the program, and the licence as its installer shows it."""
    resource = WINDOWS.format(four=four(version), version=version, name=NAME)
    (folder / "version.txt").write_text(resource, encoding="utf-8")
    (folder / "licence.rtf").write_text(rich(licence), encoding="ascii")


def rich(text: str) -> str:
    """Return a text as rich text, in ASCII. Source: Rich Text Format Specification 1.9.1, "Unicode RTF"."""
    marked = re.sub(r"([\\{}])", r"\\\1", text)
    units = "".join(one if one.isascii() else _units(one) for one in marked)
    return rf"{{\rtf1\ansi\deff0{{\fonttbl{{\f0 Segoe UI;}}}}\fs18 {units}}}".replace("\n", "\\par\n")


def _units(letter: str) -> str:
    """A letter outside ASCII, by its UTF-16 numbers, which are signed there."""
    raw = letter.encode("utf-16-le")
    return "".join(rf"\u{int.from_bytes(raw[at : at + 2], 'little', signed=True)}?" for at in range(0, len(raw), 2))


def info_plist(version: str) -> dict[str, Any]:
    """Return what Info.plist holds beside what PyInstaller writes. Source: Apple, "Information Property List"."""
    return {
        "CFBundleDisplayName": NAME,
        # Three numbers each: Apple's counting knows no "rc1".
        "CFBundleShortVersionString": ".".join(map(str, four(version)[:3])),
        "CFBundleVersion": ".".join(map(str, four(version)[:3])),
        "LSApplicationCategoryType": "public.app-category.business",
        "LSMinimumSystemVersion": "11.0",
        "NSHighResolutionCapable": True,
        "NSLocalNetworkUsageDescription": "Phones and tablets on your network reach the shop and the check-in screen.",
        "NSAppTransportSecurity": {"NSAllowsLocalNetworking": True},
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Agora backup",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [f"{IDENTIFIER}.backup"],
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": f"{IDENTIFIER}.backup",
                "UTTypeDescription": "Agora backup",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {"public.filename-extension": [ENDING], "public.mime-type": [TYPE]},
            }
        ],
    }


if __name__ == "__main__":
    print(".".join(map(str, four(installed("agora")))))  # noqa: T201 - a command
