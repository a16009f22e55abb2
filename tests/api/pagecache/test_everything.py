"""Whatever is done, each page is what it would be without being kept. On SQLite only: the other tests use both."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from engine.api.ports import Ports
from engine.commerce.catalog import categories
from engine.commerce.catalog.models import ProductStatus
from engine.content.articles.resources import ARTICLE_TAGS
from engine.content.pages import publishing
from engine.content.pages.models import PageVisibility
from engine.core.actor import Role
from engine.core.records import writing
from engine.media.public import MediaChanged
from tests.api.pagecache.conftest import Ask
from tests.factories import people
from tests.factories.catalog import MANAGER
from tests.factories.pages import Site, block
from tests.factories.pictures import uploaded
from tests.factories.shop import Shop
from tests.factories.voices import Speech

Change = Callable[[], Awaitable[Any]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def site(house: Ports) -> Site:
    return Site(house, await people.account(house, Role.EDITOR, name="Edda"))


async def test_everything_that_changes_is_seen_at_once(
    ask: Ask, fresh: Ask, house: Ports, shop: Shop, site: Site
) -> None:
    house.categories.calm_seconds = house.expiry.calm_seconds = 0
    picture = await uploaded(house)
    await house.jobs.run_until_idle()
    shelf = await shop.category("Mugs")
    tag = await shop.tag("New")
    mug = await shop.product("Blue mug", category_ids=(shelf,), tag_ids=(tag,))
    bowl = await shop.product("Red bowl", stock=1, category_ids=(shelf,))
    late = await site.page("Late", block("text", text="<p>Words</p>"), published=True)
    async with house.db.write() as tx:
        label = (await writing.create(tx, site.actor, ARTICLE_TAGS, {"name": "Kiln"})).id
    news = await site.article(
        "News",
        block("text", text="<p>Hot</p>"),
        fields={"article": {"tags": [str(label)]}, "cover": str(picture.id)},
        published=True,
    )
    await house.jobs.run_until_idle()
    speech = Speech(house)
    pages = ["/", "/products", f"/products/{mug.slug}", f"/products/{bowl.slug}", "/categories/mugs", "/late"]
    pages += ["/blog", "/blog/news", "/blog/feed.xml", "/sitemap.xml", f"/products/{mug.slug}/related"]
    pages += [f"/reviews/product/{mug.id}", "/blog/tag/kiln"]

    async def rename_tag() -> None:
        async with house.db.write() as tx:
            await writing.update(tx, MANAGER, house.resources["product-tags"], tag, {"name": "Fresh"})

    async def rename_label() -> None:
        async with house.db.write() as tx:
            await writing.update(tx, site.actor, ARTICLE_TAGS, label, {"name": "Oven"})

    async def rename_category() -> None:
        async with house.db.write() as tx:
            await categories.update(tx, MANAGER, shelf, {"name": "Cups"})

    async def retitle() -> None:
        async with house.db.write() as tx:
            tx.publish(MediaChanged(picture.id))

    async def front() -> None:
        async with house.db.write() as tx:
            await publishing.make_front(tx, site.actor, late.id)

    async def review() -> None:
        await speech.judge("approve", await speech.review(mug, 4))

    changes: list[Change] = [
        lambda: shop.reprice(mug, "33.00"),
        lambda: shop.order(product=bowl),
        review,
        rename_tag,
        rename_category,
        lambda: shop.product("Third thing", category_ids=(shelf,)),
        lambda: shop.change(bowl.id, status=ProductStatus.DRAFT),
        lambda: site.change(late.id, visibility=PageVisibility.SIGNED_IN),
        lambda: site.change(late.id, visibility=PageVisibility.PUBLIC),
        rename_label,
        retitle,
        lambda: site.change(news.id, title="Newer"),
        lambda: site.article("More", block("text", text="<p>More</p>"), published=True),
        lambda: shop.set("catalog", lowStock=50),
        lambda: shop.set("theme", accentColor="#aa3300"),
        front,
    ]
    for path in pages:
        await ask(path)
    for number, change in enumerate(changes):
        await change()
        await house.jobs.run_until_idle()
        await house.expiry.settled()
        for path in pages:
            truth, seen = await fresh(path), await ask(path)
            assert (seen.status_code, seen.text) == (truth.status_code, truth.text), f"{path} after change {number}"
