"""`/settings`: the public ones for everybody, each key for admins, secrets masked."""

from typing import Any

from engine.api.request import Caller, CurrentSite, House, WriteTx, allow, public
from engine.api.routing import APIRouter
from engine.content.articles.registries import article_categories, article_tags
from engine.core.access import Permission
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.site import BY_KEY

router = APIRouter(prefix="/settings", tags=["settings"])


@router.get("/public", dependencies=[public])
async def read_public_settings(site: CurrentSite) -> dict[str, Any]:
    """Return what a browser may know, by key."""
    return site.public()


@router.get("/article_categories", dependencies=[allow(Permission.VIEW_SETTINGS)])
async def read_article_categories(house: House) -> list[dict[str, Any]]:
    """Return the categories of articles. They are changed at `/article-categories`."""
    return await house.db.query(article_categories)


@router.get("/article_tags", dependencies=[allow(Permission.VIEW_SETTINGS)])
async def read_article_tags(house: House) -> list[dict[str, Any]]:
    """Return the tags of articles. They are changed at `/article-tags`."""
    return await house.db.query(article_tags)


@router.get("/{key}", dependencies=[allow(Permission.VIEW_SETTINGS)])
async def read_settings(key: str, house: House) -> dict[str, Any]:
    """Return one key's settings, secrets masked."""
    if key not in BY_KEY:
        raise NotFound(_("There are no settings “{key}”. The keys are {keys}."), key=key, keys=", ".join(BY_KEY))
    return house.settings.masked(BY_KEY[key])


@router.put("/{key}", dependencies=[allow(Permission.UPDATE_SETTINGS)])
async def update_settings(key: str, sent: dict[str, Any], house: House, actor: Caller, tx: WriteTx) -> dict[str, Any]:
    """Save the fields that are sent; a masked secret changes nothing. Answers the key's settings, masked."""
    saved = await house.settings.update(tx, actor, key, sent)
    return house.settings.masked_value(saved)
