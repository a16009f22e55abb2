"""A reusable block where it is used: its settings say what may differ, and keep what does."""

import json
from typing import Any

import pytest
from httpx import AsyncClient

from engine.content.pages.models import Page, PageKind
from tests.factories.pages import Site, block
from tests.ui.test_builder import site

__all__ = ["site"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def shared(site: Site, title: str = "Hours") -> Page:
    blocks = [block("heading", id="h", text="Open"), block("button", id="b", label="Come", href="/visit")]
    return await site.page(title, *blocks, kind=PageKind.REUSABLE, published=True)


class TestOverrides:
    async def sent(self, client: AsyncClient, site: Site, raw: dict[str, Any], **form: str) -> dict[str, Any]:
        page = await site.page()
        data = {"block": json.dumps(raw), "source": raw["settings"].get("source", ""), **form}
        answer = await client.post(f"/admin/builder/{page.id}/settings", data=data)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def test_the_panel_shows_what_may_differ_what_does_and_where_else_it_stands(
        self, client: AsyncClient, site: Site
    ):
        source = await shared(site)
        raw = block("reusable", id="r", source=str(source.id), overrides={"h": {"text": "Here only"}})
        page = await site.page("Visit", raw)
        await site.page("Contact", block("reusable", id="q", source=str(source.id)))
        panel = (await client.post(f"/admin/builder/{page.id}/panel", json={"block": raw})).text
        assert 'name="own.h.text" value="true" checked' in panel
        assert 'name="own.b.label" value="true">' in panel
        assert 'value="Here only"' in panel
        assert "Also shown on 1 other page" in panel
        assert "Contact" in panel
        own = (await client.post(f"/admin/builder/{source.id}/page-panel", json={"fields": {}})).text
        assert "Where it is shown" in own
        assert "Visit" in own

    async def test_what_is_ticked_differs_and_what_is_not_is_as_in_the_original(self, client: AsyncClient, site: Site):
        source = await shared(site)
        raw = block("reusable", id="r", source=str(source.id), overrides={"b": {"label": "Old"}, "gone": {"x": 1}})
        ticked = {"own.h.text": "true", "over.h.text": "<b>Here</b>", "over.b.label": "Typed, not ticked"}
        found = await self.sent(client, site, raw, **ticked)
        assert found["errors"] == {}
        assert found["block"]["settings"]["overrides"] == {"h": {"text": "<b>Here</b>"}, "gone": {"x": 1}}
        assert "&lt;b&gt;Here" in found["html"]
        assert "Come" in found["html"]

    async def test_what_is_wrong_is_named_at_its_field_and_nothing_is_lost(self, client: AsyncClient, site: Site):
        source = await shared(site)
        before = {"h": {"text": "Kept"}}
        raw = block("reusable", id="r", source=str(source.id), overrides=before)
        found = await self.sent(client, site, raw, **{"own.h.text": "true", "over.h.text": "x" * 400})
        assert list(found["errors"]) == ["over.h.text"]
        assert found["block"]["settings"]["overrides"] == before

    async def test_another_original_begins_without_differences(self, client: AsyncClient, site: Site):
        first, second = await shared(site), await shared(site, "Other")
        raw = block("reusable", id="r", source=str(first.id), overrides={"h": {"text": "Here"}})
        found = await self.sent(client, site, raw, source=str(second.id))
        assert found["block"]["settings"]["overrides"] == {}

    async def test_an_unpublished_original_keeps_what_differed(self, client: AsyncClient, site: Site):
        source = await site.page("Draft", block("heading", id="h"), kind=PageKind.REUSABLE)
        raw = block("reusable", id="r", source=str(source.id), overrides={"h": {"text": "Here"}})
        found = await self.sent(client, site, raw)
        assert found["block"]["settings"]["overrides"] == {"h": {"text": "Here"}}


class TestDetach:
    async def test_its_blocks_come_for_this_page_alone(self, client: AsyncClient, site: Site):
        source, page = await shared(site), await site.page()
        raw = block("reusable", id="r", source=str(source.id), overrides={"h": {"text": "Here"}})
        found = (await client.post(f"/admin/builder/{page.id}/detached", json={"block": raw})).json()["blocks"]
        assert [one["type"] for one in found] == ["heading", "button"]
        assert found[0]["settings"]["text"] == "Here"
        assert {one["id"] for one in found}.isdisjoint({"h", "b"})

    async def test_nothing_published_is_said(self, client: AsyncClient, site: Site):
        page = await site.page()
        raw = {"block": block("reusable", id="r")}
        answer = await client.post(
            f"/admin/builder/{page.id}/detached", json=raw, headers={"accept": "application/json"}
        )
        assert answer.status_code == 422
        assert "Publish the original first" in answer.json()["detail"]
