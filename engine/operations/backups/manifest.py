"""What a backup says of itself, inside it: where it comes from, and each thing it holds with size and SHA-256."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from engine.core.errors import Invalid
from engine.core.i18n import Message, _

FORMAT = 1
NAME = "manifest.json"
#: At most so large: some half a million files.
MOST_BYTES = 64 * 1024 * 1024
FILES = "files/"
SECRETS = "secrets.json"
TOML = "agora.toml"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_PART = re.compile(r"[^\x00-\x1f\\:]{1,255}")


class Kind(StrEnum):
    """Why a backup was made; sent: somebody brought it from elsewhere."""

    MANUAL = "manual"
    SCHEDULED = "scheduled"
    UPGRADE = "upgrade"
    MOMENT = "moment"
    SENT = "sent"


KINDS: dict[Kind, Message] = {
    Kind.MANUAL: _("By hand"),
    Kind.SCHEDULED: _("On schedule"),
    Kind.UPGRADE: _("Before an upgrade"),
    Kind.MOMENT: _("Of a minute"),
    Kind.SENT: _("Brought here"),
}


class _Said(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Member(_Said):
    """One file in the backup. size: in bytes."""

    name: Annotated[str, Field(min_length=1, max_length=1_000)]
    size: Annotated[int, Field(ge=0, lt=2**50)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Manifest(_Said):
    """A whole backup. has_files: whether the files of the site are in it; missing: of these the ones that were gone."""

    product: Literal["agora"] = "agora"
    format: int = FORMAT
    agora: Annotated[str, Field(max_length=60)]
    revision: Annotated[str, Field(max_length=60)]
    engine: Literal["sqlite", "postgresql"]
    made_at: AwareDatetime
    kind: Kind
    site: Annotated[str, Field(max_length=200)] = ""
    has_files: bool = True
    rows: dict[str, Annotated[int, Field(ge=0)]] = {}
    members: list[Member]
    missing: list[str] = []

    @property
    def database(self) -> str:
        """The name of the database's copy in the backup."""
        return DATABASES[self.engine]

    @property
    def bytes(self) -> int:
        """How much room it takes unpacked."""
        return sum(member.size for member in self.members)

    @property
    def files(self) -> int:
        """How many files of the site it holds."""
        return sum(member.name.startswith(FILES) for member in self.members)


def read_manifest(data: bytes) -> Manifest:
    """Return what a backup says of itself. Raises Invalid, also for names that would lead out of its folder."""
    try:
        found = Manifest.model_validate_json(data)
    except ValidationError as error:
        newer = _format_of(data)
        if newer > FORMAT:
            raise Invalid(_("A newer Agora made this backup. Install that version to open it.")) from error
        raise Invalid(_("This is no backup of Agora: what it says of itself cannot be read.")) from error
    names = [member.name for member in found.members]
    known = {found.database, SECRETS, TOML}
    wrong = next((name for name in names if name not in known and not is_file_name(name)), None)
    if wrong is not None or len(set(names)) != len(names) or found.database not in names:
        raise Invalid(_("This backup holds what no backup of Agora does: “{name}”."), name=(wrong or NAME)[:100])
    return found


def is_file_name(name: str) -> bool:
    """Return whether a member is a file of the site, in a place below its folder."""
    parts = name.removeprefix(FILES).split("/")
    return name.startswith(FILES) and all(_PART.fullmatch(part) and part.strip(" .") for part in parts)


def _format_of(data: bytes) -> int:
    found = re.search(rb'"format"\s*:\s*(\d{1,6})', data[:2_000])
    return int(found[1]) if found else 0


def file_name(made_at: datetime, kind: Kind, *, is_sealed: bool) -> str:
    """Return what a backup's file is called: `agora-2026-11-26-020000-scheduled.zip`; sealed ones end in `.agora`."""
    return f"agora-{made_at:%Y-%m-%d-%H%M%S}-{kind.value}.{'agora' if is_sealed else 'zip'}"


def taken_along(name: str) -> str:
    """Return what a backup is called outside of this house: by its ending desktops open it with Agora."""
    return f"{name.removesuffix('.zip')}.agora.zip" if name.endswith(".zip") else name
