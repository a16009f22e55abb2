"""A site with something of every kind that a site file holds, and a second house to bring it into."""

import zipfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.settings import load_settings
from app.wiring import wire
from engine.accounts.hashing import Passwords
from engine.api.ports import Ports
from engine.commerce.catalog.drafts import ImageDraft
from engine.content.articles.resources import ARTICLE_AUTHORS, ARTICLE_CATEGORIES, ARTICLE_SERIES, ARTICLE_TAGS
from engine.content.comments.imports import ImportedComment
from engine.content.comments.imports import bring as bring_comment
from engine.content.files import files
from engine.content.files.resources import GATED_FILES
from engine.content.forms import shapes, uploads
from engine.content.menus.models import Menu
from engine.content.pages import publishing, reviewing
from engine.content.pages.models import PageKind
from engine.content.resources import REDIRECTS
from engine.content.reviews.imports import ImportedReview
from engine.content.reviews.imports import bring as bring_review
from engine.core.actor import Actor
from engine.core.linking import reference_to
from engine.core.records import writing
from engine.core.resource import Resource
from engine.media import public as media
from engine.messaging.models import StoredTemplate
from tests.conftest import Revealed
from tests.factories.catalog import CatalogShelf
from tests.factories.files import pdf
from tests.factories.forms import FIELDS, TYPED, Desk
from tests.factories.pages import Site, block
from tests.factories.pictures import photo

OWNER = Actor.system("Olive")


class WholeSite:
    """A house whose site has a thing of every kind, made through the verbs."""

    def __init__(self, house: Ports) -> None:
        self.house, self.db = house, house.db
        self.pages, self.shop, self.desk = Site(house, OWNER), CatalogShelf(house.db), Desk(house)

    async def record(self, resource: Resource, **values: Any) -> Any:
        async with self.db.write() as tx:
            return await writing.create(tx, OWNER, self.house.resources.get(resource.path, resource), values)

    async def build(self) -> None:
        async with self.db.write() as tx:
            await self.house.settings.update(
                tx, OWNER, "general", {"siteName": "Kiln & Co", "language": "en-GB", "currency": "GBP"}
            )
            await self.house.settings.update(tx, OWNER, "theme", {"accentColor": "#7c2d12"})
            await self.house.settings.update(
                tx,
                OWNER,
                "email",
                {"fromName": "Kiln", "provider": "smtp", "credentials": {"host": "mail.example", "password": "hush"}},
            )
        await self.house.settings.refresh()
        taken = await media.take(
            self.db, self.house.blobs, OWNER, data=photo(64, 48), filename="Töpfe.jpg", alt="Pots",
            folder="Shop/2026", tags=["Blue", "green"],
        )  # fmt: skip
        await media.take(self.db, self.house.blobs, OWNER, data=pdf("Terms"), filename="terms.pdf")
        await self.letters()
        await self._content(str(taken.id))
        await self._catalogue(taken.id)

    async def letters(self) -> None:
        """Reword one letter, and have another written by words of our own."""
        letters = self.house.letters
        async with self.db.write() as tx:
            shipped = await tx.scalar(_letter("order_shipped"))
            await letters.update(tx, OWNER, shipped.id, {"subject": "Off it goes, {{ name }}"})
            own = await letters.create(tx, OWNER, {"name": "Ours", "purpose": "order_confirmed", "body": "# Thank you"})
            await letters.activate(tx, OWNER, own.id)

    async def _content(self, picture: str) -> None:
        category = await self.record(ARTICLE_CATEGORIES, name="News", description="<p>What is new</p>")
        tag = await self.record(ARTICLE_TAGS, name="Glaze", color="#0f766e")
        author = await self.record(ARTICLE_AUTHORS, name="Ada")
        series = await self.record(ARTICLE_SERIES, name="How we work")
        reused = await self.pages.page(
            "Opening hours", block("text", text="<p>9 to 5</p>"), kind=PageKind.REUSABLE, published=True
        )
        front = await self.pages.page("Welcome", block("image", image=picture), published=True)
        async with self.db.write() as tx:
            await publishing.make_front(tx, OWNER, front.id)
        about = await self.pages.page("About", block("text", text="<p>We are</p>"), published=True)
        team = await self.pages.page(
            "Team", block("reusable", source=str(reused.id)), parent_id=about.id, published=True
        )
        await self.pages.save(team.id, 1, {"title": "The team", "blocks": [block("text", text="<p>Draft</p>")]})
        for edit, words in ((2, "Better"), (3, "Best")):
            await self.pages.save(
                team.id, edit, {"title": words, "blocks": [block("text", text=f"<p>{words}</p>")]}, note=f"{words} now"
            )
        async with self.db.write() as tx:
            asked = await reviewing.add_note(tx, OWNER, team.id, "Who is that?")
            await reviewing.add_note(tx, OWNER, team.id, "Ada", parent_id=asked.id)
        secret = await self.pages.page("Secret", block("text", text="<p>Sh</p>"), published=True)
        async with self.db.write() as tx:
            await publishing.lock(tx, OWNER, secret.id, await Passwords(rounds=4).hash("open sesame"))
        await self.pages.page("Letterhead", block("text", text="<p>Dear</p>"), kind=PageKind.TEMPLATE)
        for kind in (PageKind.HEADER, PageKind.FOOTER, PageKind.NOT_FOUND, PageKind.SERVER_ERROR):
            await self.pages.page(str(kind), block("text", text=f"<p>{kind}</p>"), kind=kind, published=True)
        about_article = {
            "cover": picture,
            "article": {
                "categories": [str(category.id)],
                "tags": [str(tag.id)],
                "author": str(author.id),
                "series": str(series.id),
                "seriesPlace": 2,
                "featured": True,
            },
        }
        article = await self.pages.article(
            "Hello", block("text", text="<p>Hi</p>"), fields=about_article, published=True
        )
        async with self.db.write() as tx:
            for key, parent in (("1", ""), ("2", "1"), ("3", "2")):
                said = ImportedComment("old", key, "Bea", f"Thought {key}", tx.now, "bea@example.org", parent)
                await bring_comment(tx, OWNER, "article", article.id, said)
        asked = {"id": "photo", "type": "file", "label": "A picture"}
        form = await self.desk.form([*FIELDS, asked])
        field = shapes.read([asked])[0]
        sent = await uploads.take(self.db, self.house.blobs, form.id, field, photo(32, 24), "kiln.jpg")
        await self.desk.send(form, {**TYPED, "photo": [sent.token]})
        gated = await self.record(GATED_FILES, title="Members’ handbook", rule="form", form_id=form.id)
        await files.put(self.db, self.house.blobs, OWNER, gated.id, pdf("Handbook"), "handbook.pdf")
        await self.record(REDIRECTS, source_path="/old", target_url="/about", status_code=302)
        await self.record(REDIRECTS, source_path="/gone/*", target_url="", status_code=410)
        menus = self.house.resources["navigation"]
        await self.record(
            menus, name="Side", location="side", items=[{"label": "", "target": reference_to("page", about.id)}]
        )
        async with self.db.write() as tx:
            header = await tx.scalar(_header())
            await writing.update(tx, OWNER, menus, header, {"items": [{"label": "Blog", "target": "/blog"}]})

    async def _catalogue(self, picture: Any) -> None:
        pots = await self.shop.category("Pots")
        mugs = await self.shop.category("Mugs", pots)
        tag = await self.shop.tag("Handmade")
        product = await self.shop.with_sizes("Mug", {"S": 3, "M": 0, "L": None})
        await self.shop.change(
            product.id, category_ids=(mugs,), tag_ids=(tag,), images=(ImageDraft(media_id=picture, alt="A mug"),),
            description="<p>Blue</p>",
        )  # fmt: skip
        await self.shop.product("Bowl", sku="BOWL-1")
        async with self.db.write() as tx:
            said = ImportedReview("old", "1", "Cy", 4, tx.now, "Good", "Holds tea", "cy@example.org", "Thank you")
            await bring_review(tx, OWNER, "product", product.id, said)


