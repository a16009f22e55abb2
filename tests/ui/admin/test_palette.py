"""The command palette and the page that searches everything: what each role is offered, and nothing more."""

import html
import re

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.factories import people
from tests.factories.shop import Shop
from tests.ui.admin.conftest import sitting
from ui.admin.palette.pages import pieces
from ui.admin.palette.ranking import fit, folded

HOSTILE = ['"><script>alert(1)</script>', "' OR 1=1 --", "🏺" * 50, "(" * 200, "*:*", "AND OR NOT", "x" * 5_000, "%"]
LINE = re.compile(r'(<(?:a|button) class="palette-line.*?>).*?palette-label">(.*?)</span>', re.DOTALL)
ASKED = ("a", "e", "o", "add", "users", "orders", "products", "network", "media", "import", "export", "bin", "general",
         "redirects")  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def lines(client: AsyncClient, question: str = "") -> dict[str, list[tuple[str, str]]]:
    """Return (label, address) by group, in their order."""
    answer = await client.get("/admin/palette", params={"q": question})
    assert answer.status_code == 200, answer.text
    assert "<html" not in answer.text
    found: dict[str, list[tuple[str, str]]] = {}
    for group, body in re.findall(r'<div role="group" aria-label="([^"]+)">(.*?)</div>', answer.text, re.DOTALL):
        for tag, label in LINE.findall(body):
            address = re.search(r'(?:href|formaction)="([^"]*)"', tag)
            assert address is not None
            found.setdefault(group, []).append((html.unescape(label), html.unescape(address[1])))
    return found


async def sit(client: AsyncClient, house: Ports, role: Role) -> AsyncClient:
    return sitting(client, await people.cookie(house, await people.account(house, role)))


class TestPalette:
    async def test_records_screens_and_actions_are_found_by_a_few_letters(
        self, house: Ports, shop: Shop, at_owner: AsyncClient
    ) -> None:
        mug = await shop.product(name="Blue mug")
        await house.jobs.run_until_idle()
        found = await lines(at_owner, "blue mu")
        assert found["Records"] == [("Blue mug", f"/admin/products/{mug.id}")]
        assert ("Redirects", "/admin/redirects") in (await lines(at_owner, "redir"))["Screens"]
        assert ("Add redirect", "/admin/redirects/new") in (await lines(at_owner, "redir"))["Actions"]

    async def test_what_fits_best_comes_first(self, at_owner: AsyncClient) -> None:
        found = await lines(at_owner, "orders")
        assert next(iter(found)) == "Screens"
        assert found["Screens"][0] == ("Orders", "/admin/orders")
        found = await lines(at_owner, "add prod")
        assert next(iter(found.values()))[0] == ("Add product", "/admin/products/new")

    async def test_settings_are_found_by_what_stands_in_them(self, at_owner: AsyncClient) -> None:
        assert ("Language and numbers", "/admin/settings/general") in (await lines(at_owner, "currency"))["Screens"]
        assert ("Mail server", "/admin/settings/email") in (await lines(at_owner, "encryption"))["Screens"]

    async def test_every_list_offers_import_export_and_its_bin(self, house: Ports, at_owner: AsyncClient) -> None:
        assert house.resources
        for path, resource in house.resources.items():
            offered = {url for _label, url in (await lines(at_owner, str(resource.plural)))["Actions"]}
            exports = [url for url, _label in resource.exports] or [f"/admin/{path}/export?format=csv"]
            assert exports[0] in offered
            assert (f"/admin/{path}/bin" in offered) == resource.deletes
            assert (f"/admin/{path}/import" in offered) == resource.makes

    @pytest.mark.parametrize(
        ("role", "may", "may_not"),
        [
            (
                Role.VIEWER,
                {"/admin/products"},
                {"/admin/products/new", "/admin/orders", "/admin/media", "/admin/users"},
            ),
            (Role.EDITOR, {"/admin/redirects/new", "/admin/media"}, {"/admin/orders", "/admin/products/new"}),
            (Role.STORE_MANAGER, {"/admin/products/new", "/admin/orders"}, {"/admin/users", "/admin/settings/general"}),
            (Role.ADMIN, {"/admin/users", "/admin/settings/general"}, {"/admin/network"}),
        ],
    )
    async def test_a_role_is_offered_what_it_may_and_each_offer_is_there(
        self, house: Ports, client: AsyncClient, owner: Actor, role: Role, may: set[str], may_not: set[str]
    ) -> None:
        browser = await sit(client, house, role)
        offered: set[str] = set()
        for question in ASKED:
            for group in (await lines(browser, question)).values():
                offered |= {url for _label, url in group}
        assert may <= offered
        assert not may_not & offered
        for url in offered - {"/preferences/scheme", "/admin/sign-out", "/admin/searches/rebuilds", "#shortcuts"}:
            answer = await browser.get(url)
            assert answer.status_code in (200, 303), (url, answer.status_code)

    async def test_nobody_finds_what_their_role_does_not_see(
        self, house: Ports, client: AsyncClient, owner: Actor, shop: Shop
    ) -> None:
        await shop.order()
        await people.account(house, Role.CUSTOMER, name="Zebedee Quill", email="zebedee@example.org")
        await house.jobs.run_until_idle()
        for role, sees in ((Role.ADMIN, True), (Role.STORE_MANAGER, False), (Role.VIEWER, False)):
            browser = await sit(client, house, role)
            assert ("Records" in await lines(browser, "Zebedee")) == sees
            assert ("Zebedee" in (await browser.get("/admin/search?q=Quill")).text) == sees

    @pytest.mark.parametrize("question", HOSTILE)
    async def test_hostile_words_are_only_words(self, at_owner: AsyncClient, question: str) -> None:
        for path in ("/admin/palette", "/admin/search"):
            answer = await at_owner.get(path, params={"q": question, "kind": question, "page": question})
            assert answer.status_code == 200
            assert "<script>alert" not in answer.text

    async def test_a_name_is_shown_as_it_was_written(self, house: Ports, shop: Shop, at_owner: AsyncClient) -> None:
        await shop.product(name="<img src=x onerror=alert(1)> mug")
        await house.jobs.run_until_idle()
        answer = await at_owner.get("/admin/palette?q=mug")
        assert "<img src=x" not in answer.text
        assert "&lt;img src=x" in answer.text

    async def test_strangers_and_customers_are_asked_to_sign_in(
        self, house: Ports, client: AsyncClient, owner: Actor
    ) -> None:
        assert (await client.get("/admin/palette?q=a")).status_code in (303, 401)
        browser = await sit(client, house, Role.CUSTOMER)
        assert (await browser.get("/admin/palette?q=a")).status_code == 403

    async def test_without_words_it_offers_where_to_begin(self, at_owner: AsyncClient) -> None:
        found = await lines(at_owner)
        assert found["Actions"][0] == ("Add product", "/admin/products/new")
        assert found["Screens"][0] == ("Dashboard", "/admin")


