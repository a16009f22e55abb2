"""What every resource promises on screen: pages that render, fragments that are the block only, no foreign forms."""

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.records.kinds import wire_name
from engine.core.resource import Resource
from tests.factories import people
from tests.resources import samples
from tests.resources.conftest import Call
from tests.resources.test_conformance import MADE, RESOURCES, by_path
from tests.security.pages import problems_of

ELSEWHERE = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Screens know no database."""
    return sqlite_url


@pytest.fixture
async def screen(house: Ports, owner: Actor, client: AsyncClient) -> AsyncClient:
    """The owner's browser."""
    client.cookies.update(await people.cookie(house, owner))
    return client


async def made(call: Call, resource: Resource, number: int = 1) -> str:
    """Return the id of a new thing."""
    answer = await call("POST", f"/{resource.path}", json=samples.new(resource, number))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


class TestPages:
    @by_path(RESOURCES)
    async def test_the_list_renders_and_says_whose_it_is(self, resource: Resource, screen: AsyncClient) -> None:
        answer = await screen.get(f"/admin/{resource.path}")
        assert answer.status_code == 200
        assert problems_of(answer.text) == []
        assert str(resource.plural) in answer.text

    @by_path(RESOURCES)
    async def test_a_fragment_is_the_list_alone(self, resource: Resource, screen: AsyncClient) -> None:
        answer = await screen.get(f"/admin/{resource.path}", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert problems_of(answer.text, is_whole=False) == []

    @by_path(MADE)
    async def test_form_history_bin_and_import_render_with_labels(
        self, resource: Resource, call: Call, screen: AsyncClient
    ) -> None:
        record_id = await made(call, resource)
        own = f"/admin/{resource.path}/{record_id}"
        for path in (f"/admin/{resource.path}/new", own, f"{own}/history", f"/admin/{resource.path}/import"):
            answer = await screen.get(path)
            assert answer.status_code == 200, path
            assert problems_of(answer.text) == [], path
        text = (await screen.get(own)).text
        for field in resource.written:
            assert str(field.label) in text, wire_name(field)
        if resource.deletes:
            assert (await screen.get(f"/admin/{resource.path}/bin")).status_code == 200

    @by_path(RESOURCES)
    async def test_what_is_not_there_is_404(self, resource: Resource, screen: AsyncClient) -> None:
        answer = await screen.get(f"/admin/{resource.path}/00000000-0000-7000-8000-000000000000")
        assert answer.status_code == 404


class TestForeignForms:
    @by_path(MADE)
    async def test_a_form_from_elsewhere_changes_nothing(
        self, resource: Resource, call: Call, screen: AsyncClient
    ) -> None:
        record_id = await made(call, resource)
        own = f"/admin/{resource.path}/{record_id}"
        for path in (f"/admin/{resource.path}", own, f"{own}/deletion", f"/admin/{resource.path}/bulk"):
            assert (await screen.post(path, data={"act": "delete"}, headers=ELSEWHERE)).status_code == 403, path
        assert (await screen.get(own)).status_code == 200
