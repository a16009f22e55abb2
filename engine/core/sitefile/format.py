"""What stands where in a site file.

agora-site.json          format, version, when, of which site, and of each kind how many there are and their SHA-256
data/{kind}.jsonl        one thing a line, each after what it stands below or names
files/{kind}/{id}        the bytes of a thing that is a file; its line says how many, and their SHA-256
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

FORMAT = "agora-site"
#: Grows when older programs could not read it any more.
VERSION = 1
MANIFEST = "agora-site.json"
SETTINGS = "settings"
#: Where a line says which file is its.
FILE = "$file"
CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file in the archive: where, how many bytes, and their SHA-256."""

    name: str
    size: int
    sha256: str

    def plain(self) -> dict[str, Any]:
        return {"name": self.name, "size": self.size, "sha256": self.sha256}


def data_name(kind: str) -> str:
    return f"data/{kind}.jsonl"


def file_name(kind: str, own_id: UUID) -> str:
    return f"files/{kind}/{own_id}"
