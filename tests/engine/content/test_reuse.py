"""Reusable blocks: where they are shown, and what they leave where one is let go."""

from uuid import UUID

from engine.api.ports import Ports
from engine.content.pages import reuse
from engine.content.pages.models import PageKind
from engine.core.actor import Role
from engine.core.blocks import tree
from engine.core.ids import new_id
from tests.factories import people
from tests.factories.pages import EDITOR, Site, block


async def shared(house: Ports, *, published: bool = True) -> tuple[Site, UUID]:
    site = Site(house, await people.account(house, Role.EDITOR))
    blocks = [
        block("heading", id="h", text="Open"),
        block("section", block("text", id="t", text="<p>9 to 5</p>"), id="s"),
    ]
    page = await site.page("Hours", *blocks, kind=PageKind.REUSABLE, published=published)
    return site, page.id


class TestUsedOn:
    async def test_it_names_drafts_and_what_visitors_see_each_once(self, house: Ports):
        site, source = await shared(house)
        use = block("reusable", id="r", source=str(source))
        draft = await site.page("A draft", block("section", use))
        live = await site.page("B live", use, published=True)
        gone = await site.page("C was", use, published=True)
        await site.save(gone.id, gone.edit, {"title": "C was", "blocks": []})
        await site.page("D other", block("reusable", id="r", source=str(new_id())))
        found = await house.db.query(reuse.used_on, source)
        assert found == [(draft.id, "A draft"), (live.id, "B live"), (gone.id, "C was")]


class TestDetached:
    async def test_what_it_shows_stands_there_with_what_differed_and_ids_of_its_own(self, house: Ports):
        _site, source = await shared(house)
        raw = block("reusable", id="r", source=str(source), overrides={"h": {"text": "Come in"}})
        (use,) = tree.read([raw], house.blocks)
        made = await house.db.query(reuse.detached, use, house.blocks)
        words = [node.raw.get("text") for node in tree.walk(made)]
        assert words == ["Come in", None, "<p>9 to 5</p>"]
        assert {node.id for node in tree.walk(made)}.isdisjoint({"h", "s", "t", "r-h", "r-s", "r-t"})
        assert tree.read(tree.plain(made), house.blocks, actor=EDITOR)

    async def test_what_is_not_published_or_nowhere_leaves_nothing(self, house: Ports):
        _site, source = await shared(house, published=False)
        for one in (str(source), str(new_id()), ""):
            (use,) = tree.read([block("reusable", id="r", source=one)], house.blocks)
            assert await house.db.query(reuse.detached, use, house.blocks) == ()
