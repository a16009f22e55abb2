"""Where pages stand: a tree of slugs whose paths follow when something above them moves."""

from uuid import UUID

from sqlalchemy import select

from engine.content import redirects
from engine.content.pages.models import ADDRESSED, Page, PageKind
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.slugs import is_slug, numbered, slugify
from engine.core.transaction import Tx

FRONT = "/"
BLOG = "/blog"
MAX_DEPTH = 8
#: First parts of addresses that the house itself answers. A test holds it against the routes.
# fmt: off
RESERVED = frozenset((
    "account", "admin", "api", "apple-touch-icon.png", "assets", "cart", "categories", "checkout", "comments",
    "consent", "courses", "desktop", "docs", "events", "favicon.ico", "feed", "files", "forms", "go", "health",
    "icons", "kiosk", "learn", "llms.txt", "media", "metrics", "opening", "order", "orders", "pay", "payment",
    "preferences", "preview", "products", "reviews", "robots.txt", "search", "setup", "share", "site.webmanifest",
    "sitemap", "sitemap.xml", "social", "static", "status", "subscribe", "theme", "tickets", "trust", "unsubscribe",
    "verify", "webhooks",
))
# fmt: on


async def place(tx: Tx, page: Page, *, slug: str = "", parent_id: UUID | None = None) -> None:
    """Give a page its slug, parent and path, without a redirect. An empty slug is made of the title.

    Raises Invalid for a slug that cannot be or is taken, NotFound for the parent, Conflict below itself.
    """
    if page.kind not in ADDRESSED:
        page.slug, page.parent_id, page.path = slug or slugify(page.title, "page"), None, None
        return
    parent = await _parent(tx, page, parent_id)
    above = BLOG if page.kind is PageKind.ARTICLE else (parent.path or "" if parent else "")
    slug = _checked(slug)
    base = above.rstrip("/")
    chosen, number = slug or slugify(page.title, "page"), 1
    while (taken := await _taken(tx, page, f"{base}/{chosen}")) is not None:
        if slug:
            raise Invalid(taken, {"slug": taken})
        number += 1
        chosen = numbered(slugify(page.title, "page"), number)
    page.slug, page.parent_id, page.path = chosen, parent.id if parent else None, f"{base}/{chosen}"


def _checked(slug: str) -> str:
    if slug and not is_slug(slug):
        message = _("“{value}” cannot be in an address: use a–z, 0–9 and hyphens.").having(value=slug[:60])
        raise Invalid(message, {"slug": message})
    return slug


async def move(tx: Tx, page: Page, *, slug: str, parent_id: UUID | None) -> None:
    """Move a page, and those below it; what visitors may know leaves redirects. Raises as `place`.

    The front page stays it, unless it is put below another: its slug is where it goes when it is it no more.
    """
    old = page.path
    if old == FRONT and parent_id is None:
        page.slug = _checked(slug)
        return
    await place(tx, page, slug=slug, parent_id=parent_id)
    if old != page.path:
        await follow(tx, page, old)


async def follow(tx: Tx, page: Page, old: str | None) -> None:
    """Have what stands below a page, and its visitors, follow it from its old path."""
    await tx.flush()
    moved = {old: page.path} if old and page.first_published_at else {}
    if old and old != FRONT and page.path:
        below = await tx.scalars(select(Page).where(Page.path.startswith(old + "/", autoescape=True)))
        for one in below:
            before, one.path = one.path or "", page.path.rstrip("/") + (one.path or "").removeprefix(old)
            if one.first_published_at:
                moved[before] = one.path
    await tx.flush()
    await redirects.move_all(tx, {before: after for before, after in moved.items() if after and before != FRONT})
    if page.path:
        await redirects.free(tx, page.path)


async def make_front(tx: Tx, page: Page) -> Page | None:
    """Make a page the front page; the one that was goes back to its own slug. Returns that one."""
    if page.kind is not PageKind.PAGE or page.parent_id is not None:
        raise Conflict(_("Only a page that stands below no other can be the front page."))
    old: Page | None = await tx.scalar(select(Page).where(Page.path == FRONT))
    if old is not None and old.id != page.id:
        old.path = None
        await tx.flush()
        await place(tx, old, slug="", parent_id=None)
    before, page.path = page.path, FRONT
    await tx.flush()
    if before and before != FRONT and page.first_published_at:
        await redirects.move(tx, before, FRONT)
    return old


async def _parent(tx: Tx, page: Page, parent_id: UUID | None) -> Page | None:
    if parent_id is None or page.kind is not PageKind.PAGE:
        return None
    parent: Page | None = await tx.get(Page, parent_id)
    if parent is None or parent.kind is not PageKind.PAGE:
        message = _("There is no page {id} to put it below.").having(id=parent_id)
        raise NotFound(message)
    above, depth = parent, 1
    while above is not None:
        if above.id == page.id:
            raise Conflict(_("“{title}” cannot stand below itself. Choose another place."), title=page.title)
        depth += 1
        above = await tx.get(Page, above.parent_id) if above.parent_id else None  # type: ignore[assignment]
    if depth > MAX_DEPTH:
        message = _("Pages go {limit} levels deep. Choose a higher place.").having(limit=MAX_DEPTH)
        raise Invalid(message, {"parentId": message})
    return parent


async def _taken(tx: Tx, page: Page, path: str) -> Message | None:
    """Return why a page cannot stand at a path, or None."""
    first = path.split("/")[1]
    if first in RESERVED:
        return _("“/{first}” belongs to Agora itself. Choose another address.").having(first=first)
    if page.kind is PageKind.PAGE and path == BLOG:
        return _("“/{first}” is where the articles stand. Choose another address.").having(first=first)
    other = await tx.scalar(select(Page.title).where(Page.path == path, Page.id != page.id))
    if other is None:
        return None
    return _("The address {path} belongs to “{title}”. Choose another.").having(path=path, title=other)
