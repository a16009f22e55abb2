"""The builder's server side: pages drawn with marks, blocks drawn alone, settings read back, and what is pasted."""

import json
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.content.pages.models import Page, PageKind
from engine.content.pages.starters import STARTERS
from engine.core.actor import Role
from tests.factories import people
from tests.factories.pages import Site, block
from ui.builder.fields import lines_of, rows_in


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def site(house: Ports, client: AsyncClient) -> Site:
    await people.account(house, Role.SUPER_ADMIN)
    editor = await people.account(house, Role.EDITOR, name="Edda")
    client.cookies.update(await people.cookie(house, editor))
    return Site(house, editor)


def address(page: Page, name: str = "") -> str:
    return f"/admin/builder/{page.id}{f'/{name}' if name else ''}"


async def drawn(client: AsyncClient, page: Page, *blocks: dict[str, Any], kept: tuple[str, ...] = ()) -> dict[str, str]:
    answer = await client.post(address(page, "draw"), json={"blocks": list(blocks), "kept": list(kept)})
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()["drawn"]
    return found


class TestShow:
    async def test_what_a_page_holds_cannot_end_the_script_that_it_stands_in(self, client: AsyncClient, site: Site):
        page = await site.page("</script><script>alert(1)</script>", block("heading", text="<!--</script>"))
        answer = await client.get(address(page))
        assert answer.status_code == 200
        data = answer.text.split('id="builder-data">')[1].split("</script>")[0]
        assert json.loads(data)["page"]["title"] == "</script><script>alert(1)</script>"
        assert "<" not in data

    async def test_the_canvas_may_be_framed_by_us_alone_runs_nothing_and_is_kept_nowhere(
        self, client: AsyncClient, site: Site
    ):
        page = await site.page("Draft", block("heading", id="h1", text="Unseen"))
        answer = await client.get(address(page, "canvas"))
        assert 'data-block="h1"' in answer.text
        assert 'data-edit="text"' in answer.text
        assert "<script" not in answer.text
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        assert "no-store" in answer.headers["cache-control"]
        assert (await client.get(address(page))).headers["x-frame-options"] == "DENY"

    @pytest.mark.parametrize("name", ["", "canvas", "publishing"])
    async def test_who_may_not_edit_does_not_come_in(self, client: AsyncClient, site: Site, house: Ports, name: str):
        page = await site.page()
        client.cookies.clear()
        client.cookies.update(await people.cookie(house, await people.account(house, Role.VIEWER)))
        assert (await client.get(address(page, name))).status_code == 403


class TestDraw:
    async def test_one_block_comes_alone_with_its_marks(self, client: AsyncClient, site: Site):
        page = await site.page()
        found = await drawn(client, page, block("heading", id="h1", text="<i>Hello</i>"))
        assert list(found) == ["h1"]
        assert found["h1"].startswith('<div class="block type-heading" data-block="h1"')
        assert "&lt;i&gt;Hello" in found["h1"]

    async def test_what_stands_already_is_left_as_room(self, client: AsyncClient, site: Site):
        page = await site.page()
        section = block("section", block("text", id="t1", text="<p>Long</p>"), block("text", id="t2"), id="s1")
        found = await drawn(client, page, section, block("text", id="t2", text="<p>New</p>"), kept=("t1", "t2"))
        assert '<div data-kept="t1"></div><div data-kept="t2"></div>' in found["s1"]
        assert "<p>New</p>" in found["t2"]

    async def test_hidden_blocks_are_seen_by_who_builds(self, client: AsyncClient, site: Site):
        page = await site.page()
        hidden = {**block("heading", id="h1", text="Later"), "hidden": True}
        assert "Later" in (await drawn(client, page, hidden))["h1"]

    async def test_script_in_a_text_is_not_drawn(self, client: AsyncClient, site: Site):
        page = await site.page()
        found = await drawn(client, page, block("text", id="t", text='<p onclick="x()">a<script>b</script></p>'))
        assert "script" not in found["t"]
        assert "onclick" not in found["t"]


class TestSettings:
    async def panel(self, client: AsyncClient, page: Page, raw: dict[str, Any]) -> str:
        answer = await client.post(address(page, "panel"), json={"block": raw})
        assert answer.status_code == 200, answer.text
        return answer.text

    async def read(self, client: AsyncClient, page: Page, raw: dict[str, Any], **form: Any) -> dict[str, Any]:
        answer = await client.post(address(page, "settings"), data={"block": json.dumps(raw), **form})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def test_every_type_of_block_has_a_form_and_comes_back_as_it_was(self, client: AsyncClient, site: Site):
        page = await site.page()
        for kind in site.house.blocks:
            assert "data-settings" in await self.panel(client, page, block(kind, id="b"))

    async def test_what_is_typed_comes_back_cleaned_and_drawn(self, client: AsyncClient, site: Site):
        page = await site.page()
        form = {"text": "  Two   words ", "level": "3", "size": "auto", "look.background": "soft", "look.anchor": "two"}
        found = await self.read(client, page, block("heading", id="h", text="One"), **form)
        assert found["errors"] == {}
        assert found["block"]["settings"]["text"] == "Two words"
        assert found["block"]["look"] == {"background": "soft", "anchor": "two"}
        assert "<h3" in found["html"]
        assert "look-ground-soft" in found["html"]

    async def test_what_is_wrong_is_named_and_stays_as_it_was(self, client: AsyncClient, site: Site):
        page = await site.page()
        form = {
            "label": "Go",
            "href": "javascript:alert(1)",
            "kind": "primary",
            "size": "normal",
            "look.anchor": "Not One",
        }
        found = await self.read(client, page, block("button", id="b", label="Was", href="/was"), **form)
        assert set(found["errors"]) == {"href", "look.anchor"}
        assert found["block"]["settings"]["label"] == "Go"
        assert "javascript" not in found["html"]

    async def test_a_link_to_a_page_of_this_site_follows_it(self, client: AsyncClient, site: Site):
        page, other = await site.page(), await site.page("Visit us", published=True)
        form = {"label": "Go", "href": "/visit-us#hours", "kind": "primary", "size": "normal"}
        found = await self.read(client, page, block("button", id="b"), **form)
        assert found["block"]["settings"]["href"] == f"agora:page/{other.id}#hours"
        assert 'href="/visit-us#hours"' in found["html"]
        assert 'value="/visit-us#hours"' in await self.panel(client, page, found["block"])

    async def test_the_fields_of_the_page(self, client: AsyncClient, site: Site):
        page = await site.page()
        form = {"fields": json.dumps({"title": "About"}), "seoTitle": "About our mugs", "structured": "AboutPage"}
        found = (await client.post(address(page, "page-fields"), data=form)).json()
        assert found["fields"] == {
            "title": "About", "seoTitle": "About our mugs", "structured": "AboutPage", "isIndexed": False,
        }  # fmt: skip


