"""Pictures on pages: sized, in every format, cropped to their focal point, with a blur until they come."""

import re

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.commerce.catalog.drafts import ImageDraft
from engine.commerce.catalog.models import ProductStatus
from engine.core.actor import Actor
from engine.media import items
from engine.media.models import Media
from tests.factories.catalog import CatalogShelf
from tests.factories.pictures import photo, uploaded
from tests.security.pages import problems_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages look alike whatever keeps their data."""
    return sqlite_url


class TestProductPage:
    async def test_it_offers_every_size_and_avif_and_leaves_room(
        self, client: AsyncClient, house: Ports, owner: Actor
    ) -> None:
        assert owner.is_staff
        found = await uploaded(house, photo(2400, 1600), alt="A field")
        async with house.db.write() as tx:
            await items.edit(tx, Actor.system(), found.id, focus=(81, 40))
        await CatalogShelf(house.db).product(
            "Field", images=(ImageDraft(media_id=found.id),), status=ProductStatus.ACTIVE
        )
        await house.jobs.run_until_idle()
        async with house.db.write() as tx:  # a flat picture is smaller as WebP; say that AVIF was made of it
            row = await tx.get(Media, found.id)
            assert row is not None
            row.variants = {**row.variants, "medium.avif": row.variants["medium"], "large.avif": row.variants["large"]}
        html = (await client.get("/products/field")).text
        assert problems_of(html) == []
        source = re.search(r'<source type="image/avif" srcset="([^"]+)"', html)
        assert source is not None
        assert [part.split(" ")[1] for part in source[1].split(", ")] == ["800w", "1920w"]
        shown = re.search(r'<img src="[^"]+/medium.webp" alt="A field"[^>]*>', html)
        assert shown is not None
        for part in ('width="2400"', 'height="1600"', "focus-x-80 focus-y-40", "1920w", 'fetchpriority="high"'):
            assert part in shown[0]
        assert 'class="picture-blur" src="data:image/webp;base64,' in html
