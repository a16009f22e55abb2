"""Settings on screen: every field is asked for, nothing is lost on the way through a form, and nothing leaks."""

import asyncio
import re
from html import unescape

import pytest
from httpx import ASGITransport, AsyncClient

from app.settings import Settings
from app.web import make_app
from app.wiring import wire
from engine.accounts.hashing import Passwords
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.facts import RecordedFact
from engine.core.setting import Settings as Model
from engine.core.settings import SettingsUpdated
from engine.core.site import BY_KEY, Reach, Theme
from tests.clock import TestClock
from tests.factories import people
from tests.ui.admin.conftest import BROWSER
from ui.admin.settings import fields
from ui.admin.settings.plan import PLANS
from ui.admin.settings.words import CHOICES, LABELS

SECRET = "sk_test_51HxYzAbCdEfGh1234"


def leaves(kind: type[Model], prefix: str = "") -> set[str]:
    """Return the wire names of a model's fields, nested ones dotted."""
    found: set[str] = set()
    for name, info in kind.model_fields.items():
        wire_name = prefix + (info.alias or name)
        if isinstance(info.annotation, type) and issubclass(info.annotation, Model):
            found |= leaves(info.annotation, f"{wire_name}.")
        else:
            found.add(wire_name)
    return found


def form_of(page: str) -> dict[str, str | list[str]]:
    """Return what a browser would post from the settings form as it stands."""
    form = re.search(r'<form class="form"[^>]*id="settings".*?</form>', page, re.DOTALL)
    assert form is not None
    values: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        attributes = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        is_off = attributes.get("type") == "checkbox" and " checked" not in tag
        if "name" in attributes and " disabled" not in tag and not is_off:
            values[attributes["name"]] = attributes.get("value", "")
    choices = r'<select[^>]*name="([^"]+)"(?![^>]*disabled)[^>]*>(.*?)</select>'
    for name, inside in re.findall(choices, form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        values[name] = unescape(chosen[1]) if chosen else ""
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL):
        values[name] = unescape(inside)
    return values


class TestPlan:
    def test_every_field_of_every_key_stands_on_a_page_with_its_words(self) -> None:
        assert {plan.key for plan in PLANS} == set(BY_KEY)
        for plan in PLANS:
            asked = [name for group in plan.groups for name in group.fields]
            assert len(asked) == len(set(asked))
            wanted = leaves(BY_KEY[plan.key]) - {"credentials", "bypassKey", "deploymentMode"}  # screens of their own
            wanted = {
                name
                for name in wanted
                if not name.startswith(("featureBackends.", "salesforce.", "surfaces.", "network."))
            }
            # those of services and of the network have pages of their own, and Salesforce none until something uses it
            assert wanted == {name for name in asked if not name.startswith("credentials.")}
            assert {f"{plan.key}.{name}" for name in asked} <= set(LABELS)

    def test_every_choice_has_a_word(self) -> None:
        for plan in PLANS:
            for group in plan.groups:
                for name in group.fields:
                    shape = fields.shape_of(BY_KEY[plan.key], name, "en")
                    if shape.kind == "select" and len(shape.options) < 9:
                        assert {option[0] for option in shape.options} - {"", "UTC"} <= set(CHOICES), name