class TestPaste:
    async def paste(self, client: AsyncClient, page: Page, *blocks: Any) -> Any:
        return await client.post(address(page, "paste"), json={"blocks": list(blocks)})

    async def test_blocks_of_another_site_come_in_with_ids_of_their_own(self, client: AsyncClient, site: Site):
        page = await site.page()
        raw = block("section", block("heading", id="h", text="Hi"), id="s")
        (pasted,) = (await self.paste(client, page, raw)).json()["blocks"]
        assert pasted["children"][0]["settings"]["text"] == "Hi"
        assert pasted["id"] not in ("s", "")
        assert pasted["children"][0]["id"] != "h"

    async def test_a_column_may_come_without_its_columns(self, client: AsyncClient, site: Site):
        page = await site.page()
        assert (await self.paste(client, page, block("column", block("text")))).status_code == 200

    @pytest.mark.parametrize(
        "raw",
        [
            {"type": "nothing"},
            "text",
            {"type": "heading", "settings": {"onclick": "x"}},
            {"type": "button", "settings": {"href": "javascript:x"}},
        ],
    )
    async def test_what_is_no_block_is_refused_by_name(self, client: AsyncClient, site: Site, raw: Any):
        page = await site.page()
        answer = await client.post(
            address(page, "paste"), json={"blocks": [raw]}, headers={"accept": "application/json"}
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].startswith("blocks.0")


class TestPublishing:
    async def test_it_says_what_will_happen_and_what_to_mend(self, client: AsyncClient, site: Site):
        page = await site.page("Visit us", block("text", text="<p>Come</p>", id="t"))
        first = (await client.get(address(page, "publishing"))).text
        assert "A new page appears at /visit-us." in first
        await site.publish(page.id)
        assert "Nothing changes" in (await client.get(address(page, "publishing"))).text
        draft = await site.draft(page.id)
        changed = {
            **draft.content,
            "blocks": [block("button", id="b", label="Go", href="/nowhere"), *draft.content["blocks"]],
        }
        await site.save(page.id, draft.edit, changed)
        again = (await client.get(address(page, "publishing"))).text
        assert "1 change goes live." in again
        assert 'data-goes-to="b"' in again


class TestBegin:
    @pytest.mark.parametrize("start", [starter.name for starter in STARTERS])
    async def test_every_beginning_opens_in_the_builder_and_can_be_saved_as_it_is(
        self, client: AsyncClient, site: Site, start: str
    ):
        answer = await client.post("/admin/pages/new", data={"title": "Fresh", "start": start}, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        page_id = UUID(answer.headers["location"].rsplit("/", 1)[1])
        draft = await site.draft(page_id)
        assert (await site.save(page_id, draft.edit, draft.content)).edit == draft.edit
        assert (await client.get(f"/admin/builder/{page_id}/canvas")).status_code == 200

    async def test_a_page_template_of_ones_own_is_a_beginning_too(self, client: AsyncClient, site: Site):
        own = await site.page("House style", block("heading", text="Ours"), kind=PageKind.TEMPLATE)
        assert "House style" in (await client.get("/admin/pages/new")).text
        form = {"title": "Fresh", "start": f"template-{own.id}"}
        answer = await client.post("/admin/pages/new", data=form, follow_redirects=False)
        draft = await site.draft(UUID(answer.headers["location"].rsplit("/", 1)[1]))
        assert (draft.title, draft.content["blocks"][0]["settings"]["text"]) == ("Fresh", "Ours")

    async def test_without_a_title_the_form_comes_back(self, client: AsyncClient, site: Site):
        assert (await client.post("/admin/pages/new", data={"start": "home"})).status_code == 422


class TestParts:
    async def test_a_reusable_block_is_begun_found_and_opened(self, client: AsyncClient, site: Site):
        form = {"kind": "reusable", "title": "Opening hours"}
        answer = await client.post("/admin/pages/parts", data=form, follow_redirects=False)
        address = answer.headers["location"]
        assert f'href="{address}"' in (await client.get("/admin/pages/parts")).text
        (found,) = (await client.get("/admin/pages/parts/options?q=hours")).json()
        assert address == f"/admin/builder/{found['id']}"
        page = await site.page()
        raw = {"block": block("reusable", id="r", source=found["id"])}
        panel = (await client.post(f"/admin/builder/{page.id}/panel", json=raw)).text
        assert "Opening hours" in panel
        assert f'href="{address}"' in panel


class TestCells:
    def test_rows_come_back_from_lines_as_they_were(self):
        rows = [["Day", "From | to"], ["", ""], ["Monday", "a|b"], ["", "9"]]
        assert rows_in(lines_of(rows)) == rows
