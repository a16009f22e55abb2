"""What other sites may make a visitor's browser do here: nothing that changes anything, and no way to elsewhere."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi import FastAPI

from engine.api.gateway.csrf import SAFE
from engine.api.gateway.signposts import posts_of
from tests.factories import people
from tests.security.test_requests import OWN_REDIRECTS, stays

#: Where the address that one came from is told, and what else the form there needs.
WAYS_BACK = {
    "/consent": ("next", {}),
    "/account/register": ("next", {"email": "new@example.org", "password": people.PASSWORD, "name": "New"}),
    "/admin/redirects/bulk": ("back", {"act": "delete", "ids": "0"}),
    "/admin/network": ("back", {}),
    "/admin/media/bulk": ("back", {}),
    "/admin/form-entries/bulk": ("back", {}),
}
PAGES = (
    "/consent?next=",
    "/account/sign-in?next=",
    "/account/register?next=",
    "/admin/sign-in?next=",
    "/desktop/sign-in?next=",
    "/admin/media?back=",
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Addresses and headers know no database."""
    return sqlite_url


def writes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield (method, address) of everything that may change something."""
    for post in posts_of(app):
        for method in sorted(post.methods - SAFE):
            yield method, post.path.replace("{", "").replace("}", "").replace(":path", "").replace(":uuid", "")


class TestWrites:
    async def test_every_write_from_elsewhere_is_refused(self, house, client, owner) -> None:
        cookie = f"agora_session={(await people.cookie(house, owner))['agora_session']}"
        elsewhere = (
            {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
            {"origin": "null", "sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        )
        tried = 0
        for number, (method, path) in enumerate(writes(client._transport.app)):
            headers = {**elsewhere[number % len(elsewhere)], "cookie": cookie}
            answer = await client.request(method, path, headers=headers, data={"a": "b"})
            assert answer.status_code == 403, (method, path, headers)
            assert "Not from here" in answer.text
            tried += 1
        assert tried > 200


class TestWaysBack:
    async def test_whoever_comes_back_stays_on_the_site(self, house, client, owner) -> None:
        cookie = {"cookie": f"agora_session={(await people.cookie(house, owner))['agora_session']}"}
        own = {"origin": "http://localhost"}
        outside = []
        for wanted in OWN_REDIRECTS:
            for page in PAGES:
                answer = await client.get(page + quote(wanted), headers={"accept": "text/html"})
                outside += [(page, wanted)] if not stays(answer.headers.get("location", "/")) else []
                outside += (
                    [(page, wanted, "a link")]
                    if 'href="//' in answer.text or "evil.example" in links(answer.text)
                    else []
                )
            for path, (name, typed) in WAYS_BACK.items():
                answer = await client.post(path, data={**typed, name: wanted}, headers={**cookie, **own})
                outside += [(path, wanted)] if not stays(answer.headers.get("location", "/")) else []
                outside += [(path, answer.text[:100])] if answer.status_code >= 500 else []
        assert outside == []


def links(html: str) -> str:
    """Return every address that a page leads to."""
    return " ".join(part.partition('"')[0] for part in html.split('href="')[1:] + html.split('action="')[1:])
