"""The dashboard: the right numbers, for whom they are, in few reads."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from httpx import AsyncClient
from sqlalchemy import event, select

from app.settings import Settings
from app.shell import Shell
from engine.accounts.models import User
from engine.api.ports import Ports
from engine.api.serving import Serving
from engine.commerce.ordering import tops
from engine.commerce.ordering.figures import TopProduct
from engine.commerce.ordering.spans import Span
from engine.core.actor import Actor, Role
from engine.core.demo import demo_counts, mark
from engine.core.ids import new_id
from engine.core.opening import Openness
from tests.clock import TestClock
from tests.factories import people
from tests.factories.shop import Shop
from tests.ui.admin.conftest import sitting
from ui.admin.dashboard.attention import matters
from ui.admin.dashboard.figures import change
from ui.formats import Formats


class TestShow:
    async def test_an_empty_shop_is_shown_its_first_step(self, at_owner: AsyncClient) -> None:
        text = (await at_owner.get("/admin")).text
        assert "First steps" in text
        assert "/admin/products/import" in text
        assert "E-mails stay in the outbox" in text

    async def test_a_site_that_is_paused_says_so(self, house: Ports, at_owner: AsyncClient) -> None:
        assert "The site is paused" not in (await at_owner.get("/admin")).text
        await Shell(house).pause(Openness.MAINTENANCE)
        await house.settings.refresh()
        assert "The site is paused" in (await at_owner.get("/admin")).text

    async def test_takings_and_what_waits_are_counted(
        self, shop: Shop, clock: TestClock, at_owner: AsyncClient
    ) -> None:
        mug = await shop.product("Blue mug", "20.00", stock=5)
        await shop.pay(await shop.order(2, mug))
        clock.move(days=1)
        await shop.order(1, mug)
        text = (await at_owner.get("/admin")).text
        assert "$45.00" in text
        assert "First steps" not in text
        assert "1 order waits to be sent" in text
        assert "1 order is not paid" in text
        assert "1 product is nearly gone" in text

    async def test_what_sold_the_most_says_as_of_when_where_it_was_summed_before(
        self, house: Ports, at_owner: AsyncClient, clock: TestClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        general = house.site.general
        async with house.db.write() as tx:
            await tops.keep(tx, 30, general.currency, [TopProduct(None, "Kept mug", 1, 2)], clock.now())
        assert "Kept mug" not in (await at_owner.get("/admin")).text
        monkeypatch.setattr(tops, "EXACT", -1)
        text = (await at_owner.get("/admin")).text
        assert "Kept mug" in text
        assert f"as of {Formats.of(general.language, general.timezone).clock(clock.now())}" in text

    async def test_people_without_orders_see_no_money(
        self, shop: Shop, house: Ports, client: AsyncClient, at_owner: AsyncClient
    ) -> None:
        await shop.pay(await shop.order())
        for role, sees in ((Role.VIEWER, False), (Role.EDITOR, False), (Role.STORE_MANAGER, True)):
            person = await people.account(house, role)
            answer = await sitting(client, await people.cookie(house, person)).get("/admin")
            assert answer.status_code == 200
            assert ("Takings" in answer.text) is sees
            assert "Audit log" not in answer.text
            assert "The shop on your network" not in answer.text

    async def test_customers_are_kept_out(self, house: Ports, client: AsyncClient, at_owner: AsyncClient) -> None:
        person = await people.account(house, Role.CUSTOMER)
        assert (await sitting(client, await people.cookie(house, person)).get("/admin")).status_code == 403

    async def test_more_orders_take_no_more_reads(self, shop: Shop, house: Ports, at_owner: AsyncClient) -> None:
        reads: list[str] = []
        engine = house.db._pages

        @event.listens_for(engine, "before_cursor_execute")
        def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
            reads.append(statement)

        await at_owner.get("/admin")  # once, to learn what is asked only once
        counts = []
        for _ in range(2):
            await shop.pay(await shop.order())
            await shop.order()
            reads.clear()
            await at_owner.get("/admin")
            counts.append(len([one for one in reads if one.startswith("SELECT")]))
        assert counts[0] == counts[1] <= 17


class TestMatters:
    async def test_rate_limits_that_are_off_are_a_warning(
        self, house: Ports, settings: Settings, at_owner: AsyncClient
    ) -> None:
        owner = await people.account(house, Role.SUPER_ADMIN, email="x@example.org")
        found = matters(house, owner, Serving(has_rate_limits=False), None, {}, 0)
        assert found[0].kind == "danger"
        assert "AGORA_RATE_LIMITS" in str(found[0].text)
        assert not any("AGORA" in str(m.text) for m in matters(house, owner, Serving(), None, {}, 0))


class TestFigures:
    def test_a_day_is_the_sites_own_day(self) -> None:
        auckland = ZoneInfo("Pacific/Auckland")
        span = Span.of(datetime(2026, 6, 1, 12, 30, tzinfo=UTC), auckland, 14)
        assert span.days[-1].isoformat() == "2026-06-02"
        assert len(span.bounds) == 28
        assert span.bounds[-1][1] == datetime(2026, 6, 2, 12, tzinfo=UTC)
        assert span.bounds[0][0] == datetime(2026, 5, 5, 12, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("now", "before", "share"), [(120, 100, 0.2), (50, 100, -0.5), (9, 0, None), (0, 0, None), (202, 1, None)]
    )
    def test_nothing_before_is_no_change(self, now: int, before: int, share: float | None) -> None:
        assert change(now, before) == share


class TestDemo:
    async def test_staff_see_that_it_is_one_and_only_its_owner_removes_it(
        self, house: Ports, client: AsyncClient, at_owner: AsyncClient
    ) -> None:
        async with house.db.write() as tx:
            mark(tx, "begun", new_id())
        assert "/admin/demo" in (await at_owner.get("/admin")).text
        for role in (Role.VIEWER, Role.EDITOR, Role.STORE_MANAGER, Role.ADMIN):
            person = await people.account(house, role)
            browser = sitting(client, await people.cookie(house, person))
            text = (await browser.get("/admin")).text
            assert "This is demo data" in text
            assert "/admin/demo" not in text
            assert (await browser.post("/admin/demo/remove")).status_code == 403
        assert await house.db.query(demo_counts) is not None

    async def test_it_goes_in_one_click(self, house: Ports, at_owner: AsyncClient) -> None:
        async with house.db.write() as tx:
            mark(tx, "begun", new_id())
        answer = await at_owner.post("/admin/demo/remove")
        assert (answer.status_code, answer.headers["location"]) == (303, "/admin")
        assert await house.db.query(demo_counts) is None
        assert "There is no demo data" in (await at_owner.get("/admin/demo")).text

    async def test_whoever_sits_in_the_demos_account_makes_their_own_first(
        self, house: Ports, owner: Actor, at_owner: AsyncClient
    ) -> None:
        async with house.db.write() as tx:
            mark(tx, "user", owner.user_id)
        mine = {"name": "Ann Other", "email": "ann@example.org", "password": "short"}
        answer = await at_owner.post("/admin/demo/remove", data=mine)
        assert answer.status_code == 422
        assert "Ann Other" in answer.text
        assert await house.db.query(demo_counts) is not None
        answer = await at_owner.post("/admin/demo/remove", data={**mine, "password": people.PASSWORD})
        assert answer.status_code == 303
        assert await house.db.query(lambda connection: list(connection.scalars(select(User.email)))) == [
            "ann@example.org"
        ]
