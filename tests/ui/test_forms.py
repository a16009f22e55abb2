"""A form as visitors meet it: step by step, without scripts, and what stays when something is wrong."""

import re
from html import unescape
from typing import Any

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.content.forms import queries
from engine.content.forms.models import EntryStatus
from engine.content.forms.queries import EntryFilter
from engine.core.actor import Actor, Role
from engine.core.paging import PageRequest
from engine.core.plaintext import is_blank
from tests.clock import TestClock
from tests.factories import people
from tests.factories.files import pdf
from tests.factories.forms import STAFF, Desk
from tests.factories.pages import Site, block
from tests.security.pages import Page, problems_of
from tests.security.values import TEXTS
from ui.assets import FOLDER

pytestmark = pytest.mark.skipif(
    not (FOLDER / "manifest.json").exists(), reason="the UI bundle is not built: run make ui"
)
INPUT = re.compile(r"<input\b([^>]*)>")
AREA = re.compile(r"<textarea\b([^>]*)>(.*?)</textarea>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages know no database."""
    return sqlite_url


@pytest.fixture
def desk(house: Ports, owner: Actor) -> Desk:
    assert owner.is_staff
    return Desk(house)


class Visitor:
    """A browser without scripts: what the page holds is sent back with what is typed."""

    def __init__(self, client: AsyncClient, clock: TestClock) -> None:
        self.client, self.clock = client, clock
        self.client.headers.update({"accept": "text/html"})
        self.text, self.path, self.status = "", "", 0

    async def open(self, path: str) -> "Visitor":
        answer = await self.client.get(path)
        self.path, self.text, self.status = path.partition("?")[0], answer.text, answer.status_code
        assert problems_of(self.text) == []
        return self

    @property
    def held(self) -> dict[str, Any]:
        """What a browser would send of what the page holds itself."""
        found: dict[str, Any] = {}
        for tag in INPUT.findall(self.text):
            values = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
            is_on = values.get("type") not in ("radio", "checkbox", "file", "search") or " checked" in tag
            if "name" in values and is_on and values.get("type") != "file":
                found.setdefault(values["name"], []).append(values.get("value", ""))
        for attributes, text in AREA.findall(self.text):
            name = dict(ATTRIBUTE.findall(attributes)).get("name", "")
            found.setdefault(name, []).append(unescape(text).removeprefix("\n"))
        return found

    async def send(self, go: str = "send", *, files: Any = None, **typed: Any) -> "Visitor":
        self.clock.move(seconds=20)
        data = {**self.held, "go": go, **{name.replace("__", "."): value for name, value in typed.items()}}
        answer = await self.client.post(self.path, data=data, files=files)
        if answer.status_code == 303:
            answer = await self.client.get(answer.headers["location"])
        self.text, self.status = answer.text, answer.status_code
        assert problems_of(self.text) == []
        return self

    @property
    def words(self) -> str:
        return " ".join(Page(self.text).text.split())


@pytest.fixture
def visitor(client: AsyncClient, clock: TestClock) -> Visitor:
    return Visitor(client, clock)


async def entries(house: Ports, form, status: EntryStatus | None = None) -> list[Any]:
    found = await house.db.query(queries.entries, STAFF, form.id, EntryFilter(status=status), PageRequest())
    return list(found.items)


class TestOneStep:
    async def test_it_is_sent_and_thanked_for(self, house, desk, visitor):
        form = await desk.starter("contact")
        await visitor.open("/forms/contact")
        await visitor.send(
            contact__name="Ada", contact__email="ada@example.org", contact__message="A long enough question",
            contact__consent="true",
        )  # fmt: skip
        assert "Thank you. We read every message" in visitor.words
        (entry,) = await entries(house, form)
        assert entry.answers["consent"] is True
        assert entry.page == "/forms/contact"

    async def test_what_is_wrong_stands_beside_it_and_what_was_typed_stays(self, desk, visitor):
        await desk.starter("contact")
        await visitor.open("/forms/contact")
        await visitor.send(contact__name="Ada <b>", contact__email="nonsense", contact__message="short")
        assert visitor.status == 422
        assert visitor.held["contact.name"] == ["Ada <b>"]
        assert 'href="#field-contact.email"' in visitor.text
        assert "E-mail: “nonsense” is not an e-mail address" in visitor.words
        assert "Tick this to go on." in visitor.words

    async def test_its_address_fills_in_what_it_names(self, desk, visitor):
        await desk.starter("contact")
        await visitor.open("/forms/contact?name=Ada&topic=An order&consent=true")
        assert "contact.consent" not in visitor.held
        assert visitor.held["contact.name"] == ["Ada"]
        assert re.search(r'<option value="An order" selected>', visitor.text)

    async def test_a_page_without_a_ticket_asks_for_a_last_look(self, house, desk, visitor):
        form = await desk.form()
        await visitor.open("/forms/contact")
        visitor.text = ""
        await visitor.send(contact__name="Ada", contact__email="ada@example.org")
        assert "Have a last look" in visitor.words
        assert await entries(house, form) == []
        await visitor.send()
        assert len(await entries(house, form)) == 1

    async def test_the_same_page_sent_twice_is_one_entry_and_with_other_words_asks(self, house, desk, visitor):
        form = await desk.form()
        await visitor.open("/forms/contact")
        opened = visitor.text
        for _time in range(2):
            visitor.text = opened
            await visitor.send(contact__name="Ada", contact__email="ada@example.org")
        assert len(await entries(house, form)) == 1
        visitor.text = opened
        await visitor.send(contact__name="Bob", contact__email="bob@example.org")
        assert "You sent this before" in visitor.words
        await visitor.send()
        assert len(await entries(house, form)) == 2

    async def test_a_machine_that_fills_everything_is_thanked_and_kept_apart(self, house, desk, visitor):
        form = await desk.form()
        await visitor.open("/forms/contact")
        await visitor.send(contact__name="Ada", contact__email="ada@example.org", homepage="http://spam")
        assert "Thank you" in visitor.words
        assert await entries(house, form) == []
        assert len(await entries(house, form, EntryStatus.SPAM)) == 1

    async def test_a_closed_form_says_so_and_takes_nothing(self, house, desk, visitor):
        form = await desk.form(closed_text="Back in May.")
        await visitor.open("/forms/contact")
        await desk.change(form, is_open=False)
        await visitor.send(contact__name="Ada", contact__email="ada@example.org")
        assert "Back in May." in visitor.words
        assert await entries(house, form) == []

    async def test_it_leads_on_to_a_page_of_this_site_and_to_others_by_a_link(self, desk, client, visitor):
        form = await desk.form(after="page", confirmation_url="/products")
        await visitor.open("/forms/contact")
        sent = {**visitor.held, "contact.name": "Ada", "contact.email": "ada@example.org"}
        assert (await client.post("/forms/contact", data=sent)).headers["location"] == "/products"
        await desk.change(form, confirmation_url="https://elsewhere.example/thanks")
        await visitor.open("/forms/contact/thanks")
        assert 'href="https://elsewhere.example/thanks"' in visitor.text

    @pytest.mark.parametrize("text", [text for text in TEXTS if not is_blank(text)])
    async def test_nothing_typed_runs_anywhere(self, desk, visitor, text):
        await desk.form(name=text, fields=[{"id": "a", "type": "email", "label": text, "help": text}])
        form = (await desk.house.db.query(queries.forms, STAFF))[0]
        await visitor.open(f"/forms/{form.slug}")
        await visitor.send(**{f"{form.slug}__a": text})

    async def test_another_country_asks_for_other_parts_and_keeps_the_rest(self, house, desk, visitor):
        form = await desk.form([{"id": "name", "type": "text", "label": "Name"},
                                {"id": "home", "type": "address", "label": "Home", "required": True}])  # fmt: skip
        await visitor.open("/forms/contact")
        parts = {"contact__home__country": "BE", "contact__home__line1": "Korenmarkt 1"}
        await visitor.send("stay", contact__name="Ada", **parts)
        assert 'placeholder="4000"' in visitor.text
        assert visitor.held["contact.name"] == ["Ada"]
        await visitor.send(**parts)
        assert visitor.status == 422
        assert 'href="#field-contact.home.city"' in visitor.text
        await visitor.send(**parts, contact__home__postalCode="9000", contact__home__city="Ghent")
        assert (await entries(house, form))[0].answers["home"]["city"] == "Ghent"

    async def test_htmx_gets_the_form_alone(self, desk, client):
        await desk.form()
        answer = await client.post("/forms/contact", data={"go": "send"}, headers={"HX-Request": "true"})
        assert "<html" not in answer.text
        assert 'id="form-contact"' in answer.text
        assert answer.headers["cache-control"] == "private, no-store"


class TestSteps:
    async def test_it_goes_on_and_back_and_keeps_what_was_typed(self, house, desk, visitor):
        form = await desk.starter("registration")
        await visitor.open("/forms/registration")
        await visitor.send("next", registration__name="Ada")
        assert visitor.status == 422
        await visitor.send("next", registration__name="Ada", registration__email="ada@example.org")
        assert "How many come?" in visitor.words
        await visitor.send("back", registration__guests="99", registration__food=["Vegan", "Something else"])
        assert visitor.held["registration.name"] == ["Ada"]
        await visitor.send("next")
        assert visitor.held["registration.food"] == ["Vegan", "Something else"]
        await visitor.send(registration__consent="true")
        assert "at most 20" in visitor.words
        await visitor.send(registration__consent="true", registration__guests="2")
        (entry,) = await entries(house, form)
        assert entry.answers["food"] == ["Vegan", "Something else"]

    async def test_a_step_that_does_not_apply_is_left_out_and_wrong_earlier_answers_lead_back(
        self, house, desk, visitor
    ):
        form = await desk.form([
            {"id": "kind", "type": "choice", "label": "Kind", "options": ["a", "b"], "required": True},
            {"id": "s", "type": "step", "label": "Only b",
             "show": {"conditions": [{"field": "kind", "is": "is", "value": "b"}]}},
            {"id": "more", "type": "text", "label": "More", "required": True},
            {"id": "t", "type": "step", "label": "Last"},
            {"id": "end", "type": "text", "label": "End"},
        ])  # fmt: skip
        await visitor.open("/forms/contact")
        await visitor.send("next", contact__kind="a")
        assert "End" in visitor.words
        await visitor.send(contact__kind="nonsense")
        assert (visitor.status, visitor.held["step"]) == (422, ["0"])
        await visitor.send("next", contact__kind="b")
        assert "More" in visitor.words
        await visitor.send("send")
        assert visitor.status == 422
        await visitor.send("next", contact__more="x")
        await visitor.send(contact__end="y")
        assert (await entries(house, form))[0].answers == {"kind": "b", "more": "x", "end": "y"}

    @pytest.mark.parametrize("step", ["-1", "99", "x", "", "1" * 5000])
    async def test_a_step_that_there_is_not_is_the_first(self, desk, client, step):
        await desk.starter("registration")
        answer = await client.post("/forms/registration", data={"step": step, "go": "next"})
        assert answer.status_code == 422


class TestFiles:
    FIELDS = ({"id": "cv", "type": "file", "label": "CV", "required": True, "takes": ["document"]},
              {"id": "name", "type": "text", "label": "Name", "required": True})  # fmt: skip

    async def test_a_chosen_file_stays_while_something_else_is_wrong_and_staff_can_save_it(
        self, house, desk, visitor, client, owner
    ):
        form = await desk.form(self.FIELDS)
        await visitor.open("/forms/contact")
        await visitor.send(files={"contact.cv": ("<b>.pdf", pdf(), "text/html")})
        assert visitor.status == 422
        assert "&lt;b&gt;.pdf" in visitor.text
        await visitor.send(contact__name="Ada")
        (entry,) = await entries(house, form)
        address = f"/admin/form-entries/{entry.id}/files/{entry.answers['cv'][0]['id']}"
        assert (await client.get(address, headers={"accept": "application/json"})).status_code == 401
        client.cookies.update(await people.cookie(house, owner))
        answer = await client.get(address)
        assert answer.content == pdf()
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert (await client.get(address.replace(str(entry.id), str(form.id)))).status_code == 404

    async def test_a_wrong_file_is_said_and_a_chosen_one_can_be_left_out(self, house, desk, visitor):
        form = await desk.form(self.FIELDS)
        await visitor.open("/forms/contact")
        await visitor.send(contact__name="Ada", files={"contact.cv": ("cv.pdf", b"<html><script>", "application/pdf")})
        assert "is a web page" in visitor.words
        await visitor.send(contact__name="Ada", go="stay", files={"contact.cv": ("cv.pdf", pdf(), "x")})
        (kept,) = visitor.held["contact.cv.kept"]
        await visitor.send(contact__cv__drop=kept.partition(":")[0])
        assert "CV: Choose a file." in visitor.words
        assert await entries(house, form) == []


class TestInAPage:
    async def test_a_form_stands_in_a_page_without_anybodys_ticket_and_is_sent_from_there(self, house, desk, visitor):
        form = await desk.starter("contact")
        site = Site(house, await people.account(house, Role.EDITOR))
        await site.page("Write to us", block("form", form=str(form.id)), block("form", form="gone"), published=True)
        await visitor.open("/write-to-us")
        assert "ticket" not in visitor.held
        assert 'hx-get="/forms/contact/ticket"' in visitor.text
        ticket = await visitor.client.get("/forms/contact/ticket", headers={"HX-Request": "true"})
        assert ticket.text.startswith('<input type="hidden" name="ticket"')
        visitor.path = "/forms/contact"
        await visitor.send(contact__name="Ada", contact__email="ada@example.org", contact__message="A long question")
        assert "Tick this to go on" not in visitor.words
        assert "Have a last look" in visitor.words
        await visitor.send(contact__consent="true")
        assert len(await entries(house, form)) == 1
