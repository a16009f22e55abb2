"""Addresses of pictures in the settings (logo, favicon, front page) go along when a picture is replaced or cropped."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from engine.core.actor import Actor
from engine.core.reactions import Reaction
from engine.core.setting import Meaning
from engine.core.settings import SettingsStore, Site
from engine.core.site import KEYS, Settings
from engine.core.transaction import Tx
from engine.media.facts import MediaChanged
from engine.media.queries import MediaUrls, urls

SYSTEM = Actor.system()
_variant = re.compile(r"/(thumbnail|medium|large|full)\b")


def follow(settings: SettingsStore) -> Reaction:
    """Return the reaction that keeps the settings' pictures true."""

    async def rewrite(tx: Tx, facts: Sequence[MediaChanged]) -> None:
        connection = await tx.session.connection()
        for fact in facts:
            found = (await connection.run_sync(_urls, fact)).get(fact.media_id)
            if found is not None:
                for kind, changes in _moved(settings.site, found):
                    await settings.save(tx, SYSTEM, kind, changes)

    return Reaction("media.follow", (MediaChanged,), rewrite)


def _urls(connection: Connection, fact: MediaChanged) -> dict[Any, MediaUrls]:
    return urls(connection, [fact.media_id])


def _moved(site: Site, found: MediaUrls) -> list[tuple[type[Settings], dict[str, str]]]:
    """Return the settings, by their model, that name an address which this picture had before."""
    moved = []
    for kind in KEYS:
        own = site.of(kind)
        changes = {
            info.alias or name: _now(getattr(own, name), found)
            for name, info in kind.model_fields.items()
            if Meaning("picture") in info.metadata and f"/{found.id}/" in getattr(own, name)
        }
        kept = own.model_dump(by_alias=True)
        changes = {name: address for name, address in changes.items() if address != kept[name]}
        if changes:
            moved.append((kind, changes))
    return moved


def _now(address: str, found: MediaUrls) -> str:
    """Return where the same size of the picture stands now."""
    size = _variant.search(address)
    now: str = getattr(found, size[1] if size else "large")
    return now
