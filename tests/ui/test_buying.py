"""Buying and selling through the pages, as a browser without scripts does."""

import asyncio
import json
import os
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient, Response

from engine.api.ports import Ports
from engine.core.actor import Role
from tests.audit import audited
from tests.factories.people import account, cookie
from tests.factories.shop import Shop
from ui.live import Live

pytestmark = pytest.mark.usefixtures("owner")
SAMPLES = os.environ.get("AGORA_SAMPLES")
WHERE = {
    "email": "ada@example.org",
    "name": "Ada Lovelace",
    "shippingMethod": "flat_rate",
    "paymentMethod": "manual",
    "shippingAddress.country": "US",
    "shippingAddress.line1": "1 Main Street",
    "shippingAddress.city": "Chicago",
    "shippingAddress.region": "IL",
    "shippingAddress.postalCode": "60601",
}


@pytest.fixture
async def browser(client: AsyncClient) -> AsyncClient:
    """A browser on this machine: it sends where its forms come from, and asks for pages."""
    client.headers.update({"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
    return client


def hidden(page: Response) -> dict[str, str]:
    """Return what the page's hidden fields hold."""
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    }


async def put(browser: AsyncClient, product: Any, quantity: int = 1, **said: str) -> Response:
    sent = {"productId": str(product.id), "quantity": str(quantity), **said}
    referer = {"Referer": f"http://localhost/products/{product.slug}"}
    return await browser.post("/cart/items", data=sent, headers=referer)


async def check_out(browser: AsyncClient, **changes: str) -> Response:
    form = await browser.get("/checkout")
    return await browser.post("/checkout", data={**hidden(form), **WHERE, **changes})


class TestCart:
    async def test_only_the_first_thing_in_it_sets_a_cookie(self, browser: AsyncClient, shop: Shop) -> None:
        for path in ("/cart", "/cart/count"):
            assert "set-cookie" not in (await browser.get(path)).headers
        answer = await put(browser, await shop.product("Blue mug"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
        kept = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("agora_cart="))
        assert "HttpOnly" in kept
        assert "samesite=lax" in kept.lower()
        assert "Blue mug" in (await browser.get("/cart")).text
        assert 'data-count="1"' in (await browser.get("/cart/count")).text

    async def test_a_version_that_is_not_chosen_leads_back_to_the_product(
        self, browser: AsyncClient, shop: Shop
    ) -> None:
        tee = await shop.with_sizes("Tee", {"S": 1})
        answer = await put(browser, tee, **{"option:Size": "XXL"})
        assert answer.headers["location"] == "/products/tee"
        assert (await put(browser, tee, **{"option:Size": "S"})).headers["location"] == "/cart"

    async def test_how_many_can_be_changed_and_taken_out(self, browser: AsyncClient, shop: Shop) -> None:
        await put(browser, await shop.product("Blue mug", price="20.00"))
        url = re.findall(r'action="(/cart/items/[^"]+)"', (await browser.get("/cart")).text)[0]
        await browser.post(url, data={"quantity": "3"})
        assert "$60.00" in (await browser.get("/cart")).text
        await browser.post(url, data={"quantity": "0"})
        assert "Your cart is empty" in (await browser.get("/cart")).text

    @pytest.mark.parametrize("quantity", ["", "-1", "x", "1e9", "９", "99999999"])
    async def test_nonsense_is_refused_kindly(self, browser: AsyncClient, shop: Shop, quantity: str) -> None:
        answer = await put(browser, await shop.product(), quantity=quantity)  # type: ignore[arg-type]
        assert answer.status_code == 303


class TestTax:
    @pytest.mark.parametrize(("label", "said"), [("VAT", "Includes VAT."), ("MwSt.", "Includes MwSt.")])
    async def test_a_sentence_ends_with_one_full_stop(
        self, browser: AsyncClient, shop: Shop, label: str, said: str
    ) -> None:
        await shop.set("tax", enabled=True, ratePercent="19", label=label)
        page = (await browser.get(f"/products/{(await shop.product('Blue mug')).slug}")).text
        assert said in page
        assert f"{said}." not in page


class TestCheckout:
    async def test_the_whole_way_works_without_scripts(self, browser: AsyncClient, shop: Shop) -> None:
        await shop.set("payments", manualInstructions="Transfer it to DE02 1203.")
        await put(browser, await shop.product("Blue mug", price="20.00", stock=7), 2)
        answer = await check_out(browser)
        assert answer.status_code == 303
        confirmation = await browser.get(answer.headers["location"])
        for words in ("Your order is in", "1001", "$45.00", "DE02 1203", "CHICAGO, IL 60601"):
            assert words in confirmation.text
        assert confirmation.headers["cache-control"] == "private, no-store"
        status = await browser.get(answer.headers["location"].replace("/checkout/confirmation", "/orders"))
        assert "Order 1001" in status.text
        assert await audited(shop.db) == []

    async def test_sending_the_form_twice_is_one_order(self, browser: AsyncClient, shop: Shop) -> None:
        await put(browser, await shop.product(stock=7))
        sent = {**hidden(await browser.get("/checkout")), **WHERE}
        answers = [await browser.post("/checkout", data=sent) for _ in range(2)]
        assert answers[0].headers["location"] == answers[1].headers["location"]

    async def test_an_error_names_the_field_and_keeps_what_was_typed(self, browser: AsyncClient, shop: Shop) -> None:
        await put(browser, await shop.product())
        changes = {"email": "nobody", "name": "Zoë <b>", "shippingAddress.postalCode": "1", "note": "Ring twice"}
        answer = await check_out(browser, **changes)
        assert answer.status_code == 422
        assert 'href="#field-email"' in answer.text
        assert 'href="#field-shippingAddress.postalCode"' in answer.text
        for kept in ('value="nobody"', 'value="Zoë &lt;b&gt;"', 'value="1 Main Street"', "Ring twice"):
            assert kept in answer.text
        assert '<option value="IL" selected>' in answer.text

    async def test_a_price_that_changed_is_told_and_not_charged(self, browser: AsyncClient, shop: Shop) -> None:
        mug = await shop.product("Blue mug", price="20.00")
        await put(browser, mug)
        form = await browser.get("/checkout")
        await shop.reprice(mug, "25.00")
        refused = await browser.post("/checkout", data={**hidden(form), **WHERE})
        assert refused.status_code == 409
        assert "The total is now $30.00; it was $25.00 when you looked." in refused.text
        assert "The price changed: it was $20.00." in refused.text
        again = await browser.post("/checkout", data={**hidden(refused), **WHERE})
        assert again.status_code == 303

    async def test_each_delivery_shows_its_own_sum(self, browser: AsyncClient, shop: Shop) -> None:
        await shop.set("shipping", pickupEnabled=True, pickupLabel="At the studio")
        await put(browser, await shop.product(price="20.00"))
        form = await browser.get("/checkout")
        assert (hidden(form)["expected.flat_rate"], hidden(form)["expected.pickup"]) == ("2500", "2000")
        answer = await check_out(browser, shippingMethod="pickup", **{"shippingAddress.line1": ""})
        assert "At the studio" in (await browser.get(answer.headers["location"])).text

    async def test_the_country_decides_what_is_asked(self, browser: AsyncClient, shop: Shop) -> None:
        await put(browser, await shop.product())
        sent = {**hidden(await browser.get("/checkout")), **WHERE, "shippingAddress.country": "DE"}
        form = await browser.post("/checkout/address", data=sent)
        assert form.status_code == 200
        assert 'name="shippingAddress.region"' not in form.text
        part = await browser.post("/checkout/address", data=sent, headers={"HX-Request": "true"})
        assert "<html" not in part.text
        assert "1 Main Street" in part.text

    async def test_what_is_sold_out_meanwhile_is_named(self, browser: AsyncClient, shop: Shop) -> None:
        mug = await shop.product("Blue mug", stock=1)
        await put(browser, mug)
        sent = {**hidden(await browser.get("/checkout")), **WHERE}
        await shop.order(1, mug)
        answer = await browser.post("/checkout", data=sent)
        assert answer.status_code == 409
        assert "“Blue mug” is sold out." in answer.text

    async def test_a_form_of_another_site_is_refused(self, browser: AsyncClient, shop: Shop) -> None:
        await put(browser, await shop.product())
        answer = await browser.post("/checkout", data=WHERE, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403


class TestStatus:
    async def test_needs_its_own_signature(self, browser: AsyncClient, shop: Shop, house: Ports) -> None:
        one, two = await shop.order(), await shop.order()
        good = house.secrets.signature("order", str(one.id))
        assert (await browser.get(f"/orders/{one.id}/{good}")).status_code == 200
        for url in (f"/orders/{two.id}/{good}", f"/orders/{one.id}/x", f"/orders/{one.id}/{good}x", "/orders/1/2"):
            assert (await browser.get(url)).status_code == 404

    async def test_a_pending_order_can_be_cancelled_there_once(
        self, browser: AsyncClient, shop: Shop, house: Ports
    ) -> None:
        mug = await shop.product(stock=7)
        order = await shop.order(2, mug)
        url = f"/orders/{order.id}/{house.secrets.signature('order', str(order.id))}"
        for _ in range(2):
            assert (await browser.post(f"{url}/cancellations")).status_code == 303
        assert await shop.stock_of(mug) == 7
        page = await browser.get(url)
        assert "cancelled" in page.text
        assert f"{url}/cancellations" not in page.text

    async def test_shows_no_note_and_no_name_of_staff(self, browser: AsyncClient, shop: Shop, house: Ports) -> None:
        order = await shop.pay(await shop.order(), note="Paid late again")
        page = await browser.get(f"/orders/{order.id}/{house.secrets.signature('order', str(order.id))}")
        assert "Paid late again" not in page.text
        assert "Mia" not in page.text


class TestOwnOrders:
    async def test_are_only_ones_own(self, browser: AsyncClient, shop: Shop, house: Ports) -> None:
        ada = await account(house, email="ada@example.org")
        mine, other = await shop.order(actor=ada), await shop.order()
        browser.cookies.update(await cookie(house, ada))
        listed = await browser.get("/account/orders")
        assert f"/account/orders/{mine.id}" in listed.text
        assert str(other.id) not in listed.text
        assert (await browser.get(f"/account/orders/{mine.id}")).status_code == 200
        assert (await browser.get(f"/account/orders/{other.id}")).status_code == 404
        await browser.post(f"/account/orders/{other.id}/cancellations")
        assert (await shop.see_order(other.id)).status == "pending"

    async def test_strangers_are_shown_the_way_in(self, browser: AsyncClient) -> None:
        answer = await browser.get("/account/orders")
        assert answer.headers["location"].startswith("/account/sign-in")


class TestAdmin:
    @pytest.fixture
    async def desk(self, browser: AsyncClient, house: Ports) -> AsyncClient:
        browser.cookies.update(await cookie(house, await account(house, Role.STORE_MANAGER, name="Mara")))
        return browser

    async def test_lists_orders_and_finds_them(self, desk: AsyncClient, shop: Shop) -> None:
        await shop.order(name="Ada Lovelace")
        await shop.pay(await shop.order(name="Grace Hopper"))
        assert "Ada Lovelace" in (await desk.get("/admin/orders")).text
        to_send = await desk.get("/admin/orders?view=to-ship")
        assert "Grace Hopper" in to_send.text
        assert "Ada Lovelace" not in to_send.text
        assert "Grace Hopper" not in (await desk.get("/admin/orders?q=lovelace")).text
        for odd in ("?view=nonsense&page=x", "?q=%27%20OR%201=1", "?page=99999999999"):
            assert (await desk.get(f"/admin/orders{odd}")).status_code == 200

    async def test_shows_exactly_the_steps_that_are_allowed(self, desk: AsyncClient, shop: Shop) -> None:
        order = await shop.order()

        async def buttons() -> set[str]:
            page = await desk.get(f"/admin/orders/{order.id}")
            return set(re.findall(r'name="to" value="(\w+)"', page.text))

        assert await buttons() == {"confirmed", "cancelled"}
        url = f"/admin/orders/{order.id}"
        does_not_go_back = "The money does not go back by itself"
        assert does_not_go_back not in (await desk.get(url)).text
        await desk.post(f"{url}/payments", data={"note": "Cash"})
        assert does_not_go_back in (await desk.get(url)).text
        assert await buttons() == {"shipped", "processing", "cancelled"}
        await desk.post(f"{url}/transitions", data={"to": "shipped", "note": "Parcel 42"})
        assert await buttons() == {"delivered", "in_transit", "returned"}
        page = await desk.get(url)
        for words in ("Cash", "Parcel 42", "Mara", "Paid", "Shipped"):
            assert words in page.text
        assert "/payments" not in page.text
        assert await audited(shop.db) == []

    async def test_a_step_that_is_too_late_says_so(self, desk: AsyncClient, shop: Shop) -> None:
        order = await shop.order()
        url = f"/admin/orders/{order.id}"
        for to in ("shipped", "nonsense", ""):
            assert (await desk.post(f"{url}/transitions", data={"to": to})).status_code == 303
        assert (await shop.see_order(order.id)).status == "pending"

    async def test_keeps_notes_and_refuses_empty_ones(self, desk: AsyncClient, shop: Shop) -> None:
        order = await shop.order()
        url = f"/admin/orders/{order.id}"
        assert (await desk.post(f"{url}/notes", data={"note": "  "})).status_code == 422
        assert (await desk.post(f"{url}/notes", data={"note": "Call <first>"})).status_code == 303
        assert "Call &lt;first&gt;" in (await desk.get(url)).text

    @pytest.mark.parametrize("role", [Role.CUSTOMER, Role.VIEWER, Role.EDITOR])
    async def test_is_closed_below_store_manager(
        self, browser: AsyncClient, shop: Shop, house: Ports, role: Role
    ) -> None:
        order = await shop.order()
        browser.cookies.update(await cookie(house, await account(house, role)))
        for path in ("", f"/{order.id}"):
            assert (await browser.get(f"/admin/orders{path}")).status_code == 403
        for path in ("transitions", "payments", "notes"):
            sent = {"to": "confirmed", "note": "x"}
            assert (await browser.post(f"/admin/orders/{order.id}/{path}", data=sent)).status_code == 403
        assert (await shop.see_order(order.id)).status == "pending"


class TestLive:
    async def test_a_manager_hears_of_an_order_and_a_viewer_does_not(self, shop: Shop, house: Ports) -> None:
        live = Live()
        house.bus.subscribe(live.hear)
        manager = live.events(await account(house, Role.STORE_MANAGER))
        viewer = live.events(await account(house, Role.VIEWER))
        assert await anext(manager) == await anext(viewer) == b"retry: 2000\n\n"
        order = await shop.order()
        heard = (await anext(manager)).decode()
        assert heard.startswith("event: order.created\n")
        assert json.loads(heard.partition("data: ")[2]) == {"id": str(order.id)}
        assert (await anext(manager)).decode().startswith(f"event: {order.id}\n")
        await manager.aclose()
        waiting = asyncio.create_task(anext(viewer))
        await asyncio.sleep(0)
        assert not waiting.done()
        live.close()
        with pytest.raises(StopAsyncIteration):
            await waiting


def _payloads() -> list[str]:
    if not SAMPLES:
        return []
    folder = Path(SAMPLES) / "06-security"
    naughty = json.loads((folder / "blns/blns.json").read_text(encoding="utf-8"))
    return [text for text in naughty if text.strip()]


@pytest.mark.skipif(not SAMPLES, reason="AGORA_SAMPLES names no folder of sample data")
class TestHostileText:
    async def test_nothing_runs_and_nothing_breaks(self, browser: AsyncClient, shop: Shop, house: Ports) -> None:
        browser.cookies.update(await cookie(house, await account(house, Role.STORE_MANAGER)))
        mug = await shop.product(stock=10_000)
        for start in range(0, len(_payloads()), 12):
            text = " ".join(_payloads()[start : start + 12])
            order = await shop.order(1, mug, name=text[:150], note=text[:1900])
            for url in (f"/admin/orders/{order.id}", "/admin/orders", "/admin/orders?q=a"):
                page = await browser.get(url)
                assert page.status_code == 200
                assert not re.search(r"<(script|img|svg|iframe)[^>]*(alert|onerror|onload|javascript:)", page.text)
        assert await audited(shop.db) == []
