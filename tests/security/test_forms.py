"""Every form of every page, found by following links, sent back with hostile values: never a failure, nothing runs."""

import itertools
from collections.abc import Iterator
from urllib.parse import quote

from httpx import AsyncClient

from engine.api.rules import rules_of
from engine.core.actor import Role
from tests.factories import people
from tests.security.pages import Form, Page, problems_of
from tests.security.values import TEXTS

VALUES = (*TEXTS, "\x00", "9" * 5_000, "-1", "1e999", "x" * 3_000, "")
FIXED = frozenset({"token", "step", "act", "key"})
LEFT_OUT = (
    "/sign-out",
    "/sign-outs",
    "/retries",
    "/sendings",
    "/admin/network",
    "/account/password",
    "/admin/me/password",
    "/account/forgot",
    "/account/reset",
    "/setup",
)
MOST_PAGES = 110


class Crawler:
    """Follows links, remembers forms, and sends each back in several ways."""

    def __init__(self, client: AsyncClient, cookies: dict[str, str]) -> None:
        self.client = client
        self.cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.forms: dict[tuple[str, str], Form] = {}
        self.wrong: list[str] = []
        self.sent = 0
        self._values: Iterator[str] = itertools.cycle(VALUES)

    async def _answered(self, method: str, path: str, **sent: object) -> str | None:
        headers = {"accept": "text/html", "cookie": self.cookie}
        answer = await self.client.request(method, path, headers=headers, **sent)  # type: ignore[arg-type]
        if answer.status_code >= 500:
            self.wrong.append(f"{method} {path[:120]} {sent!r:.500}: {answer.status_code}")
        is_page = answer.headers.get("content-type", "").startswith("text/html") and answer.text
        if is_page:
            self.wrong += [f"{method} {path[:120]} {sent!r:.300}: {one}" for one in problems_of(answer.text)]
        return answer.text if is_page else None

    async def crawl(self, *starts: str) -> None:
        """Read pages as long as there are new ones of a kind."""
        waiting, seen, kinds = list(starts), set(starts), dict[str, int]()
        while waiting and len(seen) < MOST_PAGES:
            path = waiting.pop(0)
            html = await self._answered("GET", path)
            if html is None:
                continue
            page = Page(html)
            for form in page.forms:
                names = " ".join(sorted({name for name, _kind, _value in form.fields}))
                kind = "/".join(part if len(part) != 36 else "*" for part in form.action.partition("?")[0].split("/"))
                self.forms.setdefault((kind, names[:200]), form)
            for link in page.links:
                path = link.partition("#")[0]
                kind = "/".join(part if len(part) != 36 else "*" for part in path.partition("?")[0].split("/"))
                kinds[kind] = kinds.get(kind, 0) + 1
                if path not in seen and kinds[kind] <= 3 and not path.startswith(("/assets", "/media", "/api/openapi")):
                    seen.add(path)
                    waiting.append(path)

    async def send_all(self, times: int) -> None:
        for _time in range(times):
            for form in list(self.forms.values()):
                if not form.action.endswith(LEFT_OUT):
                    await self._send(form)

    async def _send(self, form: Form) -> None:
        self.sent += 1
        data: dict[str, list[str]] = {}
        for name, kind, value in form.fields:
            if kind == "file":
                continue
            is_kept = kind in ("hidden", "submit", "button", "radio", "checkbox") or name in FIXED
            data.setdefault(name, []).append(value if is_kept and self.sent % 3 else next(self._values))
        if form.method == "post" and form.is_multipart:
            picture = (
                next(self._values).replace("\x00", "")[:50] or "x",
                b"\x89PNG\r\n\x1a\n" + b"0" * 50,
                "image/png",
            )
            names = [name for name, kind, _value in form.fields if kind == "file"] or ["file"]
            await self._answered("POST", form.action, data=data, files=dict.fromkeys(names, picture))
        elif form.method == "post":
            await self._answered("POST", form.action, data=data)
        else:
            query = "&".join(f"{name}={quote(one[:800])}" for name, values in data.items() for one in values)
            await self._answered("GET", f"{form.action.partition('?')[0]}?{query}")


async def furnish(shop, owner) -> None:
    """Put something behind every list."""
    await shop.category("Mugs")
    await shop.tag("Blue")
    await shop.with_sizes()
    await shop.order()
    await shop.order(actor=owner)
    await shop.house.jobs.run_until_idle()


class TestForms:
    async def test_every_form_takes_anything_and_nothing_fails_or_runs(self, house, shop, client, owner):
        await furnish(shop, owner)
        cookies = await people.cookie(house, owner)
        cart = await shop.cart((await shop.product(), 1), actor=owner)
        crawler = Crawler(client, {**cookies, "agora_cart": str(cart)})
        await crawler.crawl(
            "/",
            "/products",
            "/cart",
            "/checkout",
            "/account",
            "/admin",
            "/admin/settings/general",
            "/admin/products/new",
        )
        await crawler.send_all(3)
        assert crawler.wrong == [], "\n".join(crawler.wrong[:30])
        assert crawler.sent > 60

    async def test_strangers_forms_too(self, shop, client, owner):
        await furnish(shop, owner)
        crawler = Crawler(client, {})
        await crawler.crawl("/", "/account/sign-in", "/account/register", "/admin/sign-in", "/products")
        await crawler.send_all(4)
        assert crawler.wrong == [], "\n".join(crawler.wrong[:30])

    async def test_every_posting_route_answers_what_no_form_sends(self, house, client, owner):
        admin = await people.account(house, Role.SUPER_ADMIN, email="second@example.org")
        wrong = []
        bodies = (
            {},
            {"content": b"\xff\xfe=%FF%00"},
            {"content": b"{}"},
            {"data": {"a": "\x00", "id": "x", "name": "\x00"}},
            {"files": {"file": ("\x00/../x", b"\xff", "text/html"), "images": ("x", b"", "image/png")}},
        )
        for rule in rules_of(client._transport.app):
            if rule.method != "POST" or rule.path.startswith("/api/"):
                continue
            cookies = await people.cookie(house, admin)
            for body in bodies:
                headers = {"accept": "text/html", "cookie": f"agora_session={cookies['agora_session']}"}
                if "content" in body:
                    headers["content-type"] = "application/x-www-form-urlencoded"
                for part in ("0192e4a0-0000-7000-8000-000000000000", "x", "%FF"):
                    path = "/".join(part if "{" in one else one for one in rule.path.split("/"))
                    answer = await client.post(path, headers=headers, **body)
                    if answer.status_code >= 500:
                        wrong.append((path, body, answer.text[:100]))
                    if "{" not in rule.path:
                        break
        assert wrong == []
