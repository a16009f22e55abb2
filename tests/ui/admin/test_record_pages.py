"""The screens that every declared list has, seen through one of them."""

import re

from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Role
from tests.factories import people
from tests.factories.pictures import photo
from tests.ui.admin.conftest import sitting

REDIRECTS = "/admin/redirects"


async def added(at_admin: AsyncClient, old: str = "/old", new: str = "/new") -> str:
    """Add a redirect; return the address of its page."""
    answer = await at_admin.post(REDIRECTS, data={"sourcePath": old, "targetUrl": new, "statusCode": "301"})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


class TestList:
    async def test_an_empty_one_says_what_it_is_for_and_how_to_begin(self, at_admin: AsyncClient) -> None:
        text = (await at_admin.get(REDIRECTS)).text
        assert "No redirects yet" in text
        assert f'href="{REDIRECTS}/new"' in text

    async def test_filters_are_chips_that_lead_out_and_words_narrow(self, at_admin: AsyncClient) -> None:
        await added(at_admin, "/a", "/b")
        text = (await at_admin.get(f"{REDIRECTS}?statusCode=302")).text
        assert "Nothing fits" in text
        assert re.search(r'<a class="chip" href="/admin/redirects">', text)
        assert ">/a</a>" in (await at_admin.get(f"{REDIRECTS}?search=b&statusCode=301")).text

    async def test_what_it_cannot_be_asked_is_said_over_the_whole_list(self, at_admin: AsyncClient) -> None:
        await added(at_admin, "/a")
        answer = await at_admin.get(f"{REDIRECTS}?sort=nonsense")
        assert answer.status_code == 200
        assert "is not sorted by “nonsense”" in answer.text
        assert ">/a</a>" in answer.text

    async def test_a_fragment_is_the_list_alone(self, at_admin: AsyncClient) -> None:
        answer = await at_admin.get(REDIRECTS, headers={"HX-Request": "true"})
        assert "<html" not in answer.text
        assert "HX-Request" in answer.headers["vary"]

    async def test_each_person_has_columns_and_views_of_their_own(
        self, house: Ports, client: AsyncClient, at_admin: AsyncClient
    ) -> None:
        await added(at_admin)
        assert (await at_admin.post(f"{REDIRECTS}/columns", data={"columns": ["targetUrl"]})).status_code == 303
        kept = {"name": "Mine", "query": "statusCode=301"}
        assert (await at_admin.post(f"{REDIRECTS}/views", data=kept)).status_code == 303
        text = (await at_admin.get(REDIRECTS)).text
        assert "<th" in text
        assert 'data-label="Kind"' not in text
        assert '?statusCode=301"' in text
        other = await people.account(house, Role.EDITOR)
        sitting(client, await people.cookie(house, other))
        text = (await client.get(REDIRECTS)).text
        assert 'data-label="Kind"' in text
        assert ">Mine" not in text


class TestFiles:
    async def test_a_picture_that_comes_with_the_form_is_taken_into_the_library(
        self, house: Ports, at_admin: AsyncClient
    ) -> None:
        sent = {"files": {"imageId.file": ("a.jpg", photo(), "image/jpeg")}}
        refused = await at_admin.post("/admin/categories", data={"name": ""}, **sent)
        assert refused.status_code == 422
        (kept,) = re.findall(r'name="imageId" value="([0-9a-f-]+)"', refused.text)  # it need not be sent again
        made = await at_admin.post("/admin/categories", data={"name": "Mugs", "imageId": kept})
        assert kept in (await at_admin.get(made.headers["location"])).text
        files = {"files": {"imageId.file": ("b.jpg", photo(colour="#224466"), "image/jpeg")}}
        await at_admin.post(made.headers["location"], data={"name": "Mugs", "imageId": kept}, **files)
        (now,) = re.findall(r'name="imageId" value="([0-9a-f-]+)"', (await at_admin.get(made.headers["location"])).text)
        assert now != kept
        lie = {"files": {"imageId.file": ("c.jpg", b"<html>", "image/jpeg")}}
        answer = await at_admin.post(made.headers["location"], data={"name": "Mugs"}, **lie)
        assert answer.status_code == 422
        assert "not a picture" in answer.text


class TestForm:
    async def test_a_wrong_answer_stands_at_its_field_and_keeps_what_was_typed(self, at_admin: AsyncClient) -> None:
        sent = {"sourcePath": "no slash", "targetUrl": "/kept-as-typed", "statusCode": "301"}
        answer = await at_admin.post(REDIRECTS, data=sent)
        assert answer.status_code == 422
        assert 'href="#field-sourcePath"' in answer.text
        assert 'value="/kept-as-typed"' in answer.text

    async def test_a_value_that_is_taken_is_named(self, at_admin: AsyncClient) -> None:
        await added(at_admin, "/taken")
        answer = await at_admin.post(REDIRECTS, data={"sourcePath": "/TAKEN", "targetUrl": "/x", "statusCode": "301"})
        assert answer.status_code == 422
        assert "belongs to another" in answer.text

    async def test_nobody_overwrites_what_came_later(self, at_admin: AsyncClient, clock) -> None:
        own = await added(at_admin)
        seen = re.search(r'name="seenAt" value="([^"]+)"', (await at_admin.get(own)).text)[1]
        clock.move(minutes=1)
        first = {"sourcePath": "/old", "targetUrl": "/first", "statusCode": "301", "seenAt": seen}
        assert (await at_admin.post(own, data=first)).status_code == 303
        second = await at_admin.post(own, data={**first, "targetUrl": "/second"})
        assert second.status_code == 409
        assert "Somebody else changed" in second.text
        assert 'value="/second"' in second.text

    async def test_a_viewer_sees_no_door(self, house: Ports, client: AsyncClient, at_admin: AsyncClient) -> None:
        own = await added(at_admin)
        sitting(client, await people.cookie(house, await people.account(house, Role.VIEWER)))
        for path in (REDIRECTS, own, f"{REDIRECTS}/new", f"{REDIRECTS}/bin"):
            assert (await client.get(path)).status_code == 403
        assert (await client.post(f"{own}/deletion")).status_code == 403