class TestSave:
    @pytest.mark.parametrize("key", [plan.key for plan in PLANS if plan.groups])
    async def test_a_form_that_is_sent_back_untouched_changes_nothing(
        self, house: Ports, at_owner: AsyncClient, owner: Actor, key: str
    ) -> None:
        async with house.db.write() as tx:
            await house.settings.update(
                tx, owner, "payments", {"testSecretKey": SECRET, "paymentMethods": ["card", "a"]}
            )
        async with house.db.write() as tx:
            sent = {"provider": "smtp", "credentials": {"host": "mail.example.org", "password": "a long pass word"}}
            await house.settings.update(tx, owner, "email", sent)
        async with house.db.write() as tx:
            await house.settings.update(tx, owner, "shipping", {"freeFromMinor": 4999, "countries": ["DE"]})
        before = house.site
        page = await at_owner.get(f"/admin/settings/{key}")
        assert page.status_code == 200
        answer = await at_owner.post(f"/admin/settings/{key}", data=form_of(page.text))
        assert answer.status_code == 303, answer.text
        assert house.site == before

    async def test_payments_ask_only_for_what_a_provider_that_is_there_needs(
        self, house: Ports, at_owner: AsyncClient, owner: Actor
    ) -> None:
        assert "Webhook" not in (await at_owner.get("/admin/settings/payments")).text
        assert 'name="enabled"' in (await at_owner.get("/admin/settings/payments")).text
        async with house.db.write() as tx:  # who has a key in it must be able to see it
            await house.settings.update(tx, owner, "payments", {"liveSecretKey": SECRET})
        assert 'name="liveSecretKey"' in (await at_owner.get("/admin/settings/payments")).text

    async def test_secrets_are_masked_and_a_new_one_replaces_them(
        self, house: Ports, at_owner: AsyncClient, owner: Actor
    ) -> None:
        async with house.db.write() as tx:
            await house.settings.update(tx, owner, "payments", {"testSecretKey": SECRET})
        page = await at_owner.get("/admin/settings/payments")
        assert SECRET not in page.text
        assert "sk_test••••1234" in page.text
        await at_owner.post("/admin/settings/payments", data=form_of(page.text) | {"testSecretKey": "sk_test_new"})
        assert house.site.payments.test_secret_key == "sk_test_new"

    async def test_what_is_wrong_comes_back_as_it_was_typed(self, house: Ports, at_owner: AsyncClient) -> None:
        page = await at_owner.get("/admin/settings/shipping")
        wrong = form_of(page.text) | {"flatRateMinor": "12,5o", "flatRateLabel": "By <b>bike</b>"}
        answer = await at_owner.post("/admin/settings/shipping", data=wrong)
        assert answer.status_code == 422
        text = unescape(answer.text)
        assert 'value="12,5o"' in text
        assert "not an amount in USD" in text
        assert "By <b>bike</b>" in text
        assert "By <b>bike</b>" not in answer.text
        assert house.site.shipping.flat_rate_label == "Standard delivery"

    async def test_smtp_without_a_server_is_refused_at_its_field(self, at_owner: AsyncClient) -> None:
        page = await at_owner.get("/admin/settings/email")
        answer = await at_owner.post("/admin/settings/email", data=form_of(page.text) | {"provider": "smtp"})
        assert answer.status_code == 422
        assert 'href="#field-credentials.host"' in answer.text

    async def test_amounts_are_typed_in_major_units(self, house: Ports, at_owner: AsyncClient) -> None:
        page = await at_owner.get("/admin/settings/shipping")
        await at_owner.post("/admin/settings/shipping", data=form_of(page.text) | {"flatRateMinor": "7,90"})
        assert house.site.shipping.flat_rate_minor == 790

    async def test_an_unknown_key_is_not_found(self, at_owner: AsyncClient) -> None:
        assert (await at_owner.get("/admin/settings/nonsense")).status_code == 404
        assert (await at_owner.post("/admin/settings/nonsense", data={"a": "b"})).status_code == 404


