"""A cache between us and visitors is told what changed. On SQLite only: it knows no database."""

from collections.abc import Sequence

import pytest

from engine.api.pagecache.edge import Ledger
from engine.api.ports import Ports
from engine.core.errors import Unavailable
from engine.core.i18n import _
from tests.api.pagecache.conftest import Ask
from tests.factories.shop import Shop


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


class Edge:
    """Notes what it is told; `is_away` lets it fail once."""

    def __init__(self) -> None:
        self.told: list[Sequence[str] | None] = []
        self.is_away = False

    async def purge(self, addresses: Sequence[str]) -> None:
        await self._hear(sorted(addresses))

    async def purge_all(self) -> None:
        await self._hear(None)

    async def _hear(self, what: Sequence[str] | None) -> None:
        if self.is_away:
            self.is_away = False
            raise Unavailable(_("It does not answer."))
        self.told.append(what)


async def test_it_keeps_pages_and_is_told_exactly_those_that_changed(ask: Ask, house: Ports, shop: Shop) -> None:
    edge = Edge()
    ledger = house.expiry.ledger = Ledger(edge, gather_seconds=0)
    mug, bowl = await shop.product("Blue mug"), await shop.product("Red bowl")
    for product in (mug, bowl):
        page = await ask(f"/products/{product.slug}")
        assert "s-maxage=7200" in page.headers["cache-control"]
        assert "max-age=0" in page.headers["cache-control"]
    assert (await ask("/products")).headers["cache-control"] == "no-cache"  # its counts may be late
    assert (await ask(f"/products/{mug.slug}/related", hx_request="true")).headers["cache-control"] == "no-cache"
    staff = await ask(f"/products/{mug.slug}", cookie="agora_session=x")
    assert staff.headers["cache-control"] == "no-cache"
    await ledger.told()
    assert edge.told == [None]  # what an earlier process sent is unknown
    edge.is_away = True
    await shop.reprice(mug, "21.00")
    await ledger.told()
    assert edge.told[1:] == [[f"http://localhost/products/{mug.slug}"]]
    await shop.reprice(mug, "22.00")
    await ledger.told()
    assert len(edge.told) == 2  # nobody was shown it since
    await shop.set("general", tagline="Fired twice")
    await ledger.told()
    assert edge.told[2:] == [None]


async def test_nothing_is_kept_elsewhere_where_nobody_can_be_told(ask: Ask, house: Ports, shop: Shop) -> None:
    mug = await shop.product()
    assert house.expiry.ledger is None
    assert (await ask(f"/products/{mug.slug}")).headers["cache-control"] == "no-cache"