class TestDeletion:
    async def test_the_word_that_says_so_undoes_it(self, at_admin: AsyncClient) -> None:
        own = await added(at_admin)
        assert (await at_admin.post(f"{own}/deletion")).headers["location"] == REDIRECTS
        listed = (await at_admin.get(REDIRECTS)).text
        undo = re.search(r'action="(/admin/redirects/bin/[^"]+/restore)"', listed)[1]
        assert (await at_admin.post(undo)).headers["location"] == own
        assert (await at_admin.get(own)).status_code == 200

    async def test_many_are_deleted_and_undone_at_once(self, at_admin: AsyncClient) -> None:
        ids = [(await added(at_admin, f"/{n}")).rpartition("/")[2] for n in range(3)]
        answer = await at_admin.post(f"{REDIRECTS}/bulk", data={"selected": ids, "act": "delete"})
        assert answer.status_code == 303
        listed = (await at_admin.get(REDIRECTS)).text
        assert "3 deleted" in listed
        undo = re.search(r'action="(/admin/redirects/bin/[^"]+/restore)"', listed)[1]
        await at_admin.post(undo)
        assert "1–3 of 3" in (await at_admin.get(REDIRECTS)).text


class TestHistory:
    async def test_a_difference_is_shown_and_put_back(self, at_admin: AsyncClient) -> None:
        own = await added(at_admin, "/old", "/first")
        await at_admin.post(own, data={"sourcePath": "/old", "targetUrl": "/second", "statusCode": "301"})
        text = (await at_admin.get(f"{own}/history")).text
        assert "<del>/first</del><ins>/second</ins>" in text
        back = re.search(rf'action="({own}/history/[^"]+/restore)"', text)[1]
        assert (await at_admin.post(back)).status_code == 303
        assert 'value="/first"' in (await at_admin.get(own)).text


class TestImport:
    async def test_a_file_is_asked_what_it_means_tried_and_taken(self, house: Ports, at_admin: AsyncClient) -> None:
        table = b"From,To\n/a,/b\nwrong,/c\n"
        step = await at_admin.post(f"{REDIRECTS}/import", files={"file": ("moved.csv", table, "text/csv")})
        assert step.status_code == 200
        action = re.search(rf'action="({REDIRECTS}/import/[0-9a-f-]+)"', step.text)[1]
        meaning = {
            "column.1": "From", "field.1": "sourcePath", "column.2": "To", "field.2": "targetUrl",
            "filename": "moved.csv",
        }  # fmt: skip
        tried = await at_admin.post(action, data={**meaning, "act": "try"})
        await house.jobs.run_until_idle()
        report = (await at_admin.get(tried.headers["location"])).text
        assert "Nothing was changed" in report
        assert "No redirects yet" in (await at_admin.get(REDIRECTS)).text
        taken = await at_admin.post(action, data={**meaning, "act": "import"})
        await house.jobs.run_until_idle()
        report = (await at_admin.get(taken.headers["location"])).text
        assert "The import is done" in report
        assert "wrong" in report
        assert ">/a</a>" in (await at_admin.get(REDIRECTS)).text

    async def test_what_is_no_table_is_refused_in_the_form(self, at_admin: AsyncClient) -> None:
        answer = await at_admin.post(f"{REDIRECTS}/import", files={"file": ("x.png", b"\x89PNG\r\n", "image/png")})
        assert answer.status_code == 422
        assert "picture, not a table" in answer.text


class TestExport:
    async def test_a_formula_is_harmless_and_the_file_can_be_imported_again(
        self, house: Ports, at_admin: AsyncClient
    ) -> None:
        await added(at_admin, "/a", "/b")
        body = (await at_admin.get(f"{REDIRECTS}/export?format=csv")).content
        assert b"sourcePath" in body
        step = await at_admin.post(f"{REDIRECTS}/import", files={"file": ("again.csv", body, "text/csv")})
        action = re.search(rf'action="({REDIRECTS}/import/[0-9a-f-]+)"', step.text)[1]
        pairs = dict(re.findall(r'name="(column\.\d+)" value="([^"]*)"', step.text))
        data = {**pairs, "filename": "again.csv", "act": "import"}
        for name, column in pairs.items():
            data[name.replace("column", "field")] = column if column in ("id", "sourcePath", "targetUrl") else ""
        begun = await at_admin.post(action, data=data)
        await house.jobs.run_until_idle()
        report = (await at_admin.get(begun.headers["location"])).text
        assert "The import is done" in report
        assert "1–1 of 1" in (await at_admin.get(REDIRECTS)).text