def _letter(purpose: str) -> Any:
    return select(StoredTemplate).where(StoredTemplate.purpose == purpose)


def _header() -> Any:
    return select(Menu.id).where(Menu.location == "header")


def prepared(folder: Path) -> Path:
    """Return a new data folder."""
    folder.mkdir()
    return folder


@asynccontextmanager
async def another_house(folder: Path, url: str, clock: Any = None) -> AsyncIterator[Ports]:
    """A second house of its own folder and database."""
    settings = load_settings(data_dir=prepared(folder)).model_copy(
        update={"database_url": Revealed(url), "rate_limits": False}
    )
    ports = wire(settings, clock=clock, passwords=Passwords(rounds=4))
    await ports.settings.refresh()
    try:
        yield ports
    finally:
        await ports.db.close()


async def exported(house: Ports, path: Path, *, with_entries: bool = True) -> dict[str, bytes]:
    """Export a house's site; return the lines of every kind, and its files by name."""
    await house.sites.export_to(house.db, OWNER, path, with_entries=with_entries, tell=_tell)
    return held(path)


async def imported(house: Ports, path: Path, **asked: bool) -> Mapping[str, Any]:
    """Bring a site file in; return the report."""
    asked = {"replaces": False, "is_dry_run": False, **asked}
    return await house.sites.import_from(house.db, OWNER, path, tell=_tell, **asked)


def held(path: Path) -> dict[str, bytes]:
    """Return what a site file holds beside its manifest, which says when it was made."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "agora-site.json"}


async def _tell(_done: int, _total: int) -> None: ...