class TestSearchPage:
    async def test_results_stand_by_kind(self, house: Ports, shop: Shop, at_owner: AsyncClient) -> None:
        mug = await shop.product(name="Teal mug")
        await at_owner.post("/admin/redirects", data={"sourcePath": "/teal", "targetUrl": "/mugs", "statusCode": "301"})
        await house.jobs.run_until_idle()
        both = (await at_owner.get("/admin/search?q=teal")).text
        assert f"/admin/products/{mug.id}" in both
        assert ">/teal</a>" in both
        alone = (await at_owner.get("/admin/search?q=teal&kind=redirects")).text
        assert ">/teal</a>" in alone
        assert f"/admin/products/{mug.id}" not in alone
        assert "/admin/search?q=teal&amp;kind=product" in alone

    async def test_nothing_found_says_so(self, at_owner: AsyncClient) -> None:
        assert "Nothing found for “qqqq”" in (await at_owner.get("/admin/search?q=qqqq")).text
        assert "What are you looking for?" in (await at_owner.get("/admin/search")).text


class TestSidebar:
    async def test_a_role_sees_its_own_sections_and_unbuilt_ones_are_absent(
        self, house: Ports, client: AsyncClient, owner: Actor
    ) -> None:
        text = (await (await sit(client, house, Role.EDITOR)).get("/admin")).text
        assert 'href="/admin/redirects"' in text
        assert 'href="/admin/orders"' not in text
        assert 'href="/admin/events"' not in text
        assert 'data-keys="g o"' not in text

    async def test_the_settings_pages_stand_below_where_one_is_among_them(self, at_owner: AsyncClient) -> None:
        text = (await at_owner.get("/admin/settings/tax")).text
        assert text.count('href="/admin/settings/tax" aria-current="page"') >= 2
        assert 'href="/admin/settings/tax"' not in (await at_owner.get("/admin/orders")).text

    async def test_it_stays_folded_where_it_was_left_so(self, at_owner: AsyncClient) -> None:
        assert '<div class="admin-frame">' in (await at_owner.get("/admin")).text
        at_owner.cookies.set("agora-sidebar", "folded")
        assert '<div class="admin-frame" data-folded>' in (await at_owner.get("/admin")).text

    async def test_keys_lead_to_one_place_each(self, at_owner: AsyncClient) -> None:
        keys = re.findall(r'data-keys="([^"]+)"', (await at_owner.get("/admin")).text)
        assert len(keys) == len(set(keys)) > 20


class TestFit:
    @pytest.mark.parametrize(
        ("question", "label", "fits"),
        [("ord", "Orders", True), ("add red", "Add redirect", True), ("red add", "Add redirect", True),
         ("direct", "Redirects", True), ("di", "Redirects", False), ("grosse", "Größe", True), ("", "Orders", False),
         ("orders now", "Orders", False)],
    )  # fmt: skip
    def test_each_word_must_be_in_it(self, question: str, label: str, fits: bool) -> None:
        assert bool(fit(folded(question), folded(label))) is fits

    def test_the_whole_is_better_than_the_beginning_than_a_word_than_what_is_beside(self) -> None:
        labels = (("tax", ()), ("taxes", ()), ("sales tax", ()), ("vat", ["tax"]))
        scores = [fit("tax", label, words) for label, words in labels]
        assert scores == sorted(scores, reverse=True)
        assert len(set(scores)) == 4

    def test_a_snippet_is_cut_at_its_marks(self) -> None:
        assert pieces("a blue mug", [(2, 6)]) == [("a ", False), ("blue", True), (" mug", False)]
        assert pieces("", []) == []
