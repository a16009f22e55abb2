"""Paying, returning and webhooks as other people's clients and providers meet them."""

from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from adapters.payments.stub import StubGateway
from engine.api.ports import Ports
from engine.commerce.ports import TEST, Answer, Intent, IntentState, Timing
from engine.core import signatures
from engine.core.actor import Role
from engine.core.money import Money
from tests.api.test_ordering import check_out, put
from tests.audit import audited
from tests.clock import TestClock
from tests.factories.people import account, bearer
from tests.factories.shop import Shop

API = "/api/v1"
WEBHOOKS = f"{API}/webhooks/payments/test"
pytestmark = pytest.mark.usefixtures("owner")


@pytest.fixture
async def manager(house: Ports) -> dict[str, str]:
    return await bearer(house, await account(house, Role.STORE_MANAGER))


@pytest.fixture
def gateway(house: Ports) -> StubGateway:
    found = house.till.provider(TEST)
    assert isinstance(found, StubGateway)
    return found


async def ordered(client: AsyncClient, shop: Shop) -> dict[str, Any]:
    """Return what the checkout answers to an order that is to be paid by card."""
    await shop.takes_cards()
    cart = await put(client, await shop.product(stock=9))
    answer = await check_out(client, cart["id"], cart["id"], paymentMethod="card")
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def intent_id_of(url: str) -> str:
    return url.rpartition("/")[2]


async def tell(client: AsyncClient, gateway: StubGateway, intent: Intent, event: str = "evt_1") -> Any:
    body = gateway.body(intent, event)
    header = signatures.sign(gateway.secret, body, gateway.db.clock.now())
    return await client.post(WEBHOOKS, content=body, headers={"Stripe-Signature": header})


class TestCheckout:
    async def test_leads_to_the_payment_page_and_a_repeat_to_the_same(self, client: AsyncClient, shop: Shop) -> None:
        await shop.takes_cards()
        cart = await put(client, await shop.product(stock=9))
        answers = [await check_out(client, cart["id"], "k", paymentMethod="card") for _ in range(2)]
        found = [answer.json()["payment"] for answer in answers]
        assert found[0] == found[1]
        assert found[0]["status"] == "pending"
        assert (await client.get(found[0]["redirectUrl"])).status_code == 200
        assert answers[0].json()["order"]["paymentDueAt"] == "2026-06-01T12:10:00Z"

    async def test_cards_are_no_way_to_pay_until_they_are_taken(self, client: AsyncClient, shop: Shop) -> None:
        cart = await put(client, await shop.product(stock=9))
        answer = await check_out(client, cart["id"], "k", paymentMethod="card")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "paymentMethod"


class TestAttempts:
    async def test_need_the_orders_signature_or_its_owner(
        self, client: AsyncClient, shop: Shop, house: Ports, manager: dict[str, str]
    ) -> None:
        order = (await ordered(client, shop))["order"]
        url, key = f"{API}/orders/{order['id']}/payment-attempts", {"Idempotency-Key": "k"}
        assert (await client.post(url, headers=key)).status_code == 401
        assert (await client.post(url, headers=key, json={"signature": "x"})).status_code == 401
        other = await bearer(house, await account(house, email="eve@example.org"))
        assert (await client.post(url, headers={**key, **other})).status_code == 404
        signature = {"signature": order["statusUrl"].rpartition("/")[2]}
        assert (await client.post(url, json=signature)).status_code == 422
        begun = await client.post(url, headers=key, json=signature)
        assert (begun.status_code, begun.json()["status"]) == (201, "open")
        assert (await client.post(url, headers=key, json=signature)).json() == begun.json()
        assert (await client.post(url, headers={**key, **manager})).json() == begun.json()

    async def test_try_again_is_a_new_one_with_a_new_key(
        self, client: AsyncClient, shop: Shop, house: Ports, manager: dict[str, str]
    ) -> None:
        placed = await ordered(client, shop)
        url = f"{API}/orders/{placed['order']['id']}/payment-attempts"
        first = await client.post(url, headers={**manager, "Idempotency-Key": "a"})
        await house.trial_gateway.answer(intent_id_of(first.json()["redirectUrl"]), Answer.DECLINE, Timing.AT_ONCE)
        await house.jobs.run_until_idle()
        again = await client.post(url, headers={**manager, "Idempotency-Key": "a"})
        assert (again.json()["status"], again.json()["failure"], again.json()["redirectUrl"]) == (
            "failed",
            "declined",
            None,
        )
        second = await client.post(url, headers={**manager, "Idempotency-Key": "b"})
        assert second.json()["id"] != first.json()["id"]
        assert second.json()["redirectUrl"] != first.json()["redirectUrl"]

    async def test_are_refused_for_what_is_paid(self, client: AsyncClient, shop: Shop, manager: dict[str, str]) -> None:
        order = await shop.pay_by_card(await shop.card_order())
        url = f"{API}/orders/{order.id}/payment-attempts"
        answer = await client.post(url, headers={**manager, "Idempotency-Key": "a"})
        assert (answer.status_code, "paid already" in answer.json()["detail"]) == (409, True)


