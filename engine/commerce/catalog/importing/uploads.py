"""Files that were sent to be imported, kept until they are, or until nobody can want them any more."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from uuid import UUID

from engine.commerce.catalog.importing.running import TIDY_JOB
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.ports import BlobStore

KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file. archive: the key of what its pictures are in, "" if none came."""

    id: UUID
    filename: str
    archive: str

    @property
    def prefix(self) -> str:
        return f"imports/{self.id}"

    @property
    def file(self) -> str:
        return f"{self.prefix}/sent"


async def keep(
    db: Database, blobs: BlobStore, actor: Actor, *, data: bytes, filename: str, archive: bytes | None
) -> Upload:
    """Keep a file, and the archive of its pictures, for a week."""
    id_ = new_id()
    upload = Upload(id_, PurePosixPath(filename.replace("\\", "/")).name[:200] or "products.csv", "")
    await blobs.put(upload.file, data)
    if archive is not None:
        upload = Upload(id_, upload.filename, f"{upload.prefix}/pictures")
        await blobs.put(upload.archive, archive)
    elif zipfile_at_start(data):
        upload = Upload(id_, upload.filename, upload.file)
    about = json.dumps({"filename": upload.filename, "archive": upload.archive})
    await blobs.put(f"{upload.prefix}/about.json", about.encode())
    async with db.write() as tx:
        tx.enqueue(TIDY_JOB, {"prefix": upload.prefix}, run_at=tx.now + KEPT_FOR, actor=actor)
    return upload


async def kept(blobs: BlobStore, upload_id: UUID) -> Upload:
    """Return a file that was kept. Raises NotFound once it was tidied away."""
    key = f"imports/{upload_id}/about.json"
    if not await blobs.exists(key):
        raise NotFound(_("This file was imported already, or sent more than a week ago. Choose it again."))
    about = json.loads(await blobs.get(key))
    return Upload(upload_id, about["filename"], about["archive"])


def zipfile_at_start(data: bytes) -> bool:
    """Return whether the bytes begin as an archive does."""
    return data.startswith(b"PK\x03\x04")
