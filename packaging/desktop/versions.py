"""What Windows and macOS want to know of the program: its version, its name, and the files that it opens."""

import re
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


def write_windows(path: Path, version: str) -> None:
    """Write the version resource that PyInstaller puts into the program."""
    path.write_text(WINDOWS.format(four=four(version), version=version, name=NAME), encoding="utf-8")


def info_plist(version: str) -> dict[str, Any]:
    """Return what Info.plist holds beside what PyInstaller writes. Source: Apple, "Information Property List"."""
    return {
        "CFBundleDisplayName": NAME,
        "CFBundleShortVersionString": version,
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