class TestWebhooks:
    async def test_a_signed_success_confirms_once(self, client: AsyncClient, shop: Shop, gateway: StubGateway) -> None:
        placed = await ordered(client, shop)
        intent_id = intent_id_of(placed["payment"]["redirectUrl"])
        await gateway.answer(intent_id, Answer.PAY, Timing.UNTOLD)
        intent = await gateway.find(intent_id)
        answers = [await tell(client, gateway, intent) for _ in range(3)]
        assert [(a.status_code, a.json()["isNew"]) for a in answers] == [(200, True), (200, False), (200, False)]
        assert (await shop.see_order(UUID(placed["order"]["id"]))).status == "confirmed"
        assert await audited(shop.db) == []

    async def test_forged_old_and_torn_ones_are_refused_and_leave_nothing(
        self, client: AsyncClient, shop: Shop, gateway: StubGateway, clock: TestClock
    ) -> None:
        placed = await ordered(client, shop)
        intent = await gateway.find(intent_id_of(placed["payment"]["redirectUrl"]))
        paid = Intent(intent.id, intent.reference, IntentState.SUCCEEDED, intent.amount)
        body = gateway.body(paid, "evt_1")
        good = signatures.sign(gateway.secret, body, clock.now())
        sent = [(body, ""), (body, good.replace("v1=", "v1=0")), (body + b" ", good), (b"", good), (body, "t=x,v1=é")]
        for content, header in sent:
            answer = await client.post(WEBHOOKS, content=content, headers={"Stripe-Signature": header.encode()})
            assert answer.status_code == 422, answer.text
        clock.move(minutes=6)
        assert (await client.post(WEBHOOKS, content=body, headers={"Stripe-Signature": good})).status_code == 422
        assert (await shop.see_order(UUID(placed["order"]["id"]))).status == "pending"

    async def test_what_is_about_nothing_here_is_taken_so_that_it_is_not_sent_again(
        self, client: AsyncClient, gateway: StubGateway
    ) -> None:
        answer = await tell(client, gateway, Intent("pi_x", None, IntentState.SUCCEEDED, Money(1, "USD")))
        assert answer.status_code == 200

    async def test_another_provider_is_not_known(self, client: AsyncClient) -> None:
        assert (await client.post(f"{API}/webhooks/payments/stripe", content=b"{}")).status_code == 404


class TestRefunds:
    async def test_what_is_owed_goes_back_once(
        self, client: AsyncClient, shop: Shop, house: Ports, manager: dict[str, str]
    ) -> None:
        order = await shop.pay_by_card(await shop.card_order())
        url = f"{API}/orders/{order.id}"
        key = {**manager, "Idempotency-Key": "k"}
        assert (await client.post(f"{url}/refunds", headers=key)).status_code == 409
        await client.post(f"{url}/transitions", json={"to": "cancelled"}, headers=manager)
        assert (await client.post(f"{url}/refunds", headers=manager)).status_code == 422
        answers = [await client.post(f"{url}/refunds", headers=key) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        refund = answers[1].json()["refunds"][0]
        assert (refund["status"], refund["reason"], refund["amount"]["amount"]) == ("done", "cancelled", 2500)
        assert (await client.get(url, headers=manager)).json()["status"] == "refunded"
        mark = await client.post(f"{url}/refunds/{refund['id']}/marks", headers=manager)
        assert mark.status_code == 409
        seen = (await client.get(f"{url}/payments", headers=manager)).json()
        assert (len(seen["attempts"]), len(seen["payments"]), len(seen["refunds"])) == (1, 1, 1)
        await house.jobs.run_until_idle()
        assert await audited(shop.db) == []

    async def test_staff_mark_what_they_sent_themselves(
        self, client: AsyncClient, shop: Shop, manager: dict[str, str]
    ) -> None:
        order = await shop.pay(await shop.order())
        url = f"{API}/orders/{order.id}"
        await client.post(f"{url}/transitions", json={"to": "cancelled"}, headers=manager)
        refund = (await client.get(f"{url}/payments", headers=manager)).json()["refunds"][0]
        other = await shop.order()
        wrong = f"{API}/orders/{other.id}/refunds/{refund['id']}/marks"
        assert (await client.post(wrong, headers=manager)).status_code == 404
        marked = await client.post(f"{url}/refunds/{refund['id']}/marks", json={"note": "By bank"}, headers=manager)
        assert (marked.json()["status"], marked.json()["paymentStatus"]) == ("refunded", "refunded")
        assert await audited(shop.db) == []

    @pytest.mark.parametrize("role", [Role.CUSTOMER, Role.VIEWER, Role.EDITOR])
    async def test_are_closed_below_store_manager(
        self, client: AsyncClient, shop: Shop, house: Ports, role: Role
    ) -> None:
        order = await shop.pay_by_card(await shop.card_order())
        headers = {**await bearer(house, await account(house, role)), "Idempotency-Key": "k"}
        url = f"{API}/orders/{order.id}"
        assert (await client.get(f"{url}/payments", headers=headers)).status_code == 403
        for path in ("refunds", f"refunds/{order.id}/marks"):
            assert (await client.post(f"{url}/{path}", headers=headers)).status_code == 403
