"""Carts, checkout and orders as other people's clients meet them."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient, Response

from engine.api.ports import Ports
from engine.core.actor import Role
from engine.core.ids import new_random_id
from tests.audit import audited
from tests.factories.people import account, bearer
from tests.factories.shop import Shop

API = "/api/v1"
pytestmark = pytest.mark.usefixtures("owner")
SAID = {
    "email": "ada@example.org",
    "name": "Ada Lovelace",
    "shippingAddress": {
        "line1": "1600 Amphitheatre Parkway",
        "city": "Mountain View",
        "region": "CA",
        "postalCode": "94043",
        "country": "US",
    },
    "shippingMethod": "flat_rate",
    "paymentMethod": "manual",
}


async def put(client: AsyncClient, product: Any, quantity: int = 1, **headers: str) -> dict[str, Any]:
    sent = {"productId": str(product.id), "quantity": quantity}
    answer = await client.post(f"{API}/cart/items", json=sent, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def check_out(client: AsyncClient, cart_id: str, key: str = "key", **changes: Any) -> Response:
    headers = {"X-Cart-Id": cart_id, "Idempotency-Key": key}
    return await client.post(f"{API}/checkout", json={**SAID, **changes}, headers=headers)


async def ordered(client: AsyncClient, shop: Shop) -> dict[str, Any]:
    cart = await put(client, await shop.product(stock=9))
    order: dict[str, Any] = (await check_out(client, cart["id"], cart["id"])).json()["order"]
    return order


@pytest.fixture
async def manager(house: Ports) -> dict[str, str]:
    return await bearer(house, await account(house, Role.STORE_MANAGER))


class TestCart:
    async def test_has_the_shape_that_clients_know(self, client: AsyncClient, shop: Shop) -> None:
        mug = await shop.product("Blue mug", price="20.00", stock=7)
        cart = await put(client, mug, 2)
        item = cart["items"][0]
        assert set(cart) == {"id", "items", "subtotal", "currency"}
        assert cart["subtotal"] == {"amount": 4000, "currency": "USD"} == item["total"]
        assert set(item) == {"id", "product", "variant", "quantity", "unitPrice", "total"}
        assert (item["product"]["name"], item["product"]["url"]) == ("Blue mug", "/products/blue-mug")
        assert (item["variant"]["stock"], item["quantity"]) == (7, 2)

    async def test_each_call_answers_the_whole_cart(self, client: AsyncClient, shop: Shop) -> None:
        cart = await put(client, await shop.product())
        headers = {"X-Cart-Id": cart["id"]}
        url = f"{API}/cart/items/{cart['items'][0]['id']}"
        changed = await client.patch(url, json={"quantity": 3}, headers=headers)
        assert [item["quantity"] for item in changed.json()["items"]] == [3]
        assert (await client.get(f"{API}/cart", headers=headers)).json() == changed.json()
        removed = await client.delete(url, headers=headers)
        assert (removed.status_code, removed.json()["items"]) == (200, [])
        assert (await client.delete(url, headers=headers)).status_code == 404

    @pytest.mark.parametrize("unknown", ["0e5e6f0c-7a55-4b6e-9a0c-2f7e8d1c9b3a", "nonsense", "' OR 1=1", ""])
    async def test_an_unknown_id_gets_a_fresh_cart_that_stays(self, client: AsyncClient, unknown: str) -> None:
        fresh = (await client.get(f"{API}/cart", headers={"X-Cart-Id": unknown})).json()
        assert fresh["id"] != unknown
        assert (await client.get(f"{API}/cart", headers={"X-Cart-Id": fresh["id"]})).json() == fresh

    @pytest.mark.parametrize("quantity", [0, -1, 1000, 1.5, "x", None])
    async def test_what_is_no_number_of_pieces_is_refused(
        self, client: AsyncClient, shop: Shop, quantity: object
    ) -> None:
        sent = {"productId": str((await shop.product()).id), "quantity": quantity}
        answer = await client.post(f"{API}/cart/items", json=sent)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "quantity")

    async def test_a_product_that_is_not_there_is_404(self, client: AsyncClient) -> None:
        sent = {"productId": str(new_random_id()), "quantity": 1}
        assert (await client.post(f"{API}/cart/items", json=sent)).status_code == 404

    async def test_a_signed_in_person_needs_no_id(self, client: AsyncClient, shop: Shop, house: Ports) -> None:
        mine = await bearer(house, await account(house))
        cart = await put(client, await shop.product(), 1, **mine)
        assert (await client.get(f"{API}/cart", headers=mine)).json() == cart
        assert (await client.get(f"{API}/cart", headers={"X-Cart-Id": cart["id"]})).json()["items"] == []

    async def test_a_guests_cart_comes_along(self, client: AsyncClient, shop: Shop, house: Ports) -> None:
        guest = await put(client, await shop.product(), 2)
        mine = await bearer(house, await account(house))
        found = (await client.get(f"{API}/cart", headers={**mine, "X-Cart-Id": guest["id"]})).json()
        assert [item["quantity"] for item in found["items"]] == [2]
        assert (await client.get(f"{API}/cart", headers=mine)).json()["items"] == found["items"]


class TestCheckout:
    async def test_answers_the_order_and_its_payment(self, client: AsyncClient, shop: Shop) -> None:
        cart = await put(client, await shop.product(price="20.00"))
        answer = await check_out(client, cart["id"])
        assert answer.status_code == 201, answer.text
        order = answer.json()["order"]
        assert answer.json()["payment"] == {"status": "pending", "redirectUrl": None}
        assert (order["number"], order["status"], order["paymentStatus"]) == ("1001", "pending", "pending")
        assert order["total"] == {"amount": 2500, "currency": "USD"}
        assert order["shippingAddress"] == {
            **SAID["shippingAddress"], "name": "Ada Lovelace", "line2": "", "phone": "",  # type: ignore[dict-item]
        }  # fmt: skip
        assert [event["type"] for event in order["events"]] == ["placed"]
        assert order["statusUrl"].startswith(f"/orders/{order['id']}/")
        after = await client.get(f"{API}/cart", headers={"X-Cart-Id": cart["id"]})
        assert (after.json()["id"], after.json()["items"]) == (cart["id"], [])

    async def test_ten_at_once_get_ten_identical_answers(self, client: AsyncClient, shop: Shop) -> None:
        cart = await put(client, await shop.product(stock=7), 2)
        answers = await asyncio.gather(*(check_out(client, cart["id"]) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert await audited(shop.db) == []

    async def test_the_same_key_with_another_body_is_422(self, client: AsyncClient, shop: Shop) -> None:
        cart = await put(client, await shop.product())
        await check_out(client, cart["id"])
        answer = await check_out(client, cart["id"], note="Wrap it")
        assert (answer.status_code, answer.json()["title"]) == (422, "Idempotency key used before")

    async def test_a_key_is_required(self, client: AsyncClient, shop: Shop) -> None:
        cart = await put(client, await shop.product())
        answer = await client.post(f"{API}/checkout", json=SAID, headers={"X-Cart-Id": cart["id"]})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")

    async def test_409_names_what_is_short(self, client: AsyncClient, shop: Shop) -> None:
        cart = await put(client, await shop.product("Blue mug", stock=2), 5)
        answer = await check_out(client, cart["id"])
        assert answer.status_code == 409
        assert answer.json()["detail"] == "Only 2 of “Blue mug” are left; you asked for 5."
        short = answer.json()["errors"][0]
        assert (short["product"], short["wanted"], short["left"]) == ("Blue mug", 5, 2)

    async def test_an_empty_cart_is_409(self, client: AsyncClient) -> None:
        assert (await check_out(client, str(new_random_id()))).status_code == 409

    async def test_names_each_field_that_is_wrong(self, client: AsyncClient, shop: Shop) -> None:
        cart = await put(client, await shop.product())
        address = {**SAID["shippingAddress"], "postalCode": "1"}  # type: ignore[dict-item]
        answer = await check_out(client, cart["id"], email="nobody", shippingAddress=address)
        assert answer.status_code == 422
        assert {error["field"] for error in answer.json()["errors"]} == {"email", "shippingAddress.postalCode"}

    @pytest.mark.parametrize("price", ["total", "status", "userId"])
    async def test_a_buyer_cannot_set_what_is_not_theirs(self, client: AsyncClient, shop: Shop, price: str) -> None:
        cart = await put(client, await shop.product())
        answer = await check_out(client, cart["id"], **{price: "1"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, price)

    @pytest.mark.parametrize("raw", [b'"\\ud800"', b'"\\u0000x"', b'"a\\r\\nBcc: x"', '"\u202eevil"'.encode()])
    async def test_hostile_text_never_breaks_it(self, client: AsyncClient, shop: Shop, raw: bytes) -> None:
        cart = await put(client, await shop.product())
        body = b'{"email": "a@example.org", "name": ' + raw + b', "shippingMethod": "flat_rate", "paymentMethod": '
        body += b'"manual", "note": ' + raw + b', "shippingAddress": {"name": ' + raw
        body += b', "line1": "1", "city": "B", "postalCode": "10115", "country": "DE"}}'
        headers = {"X-Cart-Id": cart["id"], "Idempotency-Key": "k", "Content-Type": "application/json"}
        answer = await client.post(f"{API}/checkout", content=body, headers=headers)
        assert answer.status_code in (201, 422), answer.text


class TestOrders:
    async def test_customers_see_only_their_own(self, client: AsyncClient, shop: Shop, house: Ports) -> None:
        guest = await ordered(client, shop)
        ada = await account(house, email="ada@example.org")
        mine = await shop.order(actor=ada)
        headers = await bearer(house, ada)
        listed = (await client.get(f"{API}/orders", headers=headers)).json()
        assert ([order["id"] for order in listed["items"]], listed["total"]) == ([str(mine.id)], 1)
        assert (await client.get(f"{API}/orders/{mine.id}", headers=headers)).status_code == 200
        assert (await client.get(f"{API}/orders/{guest['id']}", headers=headers)).status_code == 404
        assert (await client.get(f"{API}/orders/{guest['id']}")).status_code == 401
        assert (await client.get(f"{API}/orders")).status_code == 401

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
    async def test_staff_below_store_manager_see_only_their_own(
        self, client: AsyncClient, shop: Shop, house: Ports, role: Role
    ) -> None:
        await ordered(client, shop)
        headers = await bearer(house, await account(house, role))
        assert (await client.get(f"{API}/orders", headers=headers)).json()["items"] == []

    async def test_managers_see_all_and_find_by_state(
        self, client: AsyncClient, shop: Shop, manager: dict[str, str]
    ) -> None:
        first, second = await ordered(client, shop), await ordered(client, shop)
        listed = (await client.get(f"{API}/orders?limit=1", headers=manager)).json()
        assert [order["id"] for order in listed["items"]] == [second["id"]]
        assert (listed["total"], listed["page"], listed["limit"]) == (2, 1, 1)
        step = {"to": "cancelled"}
        await client.post(f"{API}/orders/{first['id']}/transitions", json=step, headers=manager)
        found = (await client.get(f"{API}/orders?status=cancelled", headers=manager)).json()
        assert [order["id"] for order in found["items"]] == [first["id"]]

    async def test_an_order_is_paid_and_shipped(self, client: AsyncClient, shop: Shop, manager: dict[str, str]) -> None:
        order = await ordered(client, shop)
        url, first = f"{API}/orders/{order['id']}/payments", {**manager, "Idempotency-Key": "k1"}
        assert (await client.post(url, json={}, headers=manager)).status_code == 422
        paid = await client.post(url, json={}, headers=first)
        assert (paid.json()["status"], paid.json()["paymentStatus"]) == ("confirmed", "paid")
        assert (await client.post(url, json={}, headers=first)).json() == paid.json()
        again = await client.post(url, json={}, headers={**manager, "Idempotency-Key": "k2"})
        assert again.status_code == 409
        step = {"to": "shipped", "note": "Parcel 42"}
        shipped = await client.post(f"{API}/orders/{order['id']}/transitions", json=step, headers=manager)
        assert [(event["status"], event["note"]) for event in shipped.json()["events"]][-1] == ("shipped", "Parcel 42")
        back = await client.post(f"{API}/orders/{order['id']}/transitions", json={"to": "pending"}, headers=manager)
        assert back.status_code == 409
        assert "cannot become pending" in back.json()["detail"]

    async def test_buyers_read_no_notes_and_no_names_of_staff(
        self, client: AsyncClient, shop: Shop, house: Ports, manager: dict[str, str]
    ) -> None:
        ada = await account(house, email="ada@example.org")
        order = await shop.order(actor=ada)
        paid = {"note": "Paid late again"}
        seen = await client.post(
            f"{API}/orders/{order.id}/payments", json=paid, headers={**manager, "Idempotency-Key": "k"}
        )
        assert "Paid late again" in seen.text
        read = await client.get(f"{API}/orders/{order.id}", headers=await bearer(house, ada))
        assert [event["type"] for event in read.json()["events"]] == ["placed", "payment", "step"]
        assert "Paid late again" not in read.text
        assert {event["actor"] for event in read.json()["events"]} == {None}

    @pytest.mark.parametrize("to", ["confirmed", "processing", "shipped", "refunded"])
    async def test_customers_take_no_step_of_the_shop(
        self, client: AsyncClient, shop: Shop, house: Ports, to: str
    ) -> None:
        ada = await account(house, email="ada@example.org")
        order, headers = await shop.order(actor=ada), await bearer(house, ada)
        answer = await client.post(f"{API}/orders/{order.id}/transitions", json={"to": to}, headers=headers)
        assert answer.status_code == (403 if to == "confirmed" else 409)
        assert (await client.post(f"{API}/orders/{order.id}/payments", headers=headers)).status_code == 403

    async def test_an_unknown_state_is_422(self, client: AsyncClient, shop: Shop, manager: dict[str, str]) -> None:
        order = await ordered(client, shop)
        answer = await client.post(f"{API}/orders/{order['id']}/transitions", json={"to": "lost"}, headers=manager)
        assert answer.status_code == 422
