"""Paying by card through the pages, as a browser without scripts does."""

import re

import pytest
from httpx import AsyncClient, Response

from engine.api.ports import Ports
from engine.commerce.ordering import payment_flows
from engine.commerce.ordering.letters import status_url
from engine.commerce.ordering.states import OrderStatus
from engine.commerce.ordering.views import OrderView
from engine.core.actor import Role
from tests.audit import audited
from tests.clock import TestClock
from tests.factories.people import account, cookie
from tests.factories.shop import Shop
from tests.ui.test_buying import check_out, put

pytestmark = pytest.mark.usefixtures("owner")


@pytest.fixture
async def browser(client: AsyncClient) -> AsyncClient:
    """A browser on this machine: it sends where its forms come from, and asks for pages."""
    client.headers.update({"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
    return client


async def at_the_payment_page(browser: AsyncClient, shop: Shop) -> str:
    """Order a mug by card; return the address of the payment page."""
    await shop.takes_cards()
    await put(browser, await shop.product("Blue mug", price="20.00", stock=7), 2)
    answer = await check_out(browser, paymentMethod="card")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def said(browser: AsyncClient, page: str, **answers: str) -> Response:
    """Answer for the bank, and follow back to the shop."""
    return await browser.post(page, data=answers, follow_redirects=True)


async def followed(browser: AsyncClient, url: str) -> Response:
    return await browser.get(url, follow_redirects=True)


class TestPay:
    async def test_the_whole_way_works_without_scripts(self, browser: AsyncClient, shop: Shop, house: Ports) -> None:
        page = await at_the_payment_page(browser, shop)
        shown = await browser.get(page)
        for words in ("Pay $45.00", "Order 1001", "No money moves"):
            assert words in shown.text
        assert shown.headers["cache-control"] == "private, no-store"
        thanks = await said(browser, page, answer="pay")
        for words in ("Your order is in", "1001", "Paid"):
            assert words in thanks.text
        assert "This is paid" in (await browser.get(page)).text
        await house.jobs.run_until_idle()
        assert await audited(shop.db) == []

    async def test_the_choice_is_shown_and_manual_stays(self, browser: AsyncClient, shop: Shop) -> None:
        await shop.takes_cards()
        await put(browser, await shop.product())
        form = await browser.get("/checkout")
        assert re.findall(r'name="paymentMethod" value="(\w+)"', form.text) == ["card", "manual"]
        answer = await check_out(browser, paymentMethod="manual")
        assert "/checkout/confirmation/" in answer.headers["location"]

    async def test_no_way_to_pay_is_said_before_anything_is_typed(self, browser: AsyncClient, shop: Shop) -> None:
        await shop.set("payments", manualEnabled=False)
        await put(browser, await shop.product())
        assert "takes no payments at the moment" in (await browser.get("/checkout")).text

    async def test_a_refusal_says_why_and_offers_another_try(
        self, browser: AsyncClient, shop: Shop, house: Ports
    ) -> None:
        page = await at_the_payment_page(browser, shop)
        back = await said(browser, page, answer="insufficient_funds")
        for words in (
            "The payment did not go through. We keep everything for you while you try again.",
            "not enough money on the card",
            "Try again",
            "We keep your order",
        ):
            assert words in back.text
        again = re.findall(r'action="(/orders/[^"]+/payments)"', back.text)[0]
        second = (await browser.post(again)).headers["location"]
        assert second != page
        assert "Your order is in" in (await said(browser, second, answer="pay")).text
        await house.jobs.run_until_idle()
        assert await audited(shop.db) == []

    async def test_an_approval_is_asked_for_and_given_or_refused(self, browser: AsyncClient, shop: Shop) -> None:
        page = await at_the_payment_page(browser, shop)
        asked = await browser.post(page, data={"answer": "ask", "timing": "twice"})
        assert "wants your approval" in asked.text
        assert 'name="timing" value="twice"' in asked.text
        refused = await said(browser, page, answer="authentication_failed")
        assert "not approved by the card" in refused.text

    async def test_a_slow_bank_is_waited_for(
        self, browser: AsyncClient, shop: Shop, house: Ports, clock: TestClock
    ) -> None:
        page = await at_the_payment_page(browser, shop)
        waiting = await said(browser, page, answer="pay", timing="late")
        assert "We wait for your bank" in waiting.text
        assert 'hx-trigger="every 5s"' in waiting.text
        look = re.findall(r'href="(/orders/[^"]+/payments/return)"', waiting.text)[0]
        assert "We wait for your bank" in (await followed(browser, look)).text
        clock.move(minutes=2)
        await house.jobs.run_until_idle()
        assert "Your order is in" in (await followed(browser, look)).text

    async def test_who_turns_back_can_go_on(self, browser: AsyncClient, shop: Shop) -> None:
        page = await at_the_payment_page(browser, shop)
        back = await said(browser, page, answer="cancel")
        assert "Pay now" in back.text
        go_on = re.findall(r'action="(/orders/[^"]+/payments)"', back.text)[0]
        assert (await browser.post(go_on)).headers["location"] == page

    async def test_too_late_is_told(self, browser: AsyncClient, shop: Shop, house: Ports, clock: TestClock) -> None:
        page = await at_the_payment_page(browser, shop)
        back = await said(browser, page, answer="cancel")
        go_on = re.findall(r'action="(/orders/[^"]+/payments)"', back.text)[0]
        clock.move(minutes=10)
        await payment_flows.expire(house.till)
        late = await browser.post(go_on, follow_redirects=True)
        for words in ("Not paid in time", "Nothing was charged", "is over. Order again"):
            assert words in late.text
        assert "takes no payment here any more" in (await browser.get(page)).text

    @pytest.mark.parametrize("sent", [{}, {"answer": "x"}, {"answer": "pay", "timing": "?"}, {"answer": "a" * 999}])
    async def test_nonsense_is_no_answer(self, browser: AsyncClient, shop: Shop, sent: dict[str, str]) -> None:
        page = await at_the_payment_page(browser, shop)
        assert (await browser.post(page, data=sent)).status_code == 303
        assert (await browser.post("/payment/pi_none", data=sent)).status_code == 404

    async def test_needs_the_orders_own_link(self, browser: AsyncClient, shop: Shop, house: Ports) -> None:
        one, two = await shop.card_order(), await shop.card_order()
        link = status_url(one, house.secrets).replace(str(one.id), str(two.id))
        assert (await browser.post(f"{link}/payments")).status_code == 404
        assert (await browser.get(f"{link}/payments/return")).status_code == 404

    async def test_an_account_pays_from_its_own_page(self, browser: AsyncClient, shop: Shop, house: Ports) -> None:
        ada = await account(house, email="ada@example.org")
        await shop.takes_cards()
        order = await shop.order(actor=ada, payment_method="card")
        browser.cookies.update(await cookie(house, ada))
        page = await browser.get(f"/account/orders/{order.id}")
        pay = re.findall(r'action="(/orders/[^"]+/payments)"', page.text)[0]
        assert (await browser.post(pay)).headers["location"].startswith("/payment/")


class TestAdmin:
    @pytest.fixture
    async def desk(self, browser: AsyncClient, house: Ports) -> AsyncClient:
        browser.cookies.update(await cookie(house, await account(house, Role.STORE_MANAGER, name="Mara")))
        return browser

    async def cancelled(self, shop: Shop) -> OrderView:
        return await shop.step(await shop.pay_by_card(await shop.card_order()), OrderStatus.CANCELLED)

    async def test_shows_what_was_tried_and_refunds_at_a_click(
        self, desk: AsyncClient, shop: Shop, house: Ports
    ) -> None:
        order = await self.cancelled(shop)
        url = f"/admin/orders/{order.id}"
        page = await desk.get(url)
        for words in ("$25.00 has to go back", "The order was cancelled.", "Attempts to pay", "Test gateway"):
            assert words in page.text
        assert "1 order needs a refund" in (await desk.get("/admin")).text
        key = re.findall(r'name="key" value="([^"]+)"', page.text)[0]
        for _ in range(2):
            assert (await desk.post(f"{url}/refunds", data={"key": key})).status_code == 303
        assert "has to go back" not in (await desk.get(url)).text
        assert "needs a refund" not in (await desk.get("/admin")).text
        await house.jobs.run_until_idle()
        assert await audited(shop.db) == []

    async def test_marks_what_was_sent_by_hand(self, desk: AsyncClient, shop: Shop) -> None:
        order = await shop.step(await shop.pay(await shop.order()), OrderStatus.CANCELLED)
        url = f"/admin/orders/{order.id}"
        page = (await desk.get(url)).text
        assert f'action="{url}/refunds"' not in page
        mark = re.findall(rf'action="({url}/refunds/[^"]+/marks)"', page)[0]
        await desk.post(mark, data={"note": "By bank"})
        assert (await shop.see_order(order.id)).status == "refunded"
        assert await audited(shop.db) == []

    @pytest.mark.parametrize("role", [Role.CUSTOMER, Role.VIEWER, Role.EDITOR])
    async def test_is_closed_below_store_manager(
        self, browser: AsyncClient, shop: Shop, house: Ports, role: Role
    ) -> None:
        order = await self.cancelled(shop)
        browser.cookies.update(await cookie(house, await account(house, role)))
        for path in ("refunds", f"refunds/{order.id}/marks"):
            assert (await browser.post(f"/admin/orders/{order.id}/{path}", data={"key": "k"})).status_code == 403
        assert (await shop.see_order(order.id)).payment_status == "refund_needed"
