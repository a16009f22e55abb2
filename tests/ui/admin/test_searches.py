"""`/admin/searches`: what was not found, and what staff make of it."""

from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Role
from tests.factories import people
from tests.factories.shop import Shop
from tests.ui.admin.conftest import sitting


class TestSearches:
    async def test_a_shoppers_search_stands_on_the_list(self, at_owner: AsyncClient, house: Ports) -> None:
        await at_owner.get("/search?q=Beaker")
        await at_owner.get("/search?q=beaker&page=2")
        await at_owner.get("/search?q=bea", headers={"hx-request": "true"})
        await at_owner.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
        assert (await at_owner.get("/admin/searches")).text.count("table-row") == 0  # the index is not whole yet
        await house.keeper.rebuild()
        for _ in range(2):
            await at_owner.get("/search?q=Beaker")
        await at_owner.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
        text = (await at_owner.get("/admin/searches")).text
        assert text.count('"table-row"') == 2
        assert "<script>alert" not in text
        assert "table-row" not in (await at_owner.get("/admin/searches?view=found")).text

    async def test_a_synonym_is_added(self, at_owner: AsyncClient, house: Ports, shop: Shop) -> None:
        await shop.product("Mug")
        await house.keeper.rebuild()
        await at_owner.get("/search?q=beaker")
        form = await at_owner.get("/admin/searches/meaning?question=beaker")
        assert "beaker" in form.text
        refused = await at_owner.post("/admin/searches/meaning", data={"question": "beaker", "meaning": " "})
        assert (refused.status_code, "aria-invalid" in refused.text) == (422, True)
        done = await at_owner.post("/admin/searches/meaning", data={"question": "beaker", "meaning": "mug"})
        assert done.status_code == 303
        assert "Mug" in (await at_owner.get("/search?q=beaker")).text
        assert "table-row" not in (await at_owner.get("/admin/searches")).text

    async def test_synonyms_are_written_in_lines(self, at_owner: AsyncClient, house: Ports) -> None:
        refused = await at_owner.post("/admin/searches/synonyms", data={"synonyms": "tee, shirt\nalone"})
        assert refused.status_code == 422
        assert "alone" in refused.text
        await at_owner.post("/admin/searches/synonyms", data={"synonyms": "tee, shirt\r\n\r\n jumper  => sweater"})
        assert house.site.search.synonyms == ["tee, shirt", "jumper => sweater"]

    async def test_a_question_is_dismissed(self, at_owner: AsyncClient, house: Ports) -> None:
        await house.keeper.rebuild()
        await at_owner.get("/search?q=beaker")
        await at_owner.get("/admin/searches")
        await at_owner.post("/admin/searches/dismissals", data={"question": "beaker"})
        assert "Everything was found" in (await at_owner.get("/admin/searches")).text

    async def test_an_index_that_must_be_built_says_so(self, at_owner: AsyncClient, house: Ports) -> None:
        assert "is not there yet" in (await at_owner.get("/admin/searches")).text
        assert (await at_owner.get("/health/ready")).json()["search"] == "missing"
        assert (await at_owner.post("/admin/searches/rebuilds")).status_code == 303
        await house.jobs.run_until_idle()
        assert "is not there yet" not in (await at_owner.get("/admin/searches")).text
        assert (await at_owner.get("/health/ready")).json()["search"] == "ready"

    async def test_store_managers_come_in_and_editors_do_not(self, at_owner: AsyncClient, house: Ports) -> None:
        for role, status in ((Role.EDITOR, 403), (Role.STORE_MANAGER, 200)):
            sitting(at_owner, await people.cookie(house, await people.account(house, role)))
            assert (await at_owner.get("/admin/searches")).status_code == status
        refused = await at_owner.post("/admin/searches/rebuilds")
        assert refused.status_code == 403
