"""Who is answered with a kept page, and what never is one. On SQLite only: it knows no database."""

import asyncio
from ipaddress import ip_network
from typing import Self

import pytest
from sqlalchemy import Engine, event

from app.settings import Settings
from app.web import make_app
from engine.api.pagecache.shelf import Shelf
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.opening import Openness
from engine.core.site import Reach
from tests.api.pagecache.conftest import Ask, asking_of
from tests.clock import TestClock
from tests.factories import demo, people
from tests.factories.shop import Shop
from tests.ui.linkwalk import links_in

PRIVATE = ("/cart", "/checkout", "/consent", "/account", "/setup", "/search?q=mug", "/api/v1/products", "/robots.txt")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def signed_in(house: Ports, actor: Actor) -> str:
    """Return the `Cookie` header of somebody who is signed in."""
    return f"agora_session={(await people.cookie(house, actor))['agora_session']}"


def paths(kept: Shelf) -> set[str]:
    return {key.path for key in kept.entries}


class Queries:
    """Counts the queries of the database that run meanwhile."""

    def __enter__(self) -> Self:
        self.count = 0
        event.listen(Engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, *_about: object) -> None:
        self.count += 1


class TestAKeptPage:
    async def test_is_answered_again_without_asking_the_database(self, ask: Ask, shop: Shop) -> None:
        product = await shop.product("Blue mug")
        first = await ask(f"/products/{product.slug}")
        with Queries() as queries:
            again = await ask(f"/products/{product.slug}")
        assert queries.count == 0
        assert "Blue mug" in again.text
        assert again.text == first.text
        own = {"x-request-id"}
        assert {n: v for n, v in again.headers.items() if n not in own} == {
            n: v for n, v in first.headers.items() if n not in own
        }
        assert again.headers["x-request-id"] != first.headers["x-request-id"]

    async def test_says_what_a_drawn_one_says(self, ask: Ask, fresh: Ask, shop: Shop) -> None:
        await shop.product("Blue mug")
        drawn, cached = await fresh("/products"), await ask("/products")
        assert cached.text == drawn.text
        for name in ("content-security-policy", "x-content-type-options", "x-frame-options", "cache-control", "link"):
            assert cached.headers[name] == drawn.headers[name]
        assert set(cached.headers["vary"].lower().split(", ")) == {"hx-request", "accept-encoding"}

    @pytest.mark.parametrize("encoding", ["", "gzip", "br"])
    async def test_comes_as_its_reader_takes_it(self, ask: Ask, shop: Shop, encoding: str) -> None:
        await shop.product("Blue mug")
        plain = await ask("/products", accept_encoding="identity")
        answer = await ask("/products", accept_encoding=encoding or "identity, br;q=0, gzip;q=0")
        assert answer.headers.get("content-encoding", "") == encoding
        assert answer.text == plain.text
        assert "Blue mug" in answer.text

    async def test_is_not_sent_again_to_who_has_it(self, ask: Ask, shop: Shop) -> None:
        await shop.product()
        tags = {(await ask("/products", accept_encoding=one)).headers["etag"] for one in ("identity", "gzip", "br")}
        assert len(tags) == 3
        for tag in tags:
            for sent in (tag, f"W/{tag}", f'"other", W/{tag}', "*"):
                answer = await ask("/products", if_none_match=sent)
                assert (answer.status_code, answer.content) == (304, b"")
                assert "content-type" not in answer.headers
                assert answer.headers["content-security-policy"]
        assert (await ask("/products", if_none_match='"other", W/"more"')).status_code == 200

    async def test_has_a_head_of_the_same_length(self, ask: Ask, shop: Shop) -> None:
        await shop.product()
        whole = await ask("/products", accept_encoding="identity")
        head = await ask("/products", "HEAD", accept_encoding="identity")
        assert head.content == b""
        assert head.headers["content-length"] == str(len(whole.content))
        assert head.headers["etag"] == whole.headers["etag"]

    async def test_is_whole_for_who_asks_for_a_part(self, ask: Ask, shop: Shop) -> None:
        await shop.product()
        whole = await ask("/products")
        answer = await ask("/products", range="bytes=0-99")
        assert (answer.status_code, answer.text) == (200, whole.text)

    async def test_is_counted_and_bears_the_clients_id(self, ask: Ask, house: Ports, shop: Shop) -> None:
        await shop.product()
        await ask("/products")
        answer = await ask("/products", x_request_id="from-the-client-1")
        assert answer.headers["x-request-id"] == "from-the-client-1"
        assert (await ask("/products", x_request_id="no\tid")).headers["x-request-id"] != "no\tid"
        assert house.db.measures.requests["storefront", "GET", "(cached)", 200] == 2
        assert house.db.measures.caches["pages", "hit"] == 2

    async def test_is_drawn_once_for_all_who_ask_at_once(self, ask: Ask, house: Ports, shop: Shop) -> None:
        await shop.product()
        await ask("/products")
        house.expiry.shelf.clear()
        with Queries() as one:
            await ask("/products")
        house.expiry.shelf.clear()
        with Queries() as many:
            answers = await asyncio.gather(*(ask("/products") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert many.count == one.count


class TestNothingPersonal:
    async def test_is_in_any_page_of_the_site(self, ask: Ask, fresh: Ask, house: Ports, owner: Actor) -> None:
        """Every page of a demo, as its customer with a cart, as its owner, and as a stranger, in both orders."""
        await demo.made(house)
        await house.jobs.run_until_idle()
        shop = Shop(house)
        product = await shop.product("Secretly chosen")
        cart = await shop.cart((product, 1))
        anna = await people.account(house, Role.CUSTOMER, email="anna@example.org", name="Anna Personal")
        session = await signed_in(house, anna)
        staff = await signed_in(house, owner)
        words = "agora_flash=eyJtZXNzYWdlIjoiSGVsbG8gQW5uYSJ9; agora_author=x"
        theirs = (f"{session}; agora_cart={cart}", f"{staff}; {words}", words)
        seen, waiting = set[str](), ["/", "/sitemap.xml", "/blog", *PRIVATE]
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            for cookie in theirs:
                await ask(path, cookie=cookie)
            truth = await fresh(path)
            stranger = await ask(path)
            again = await ask(path)
            mine = await ask(path, cookie=f"agora_cart={cart}")
            if (truth.status_code, "etag" in stranger.headers) == (200, True):
                assert stranger.text == again.text == truth.text, path
                assert "set-cookie" not in again.headers
                assert "private" not in again.headers["cache-control"]
                assert path.startswith(("/cart", "/checkout")) or mine.text == truth.text, path
            waiting += links_in(truth.text) if len(seen) < 30 else []
        everything = b"".join(entry.body for entry in house.expiry.shelf.entries.values()).decode()
        for word in ("Anna", "anna@example.org", "Olive Owner", "owner@example.org", str(cart), "Hello Anna"):
            assert word not in everything
        assert len(house.expiry.shelf.entries) > 15
        assert not any(key.path.startswith(PRIVATE) for key in house.expiry.shelf.entries)

    async def test_is_shown_of_a_kept_page_to_who_has_a_session_or_a_word_waiting(
        self, ask: Ask, kept: Shelf, house: Ports, owner: Actor
    ) -> None:
        await ask("/")
        assert paths(kept) == {"/"}
        staff = await ask("/", cookie=await signed_in(house, owner))
        assert "/admin/products/new" in staff.text  # an empty shop tells its owner where to begin
        flash = "eyJtZXNzYWdlIjogIkhlbGxvIEFubmEifQ=="
        assert "Hello Anna" in (await ask("/", cookie=f"agora_flash={flash}")).text
        assert "Hello Anna" not in (await ask("/")).text

    async def test_is_kept_of_what_its_holder_drew(self, ask: Ask, kept: Shelf, shop: Shop) -> None:
        product = await shop.product()
        cart = await shop.cart((product, 1))
        await ask("/products", cookie=f"agora_cart={cart}; _ga=1")
        assert not kept.entries
        await ask("/products", cookie="_ga=1; agora_consent=1.statistics-1")
        assert paths(kept) == {"/products"}


class TestPassesBy:
    @pytest.mark.parametrize(
        "headers",
        [
            {"authorization": "Bearer x"},
            {"x_agora_bypass_cache": "1"},
            {"x_part": "page"},
            {"cookie": "agora_new=1"},
            {"cookie": "_ga=1; __Secure-agora_session=x"},
        ],
    )
    async def test_whose_answer_may_be_another(self, ask: Ask, kept: Shelf, shop: Shop, headers: dict) -> None:
        await shop.product()
        await ask("/products", **headers)
        assert not kept.entries

    async def test_only_this_machine_asks_for_a_page_drawn_anew(self, ask: Ask, house: Ports, shop: Shop) -> None:
        await shop.set("system", surfaces={"storefront": "everyone"})
        await shop.product()
        await ask("/products", client="203.0.113.9")
        for more in ({"client": "203.0.113.9"}, {"x_forwarded_for": "127.0.0.1"}):
            with Queries() as queries:
                await ask("/products", x_agora_bypass_cache="1", **more)
            assert queries.count == 0
        with Queries() as queries:
            await ask("/products", x_agora_bypass_cache="1")
        assert queries.count > 0

    async def test_queries_that_pages_do_not_understand(self, ask: Ask, kept: Shelf, shop: Shop) -> None:
        product = await shop.product()
        for number in range(40):
            await ask(f"/products?anything={number}")
            await ask(f"/products/{product.slug}?page={number}")
            await ask(f"/products?page=1&page={number}")
        await ask("/products?sort=made-up")
        await ask("/products?tag=blue")
        assert not kept.entries

    async def test_marks_of_campaigns_are_left_out_but_not_lost(self, ask: Ask, kept: Shelf, shop: Shop) -> None:
        await shop.product()
        for number in range(5):
            answer = await ask(f"/products?utm_source=letter&gclid={number}")
            assert answer.status_code == 200
            assert "letter" not in answer.text
        assert len(kept.entries) == 1
        moved = await ask("/products/?utm_source=letter")
        assert moved.headers["location"].endswith("/products?utm_source=letter")

    async def test_nothing_but_whole_pages_of_the_site(self, ask: Ask, kept: Shelf, shop: Shop) -> None:
        await shop.product()
        for path in ("/nowhere", "/products/nothing", "/products?page=99", "/health", *PRIVATE):
            await ask(path)
        await ask("/products", "POST")
        assert not kept.entries

    async def test_parts_for_scripts_are_kept_apart(self, ask: Ask, shop: Shop) -> None:
        await shop.product()
        part = await ask("/products", hx_request="true")
        whole = await ask("/products")
        assert "<html" not in part.text
        assert "<html" in whole.text
        assert (await ask("/products", hx_request="true")).text == part.text


class TestTheDoor:
    async def test_stays_shut_for_kept_pages(self, ask: Ask, house: Ports, shop: Shop) -> None:
        await shop.set("system", surfaces={"storefront": Reach.EVERYONE})
        await shop.product()
        assert (await ask("/products", client="203.0.113.9")).status_code == 200
        await shop.set("system", surfaces={"storefront": Reach.THIS_MACHINE})
        assert (await ask("/products", client="203.0.113.9")).status_code == 403
        assert (await ask("/products")).status_code == 200
        assert (await ask("/products", host="evil.example")).status_code == 400
        assert (await ask("/products", x_forwarded_for="127.0.0.1")).status_code == 403

    async def test_closes_with_the_site_and_opens_with_it(
        self, ask: Ask, house: Ports, shop: Shop, clock: TestClock
    ) -> None:
        await shop.product("Blue mug")
        await ask("/products")
        opens = clock.now().replace(hour=13)
        told = {"status": Openness.MAINTENANCE, "backAt": opens.isoformat(), "opensItself": True}
        await shop.set("site_status", **told)
        assert (await ask("/products")).status_code == 503
        clock.move(hours=2)
        assert "Blue mug" in (await ask("/products")).text
        await shop.set("site_status", status=Openness.COMING_SOON, opensItself=False)
        assert "Blue mug" not in (await ask("/products")).text

    async def test_keeps_two_hosts_apart_and_made_up_ones_out(
        self, house: Ports, settings: Settings, shop: Shop, kept: Shelf
    ) -> None:
        hosts = {"hosts": ("shop.example", "other.example"), "trusted_proxies": (ip_network("10.0.0.0/8"),)}
        ask = asking_of(make_app(house, settings.model_copy(update=hosts), runs_jobs=False))
        await people.account(house, Role.SUPER_ADMIN, email="o@example.org")
        await shop.set("system", surfaces={"storefront": "everyone"})
        await shop.product()
        for host in ("shop.example", "other.example"):
            assert f"http://{host}/products" in (await ask("/products", host=host)).text
            assert f"http://{host}/products" in (await ask("/products", host=host)).text
        said = {"x_forwarded_for": "203.0.113.9", "x_forwarded_proto": "https", "client": "10.0.0.1"}
        assert "https://shop.example/products" in (await ask("/products", host="shop.example", **said)).text
        assert "http://shop.example/products" in (await ask("/products", host="shop.example")).text
        before = len(kept.entries)
        kept.clear()
        await ask("/products", host="SHOP.Example")
        assert "http://shop.example/products" in (await ask("/products", host="shop.example")).text
        for host in ("shop.example", "other.example"):
            await ask("/products", host=host)
        await ask("/products", host="shop.example", **said)
        for number in range(1, 20):
            await ask("/products", host=f"203.0.113.{number}")
            await ask("/products", host=f"shop.example:{number}")
        assert len(kept.entries) == before == 3

    async def test_nobody_poisons_a_page_by_headers(self, ask: Ask, fresh: Ask, shop: Shop, kept: Shelf) -> None:
        await shop.product()
        truth = (await fresh("/products")).text
        word = "poison.example"
        names = ("x_forwarded_host", "x_original_url", "x_rewrite_url", "x_host", "forwarded", "referer", "origin")
        names += ("accept_language", "x_http_method_override", "user_agent", "hx_current_url", "hx_target", "accept")
        for name in names:
            kept.clear()
            sent = f"host={word}" if name == "forwarded" else word
            await ask("/products", **{name: sent})
            assert word not in "".join(entry.body.decode() for entry in kept.entries.values())
            assert (await ask("/products")).text == truth, name


class TestRoom:
    async def test_is_bounded_and_the_longest_unused_goes(self, ask: Ask, kept: Shelf, shop: Shop) -> None:
        products = [await shop.product(f"Mug {number}") for number in range(8)]
        await ask(f"/products/{products[0].slug}")
        kept.most_bytes = kept.bytes * 20
        for product in products[1:7]:
            await ask(f"/products/{product.slug}", accept_encoding="br")
            await ask(f"/products/{products[0].slug}")
            assert kept.bytes <= kept.most_bytes
        kept.most_bytes = kept.bytes + 100
        await ask(f"/products/{products[7].slug}")
        assert kept.bytes <= kept.most_bytes
        assert f"/products/{products[0].slug}" in paths(kept)
        assert f"/products/{products[1].slug}" not in paths(kept)
        kept.expire([f"catalog:{products[0].id}", "catalog"])
        kept.clear()
        assert kept.bytes == 0

    async def test_none_keeps_nothing(self, ask: Ask, kept: Shelf, shop: Shop) -> None:
        await shop.product()
        kept.most_bytes = 0
        assert (await ask("/products")).status_code == 200
        assert not kept.entries
