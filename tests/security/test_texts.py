"""Hostile texts as names, descriptions, options, tags, searches, addresses and notes: shown as what they are."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlencode

import pytest
from httpx import AsyncClient

from engine.core.actor import Role
from engine.core.html import clean_html
from engine.core.ids import new_secret
from tests.factories import people
from tests.factories.shop import ADDRESS
from tests.security.pages import Page, problems_of
from tests.security.values import MARKUP, QUERIES, TEXTS, samples

PER_PRODUCT = 40
WIRE_ADDRESS = {"postalCode" if name == "postal_code" else name: value for name, value in ADDRESS.items()}


def own(texts: Sequence[str]) -> list[str]:
    """Return texts as a field takes them: without what is refused, at most 90 characters, each once."""
    short = ("".join(c for c in text if c == "\t" or c.isprintable())[:90].strip() for text in texts)
    return list(dict.fromkeys(text for text in short if text and text.casefold() not in ("", "0")))


def parts(texts: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(texts), size):
        yield list(texts[start : start + size])


class Visitor:
    """Reads pages and API answers, and keeps what is wrong with them."""

    def __init__(self, client: AsyncClient, cookies: dict[str, str], headers: dict[str, str]) -> None:
        self.client, self.cookies, self.headers = client, cookies, headers
        self.wrong: list[str] = []

    async def see(self, path: str, *holding: str, status: int = 200, **sent: str) -> Page:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await self.client.get(path, headers={"accept": "text/html", "cookie": cookie, **sent})
        found = problems_of(answer.text, is_whole="hx-request" not in sent)
        self.wrong += [f"{path[:150]}: {one}" for one in found]
        if answer.status_code != status:
            self.wrong.append(f"{path[:150]}: {answer.status_code}")
        page = Page(answer.text)
        self.wrong += [f"{path[:100]} does not show {text!r}" for text in holding if text not in page.text]
        return page

    async def send(self, method: str, path: str, body: object, *, but: tuple[int, ...] = ()) -> dict[str, object]:
        answer = await self.client.request(method, f"/api/v1{path}", json=body, headers=self.headers)
        if answer.status_code not in (200, 201, *but):
            self.wrong.append(f"{method} {path} {body!r:.300}: {answer.status_code} {answer.text[:300]}")
        return dict(answer.json()) if answer.status_code in (200, 201) else {}


@pytest.fixture
async def visitor(house, owner, client):
    return Visitor(client, await people.cookie(house, owner), await people.bearer(house, owner))


async def sell(visitor: Visitor, texts: Sequence[str], whole: Sequence[str]) -> None:
    """Put texts into every field of products, look at every page and answer that shows them."""
    for number, some in enumerate(parts(texts, PER_PRODUCT)):
        name, *rest = some
        description = "\n".join(whole[number * PER_PRODUCT : (number + 1) * PER_PRODUCT])
        values = list(dict.fromkeys(" ".join(text.split()) for text in rest))[:8] or ["One"]
        values = [value for value in values if value][:8] or ["One"]
        sent = {
            "name": name,
            "status": "active",
            "description": description,
            "shortDescription": rest[-1] if rest else name,
            "options": [{"name": (" ".join((rest or [name])[0].split()) or "Size")[:90], "values": values}],
            "details": [{"name": text, "values": [text, name]} for text in rest[-3:]],
            "tags": [
                tag["id"]
                for text in rest[-4:]
                if (tag := await visitor.send("POST", "/product-tags", {"name": text}, but=(422,)))
            ],
            "price": {"amount": 1999, "currency": "USD"},
        }
        option = sent["options"][0]["name"]
        sent["variants"] = [
            {"options": {option: value}, "sku": f"{number}-{i}", "stock": 3} for i, value in enumerate(values)
        ]
        category = await visitor.send("POST", "/categories", {"name": name, "description": description}, but=(422,))
        sent["categories"] = [category["id"]] if category else []
        product = await visitor.send("POST", "/products", sent)
        if not product:
            continue
        if product["description"] != clean_html(description.replace("\x00", "")):
            visitor.wrong.append(f"{description[:100]!r} is not as nh3 leaves it")
        shown = " ".join(name.split())
        await visitor.see(str(product["url"]), *([shown] if "  " not in shown else []))
        await visitor.see(f"{product['url']}?{urlencode({f'option:{option}': values[-1]})}", **{"hx-request": "true"})
        await visitor.see(f"/admin/products/{product['id']}")
        if category:
            await visitor.see(str(category["url"]))
        await visitor.send("GET", f"/products/{product['id']}", None)


async def look_around(visitor: Visitor) -> None:
    """Look at every list."""
    for path in (
        "/",
        "/products",
        "/search?q=script",
        "/admin",
        "/admin/products",
        "/admin/categories",
        "/admin/product-tags",
        "/admin/users",
        "/admin/orders",
        "/admin/outbox",
        "/admin/audit",
        "/admin/jobs",
        "/cart",
        "/account",
    ):
        await visitor.see(path)
    for path in ("/products?limit=100", "/categories?limit=100", "/product-tags?limit=100", "/search?q=script"):
        await visitor.send("GET", path, None)


async def buy(visitor: Visitor, shop, texts: Sequence[str]) -> None:
    """Order with these texts as name, address and note, and look at all that tells of it."""
    product = await shop.product(name="Plain mug", stock=1_000)
    for number, text in enumerate(texts):
        cart = await shop.cart((product, 1))
        headers = {"X-Cart-Id": str(cart), "Idempotency-Key": new_secret()}
        address = {**WIRE_ADDRESS, "name": text, "line1": text, "line2": text, "city": text}
        sent = {
            "email": f"a{number}@example.org",
            "name": text,
            "note": f"{text}\n{text}",
            "shippingAddress": address,
            "shippingMethod": "flat_rate",
            "paymentMethod": "manual",
        }
        answer = await visitor.client.post("/api/v1/checkout", json=sent, headers=headers)
        if answer.status_code == 201:
            order = answer.json()["order"]
            await visitor.see(order["statusUrl"])
            await visitor.see(f"/admin/orders/{order['id']}")
        elif answer.status_code != 422:
            visitor.wrong.append(f"checkout {text!r}: {answer.status_code} {answer.text[:200]}")
    await shop.house.jobs.run_until_idle()
    await read_letters(visitor)


async def read_letters(visitor: Visitor) -> None:
    """Look at every letter, as staff see it and as it was sent."""
    outbox = await visitor.see("/admin/outbox")
    for link in dict.fromkeys(one for one in outbox.links if one.startswith("/admin/outbox/")):
        if len(link.split("/")[-1]) == 36:
            await visitor.see(link)
            body = await visitor.client.get(
                f"{link}/body", headers={"cookie": "; ".join(f"{k}={v}" for k, v in visitor.cookies.items())}
            )
            html = body.text.replace(" style=", " data-style=").replace("<style", "<span").replace("</style", "</span")
            mail = [one for one in problems_of(html, is_whole=False) if "meta" not in one and "never closed" not in one]
            visitor.wrong += [f"a letter: {one}" for one in mail]
            assert (
                "script-src 'none'" in body.headers["content-security-policy"]
                or "default-src 'none'" in body.headers["content-security-policy"]
            )


def told(visitor: Visitor) -> str:
    return "\n".join(visitor.wrong[:40])


class TestOwnTexts:
    async def test_in_every_field_of_a_product_they_are_only_words(self, visitor):
        await sell(visitor, own(TEXTS), TEXTS)
        await look_around(visitor)
        assert visitor.wrong == [], told(visitor)

    async def test_in_an_order_and_its_letters_they_are_only_words(self, visitor, shop):
        await buy(visitor, shop, TEXTS[::2])
        await look_around(visitor)
        assert visitor.wrong == [], told(visitor)

    async def test_as_names_of_people_they_are_only_words(self, house, visitor):
        for number, text in enumerate(TEXTS):
            person = await people.account(house, Role.CUSTOMER, email=f"n{number}@example.org", name=text)
            await visitor.see(f"/admin/users/{person.user_id}")
            own_visit = Visitor(visitor.client, await people.cookie(house, person), {})
            await own_visit.see("/account")
            await own_visit.see("/account/profile")
            visitor.wrong += own_visit.wrong
        await look_around(visitor)
        assert visitor.wrong == [], told(visitor)

    async def test_as_settings_they_are_only_words(self, visitor, shop):
        for text in TEXTS[::5]:
            line = text.replace("\r", "").replace("\n", " ")[:200]
            await shop.set("general", siteName=line, tagline=line, phone=line)
            await shop.set("seo", titleTemplate=line, metaDescription=line, robotsTxt=text, twitterHandle=line)
            await shop.set(
                "shipping", flatRateLabel=line, pickupEnabled=True, pickupLabel=line, pickupInstructions=text
            )
            await shop.set("tax", enabled=True, label=line, ratePercent="7")
            await shop.set("payments", manualInstructions=text)
            for path in (
                "/",
                "/products",
                "/admin/settings/general",
                "/admin/settings/seo",
                "/api/docs",
                "/admin/settings/shipping",
                "/admin/settings/theme/preview",
                "/nowhere",
            ):
                await visitor.see(path, status=404 if path == "/nowhere" else 200)
            robots = await visitor.client.get("/robots.txt")
            assert robots.headers["content-type"].startswith("text/plain")
        assert visitor.wrong == [], told(visitor)


class TestSamples:
    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        """The samples are many: what a database makes of texts is shown by our own."""
        return sqlite_url

    async def test_no_product_made_of_the_samples_runs_anything(self, visitor):
        texts = samples(*MARKUP)
        await sell(visitor, own(texts), texts)
        await look_around(visitor)
        assert visitor.wrong == [], told(visitor)

    async def test_no_order_made_of_the_samples_runs_anything(self, visitor, shop):
        await buy(visitor, shop, own(samples(*MARKUP))[::97])
        assert visitor.wrong == [], told(visitor)


class TestQuestions:
    async def test_no_question_is_a_command(self, visitor, shop):
        await self._ask(visitor, shop, [*TEXTS[::5], "NaN", "1e999"], every=True)

    async def test_no_question_of_the_samples_is_a_command(self, visitor, shop):
        await self._ask(visitor, shop, samples(*QUERIES)[::20], every=False)

    async def _ask(self, visitor: Visitor, shop, texts: list[str], *, every: bool) -> None:
        await shop.product(name="Blue mug")
        lists = ("/products", "/users", "/orders", "/jobs", "/categories", "/product-tags", "/search")
        for text in texts:
            value = quote(text)
            await visitor.see(f"/search?q={value}")
            await visitor.see(f"/products?min={value}&max={value}&tag={value}&sort={value}&page={value}")
            await visitor.see(f"/admin/products?search={value}&status={value}&page={value}&sort={value}")
            for path in lists:
                names = ("search", "category", "tag") if every else ("search",)
                for name in ("q", *names):
                    answer = await visitor.client.get(f"/api/v1{path}?{name}={value}", headers=visitor.headers)
                    if answer.status_code not in (200, 422):
                        visitor.wrong.append(f"{path} {name}={text!r}: {answer.status_code} {answer.text[:200]}")
                if not every:
                    continue
                for name in ("sort", "status", "page", "limit", "minPrice", "role", "isActive", "type"):
                    answer = await visitor.client.get(f"/api/v1{path}?{name}={value}", headers=visitor.headers)
                    if answer.status_code not in (200, 422):
                        visitor.wrong.append(f"{path} {name}={text!r}: {answer.status_code} {answer.text[:200]}")
        found = await visitor.send("GET", "/products?search=mug", None)
        assert found["total"] == 1
        assert visitor.wrong == [], told(visitor)
