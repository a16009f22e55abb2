"""`/metrics`: what it tells, that a strict parser reads it, and who may read it."""

from collections.abc import Awaitable, Callable

import pytest
from httpx import ASGITransport, AsyncClient, Response
from prometheus_client.parser import text_string_to_metric_families

from app.settings import Settings
from app.web import make_app
from engine.api.metrics import metrics_token
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.measures import BOUNDS, Measures, quantile
from engine.core.site import Reach, System
from tests.factories import people
from tests.factories.shop import Shop

Ask = Callable[..., Awaitable[Response]]


@pytest.fixture
def ask(house: Ports, owner: Actor, settings: Settings) -> Ask:
    assert owner.is_staff
    app = make_app(house, settings, runs_jobs=False)

    async def asking(path: str, *, client: str = "127.0.0.1", method: str = "GET", **more) -> Response:
        transport = ASGITransport(app=app, client=(client, 50000))
        async with AsyncClient(transport=transport, base_url="http://localhost") as made:
            return await made.request(method, path, **more)

    return asking


async def open_metrics(house: Ports) -> None:
    async with house.db.write() as tx:
        await house.settings.save(tx, Actor.system(), System, {"surfaces": {"metrics": Reach.EVERYONE}})
    await house.settings.refresh()


def read(answer: Response) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(answer.text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


class TestWhatItTells:
    async def test_requests_are_counted_by_route_and_never_by_address(self, ask: Ask) -> None:
        for path in ("/products/zebra", "/products/two", "/nowhere/1", "/nowhere/2", "/"):
            await ask(path)
        await ask("/", method="BREW")
        answer = await ask("/metrics")
        found = read(answer)
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "zebra" not in answer.text
        assert "nowhere" not in answer.text
        assert "BREW" not in answer.text
        at = {"surface": "storefront", "method": "GET", "route": "/products/{slug}", "status": "404"}
        assert found["agora_requests_total", tuple(sorted(at.items()))] == 2
        assert found["agora_request_seconds_count", (("surface", "storefront"),)] == 6

    async def test_money_holds_queues_and_the_machine_are_told(self, ask: Ask, shop: Shop) -> None:
        await shop.pay(await shop.order())
        found = read(await ask("/metrics"))
        assert found["agora_money_taken_minor_total", (("currency", "USD"),)] > 0
        assert found["agora_holds", (("of", "orders"),)] == 0
        assert found["agora_queue_depth", (("queue", "reactions"), ("status", "failed"))] == 0
        assert found["agora_up", (("service", "database"),)] == 1
        assert found["agora_disk_free_bytes", ()] > 0
        assert found["agora_process_memory_bytes", ()] > 1_000_000
        assert found["agora_database_seconds_count", (("kind", "write"),)] > 0
        assert found["agora_database_connections", (("state", "most"),)] > 0


class TestWhoMayRead:
    async def test_a_stranger_may_not_even_where_the_surface_is_open(self, ask: Ask, house: Ports) -> None:
        assert (await ask("/metrics", client="203.0.113.9")).status_code == 403
        await open_metrics(house)
        assert (await ask("/metrics", client="203.0.113.9")).status_code == 401
        proxied = await ask("/metrics", headers={"x-forwarded-for": "127.0.0.1"})
        assert proxied.status_code == 401

    async def test_its_token_opens_it_and_another_does_not(self, ask: Ask, house: Ports) -> None:
        await open_metrics(house)
        token = metrics_token(house.secrets)
        good = {"authorization": f"Bearer {token}"}
        assert (await ask("/metrics", client="203.0.113.9", headers=good)).status_code == 200
        bad = {"authorization": f"Bearer {token}x"}
        assert (await ask("/metrics", client="203.0.113.9", headers=bad)).status_code == 401

    async def test_staff_below_admin_may_not(self, ask: Ask, house: Ports) -> None:
        await open_metrics(house)
        editor = await people.cookie(house, await people.account(house, Role.EDITOR))
        assert (await ask("/metrics", client="203.0.113.9", cookies=editor)).status_code == 403


class TestCounting:
    @pytest.mark.parametrize("seconds", [0.0, 0.004, 0.005, 1.9, 2.0, 99.0])
    def test_a_quantile_is_never_less_than_the_truth_within_the_bounds(self, seconds: float) -> None:
        measures = Measures()
        measures.request("api", "GET", "/", 200, seconds)
        assert quantile(measures.latencies(), 0.95) >= min(seconds, BOUNDS[-1])

    def test_nothing_counted_is_nothing(self) -> None:
        assert quantile([0] * 12, 0.95) == 0.0
        assert Measures().latencies() == []