class TestSystem:
    async def test_an_admin_sees_it_and_may_not_change_it(self, house: Ports, at_admin: AsyncClient) -> None:
        page = await at_admin.get("/admin/settings/system")
        assert "Only a super admin changes these" in page.text
        assert "surfaces." not in page.text
        answer = await at_admin.post("/admin/settings/system", data={"surfaces.storefront": "everyone"})
        assert answer.status_code == 403
        assert house.site.system.surfaces.storefront is Reach.THIS_MACHINE

    async def test_surfaces_are_switched_where_one_sees_who_can_reach_them(
        self, house: Ports, at_owner: AsyncClient
    ) -> None:
        page = await at_owner.get("/admin/settings/system")
        assert 'href="/admin/network"' in page.text
        await at_owner.post("/admin/settings/system", data={"surfaces.storefront": "local-network"})
        assert house.site.system.surfaces.storefront is Reach.THIS_MACHINE

    async def test_what_the_environment_sets_is_read_only_and_survives(
        self, settings: Settings, clock: TestClock
    ) -> None:
        overrides = {"email.provider": "smtp", "email.credentials.host": "mail.env", "email.credentials.port": 2525}
        house = wire(settings, overrides, clock=clock, passwords=Passwords(rounds=4))
        await house.settings.refresh()
        owner = await people.account(house, people.Role.SUPER_ADMIN)
        transport = ASGITransport(app=make_app(house, settings, runs_jobs=False), client=("127.0.0.1", 5))
        async with AsyncClient(transport=transport, base_url="http://localhost", headers=BROWSER) as client:
            client.cookies.update(await people.cookie(house, owner))
            page = await client.get("/admin/settings/email")
            assert page.text.count("The environment sets this") == 3
            sent = form_of(page.text)
            assert not {"provider", "credentials.host", "credentials.port"} & set(sent)
            answer = await client.post("/admin/settings/email", data=sent | {"fromName": "Kiln"})
            assert answer.status_code == 303
        assert (house.site.email.from_name, house.site.email.credentials["host"]) == ("Kiln", "mail.env")
        await house.db.close()


class TestTest:
    async def test_a_test_e_mail_leads_to_what_became_of_it(self, house: Ports, at_admin: AsyncClient) -> None:
        answer = await at_admin.post("/admin/settings/email/tests", data={"to": "me@example.org"})
        assert answer.status_code == 303
        await house.jobs.run_until_idle()
        assert "me@example.org" in (await at_admin.get(answer.headers["location"])).text

    async def test_no_address_is_refused_and_kept(self, at_admin: AsyncClient) -> None:
        answer = await at_admin.post("/admin/settings/email/tests", data={"to": "me@"})
        assert answer.status_code == 422
        assert 'value="me@"' in answer.text


class TestPreview:
    async def test_it_shows_the_theme_of_the_address_without_saving_it(
        self, house: Ports, at_admin: AsyncClient
    ) -> None:
        page = await at_admin.get("/admin/settings/theme/preview?accentColor=%23aa3366&buttonStyle=pill")
        assert page.headers["x-frame-options"] == "SAMEORIGIN"
        sheet = await at_admin.get("/admin/settings/theme/preview.css?accentColor=%23aa3366&buttonStyle=pill")
        assert sheet.headers["content-type"].startswith("text/css")
        assert "999px" in sheet.text
        assert house.site.theme == Theme()

    async def test_nonsense_is_left_out(self, at_admin: AsyncClient) -> None:
        sheet = await at_admin.get("/admin/settings/theme/preview.css?accentColor=red;}body{&nope=1")
        assert sheet.status_code == 200
        assert "red" not in sheet.text


class TestOtherProcesses:
    async def test_a_change_is_heard_by_a_second_process(
        self, house: Ports, settings: Settings, clock: TestClock, at_owner: AsyncClient
    ) -> None:
        other = wire(settings, clock=clock, passwords=Passwords(rounds=4))
        await other.settings.refresh()
        heard = asyncio.Event()

        async def hear(recorded: RecordedFact) -> None:
            if isinstance(recorded.fact, SettingsUpdated):
                heard.set()

        other.bus.subscribe(hear)
        await other.bus.start()
        page = await at_owner.get("/admin/settings/general")
        await at_owner.post("/admin/settings/general", data=form_of(page.text) | {"siteName": "Kiln & Loam"})
        await asyncio.wait_for(heard.wait(), 20)
        assert other.site.general.site_name == "Kiln & Loam"
        await other.bus.stop()
        await other.db.close()
