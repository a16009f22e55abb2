"""The reference of the API: whole, from this site alone, and within the Content-Security-Policy."""

import re

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The reference knows no database."""
    return sqlite_url


@pytest.fixture
async def html(owner, client) -> str:
    assert owner.is_signed_in  # only a claimed site answers
    answer = await client.get("/api/docs", headers={"accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


class TestReference:
    async def test_it_shows_every_call_and_shape_and_each_link_leads_somewhere(self, client, html):
        document = (await client.get("/api/openapi.json")).json()
        for operations in document["paths"].values():
            for operation in operations.values():
                assert f'id="{operation["operationId"]}"' in html
        for name in document["components"]["schemas"]:
            assert f'id="shape-{name}"' in html
        ids = set(re.findall(r'\sid="([^"]+)"', html))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= ids

    async def test_it_loads_nothing_from_elsewhere_and_runs_nothing_inline(self, html):
        assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', html) == []
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html) == []

    async def test_examples_fit_the_calls(self, html):
        assert "&#34;shippingMethod&#34;: &#34;flat_rate&#34;" in html
        assert "Idempotency-Key" in html
        assert "Needs an account with the role store manager or above (permission product.manage)." in html
