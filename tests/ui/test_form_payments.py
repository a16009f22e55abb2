"""A form that asks for money as visitors meet it: what is shown, what is wrong, and where it leads."""

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.content.forms.queries import FormView
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor, Role
from tests.factories import people
from tests.factories.forms import Desk
from tests.factories.shop import Shop
from tests.ui.test_forms import Visitor, visitor
from ui.assets import FOLDER

pytestmark = [
    pytest.mark.skipif(not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui"),
    pytest.mark.usefixtures("owner"),
]
__all__ = ["visitor"]
PRICES = [{"amountMinor": 2500}, {"amountMinor": 4000, "label": "Family <b>"}]
FIELDS = [
    {"id": "email", "type": "email", "label": "E-mail", "required": True},
    {"id": "more", "type": "step", "label": "What you pay"},
    {
        "id": "fee",
        "type": "payment",
        "label": "Fee",
        "pays": "choice",
        "prices": PRICES,
        "currency": "USD",
        "required": True,
    },
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def form(shop: Shop) -> FormView:
    await shop.takes_cards()
    return await Desk(shop.house).form(FIELDS, name="Join")


@pytest.mark.usefixtures("form")
async def test_a_page_sent_twice_leads_to_the_same_payment_from_any_step(visitor: Visitor) -> None:
    client = visitor.client
    await visitor.open("/forms/join")
    await visitor.send("next", join__email="ada@example.org")
    assert "Family &lt;b&gt;" in visitor.text
    await visitor.send("back", join__fee__amount="25.00", join__fee__way="card")
    await visitor.send("next")
    sent = {**visitor.held, "go": "send"}
    assert sent["join.fee.amount"] == ["25.00"]
    visitor.clock.move(seconds=20)
    first, again = [await client.post("/forms/join", data=sent) for _ in range(2)]
    assert first.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert first.headers["location"].startswith("/payment/")
    alone = await client.post("/forms/join", data=sent, headers={"HX-Request": "true"})
    assert (alone.status_code, alone.headers["hx-redirect"]) == (204, first.headers["location"])
    assert "location" not in alone.headers


@pytest.mark.usefixtures("form")
async def test_what_is_wrong_with_the_payment_stands_beside_it(visitor: Visitor, shop: Shop) -> None:
    await visitor.open("/forms/join")
    await visitor.send("next", join__email="ada@example.org")
    await visitor.send(join__fee__amount="1.00", join__fee__way="card")
    assert visitor.status == 422
    assert "is not to be paid here any more" in visitor.words
    await visitor.send(join__fee__amount="25.00", join__fee__way="gold")
    assert "Choose how you pay" in visitor.words
    assert 'href="#field-join.fee.way"' in visitor.text
    await shop.set("payments", enabled=False, manualEnabled=False)
    await visitor.send(join__fee__amount="25.00", join__fee__way="card")
    assert "takes no payments" in visitor.words


async def test_only_who_may_see_the_other_is_led_from_entry_to_order_and_back(
    form: FormView, house: Ports, client: AsyncClient
) -> None:
    taken = await Desk(house).send(form, {"email": "ada@example.org", "fee": {"amount": "25.00", "way": "manual"}})
    entry, order = f"/admin/form-entries/{taken.entry_id}", f"/admin/orders/{taken.order_id}"
    for role, at, other, is_led in (
        (Role.EDITOR, entry, order, False),
        (Role.ADMIN, entry, order, True),
        (Role.SUPER_ADMIN, order, entry, True),
        (Role.STORE_MANAGER, order, entry, access.allows(Actor(role=Role.STORE_MANAGER), Permission.MANAGE_FORMS)),
    ):
        client.cookies.update(await people.cookie(house, await people.account(house, role)))
        answer = await client.get(at, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert (f'href="{other}"' in answer.text) is is_led, (role, at)
