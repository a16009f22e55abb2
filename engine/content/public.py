"""What other domains and the faces may ask of content."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from engine.content.models import Redirect
from engine.content.redirects import followed, forget, free, move


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an address went."""

    id: UUID
    target_url: str
    status_code: int


def redirect_for(connection: Connection, path: str) -> Moved | None:
    """Return where visitors of this path are sent, or None."""
    columns = (Redirect.id, Redirect.target_url, Redirect.status_code)
    row = connection.execute(select(*columns).where(Redirect.source_path == path)).first()
    return Moved(*row) if row else None


__all__ = ["Moved", "followed", "forget", "free", "move", "redirect_for"]
