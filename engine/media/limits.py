"""How large a file may be: as the site's settings say."""

from sqlalchemy import Connection, select

from engine.core.i18n import _
from engine.core.settings import SiteSetting
from engine.core.site import MediaLibrary
from engine.media.kinds import refused

MEGABYTE = 1024 * 1024


def most_bytes(connection: Connection) -> int:
    """Return how many bytes a file may have."""
    kept = connection.scalar(select(SiteSetting.value).where(SiteSetting.key == MediaLibrary.key))
    return MediaLibrary.model_validate(kept or {}).max_upload_mb * MEGABYTE


def check_size(size_bytes: int, most: int) -> None:
    """Raise Invalid where a file is larger than that."""
    if size_bytes > most:
        raise refused(_("This file is larger than {most} MB. Send a smaller one."), most=most // MEGABYTE)
