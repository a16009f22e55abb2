"""Personal data by its pages: one's own, and that of others for staff. On SQLite only: verbs are tested on both."""

import io
import zipfile

import pytest
from httpx import AsyncClient
from sqlalchemy import Select, select

from engine.accounts.models import User
from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.factories import people
from tests.factories.people import PASSWORD

EMAIL = "ada@example.org"


def _users(email: str) -> Select[tuple[str]]:
    return select(User.email).where(User.email == email)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def ada(house: Ports, owner: Actor, client: AsyncClient) -> AsyncClient:
    assert owner.is_staff
    client.cookies.update(await people.cookie(house, await people.account(house, email=EMAIL, name="Ada Lovelace")))
    client.headers["sec-fetch-site"] = "same-origin"
    return client


@pytest.fixture
async def admin(house: Ports, owner: Actor, client: AsyncClient) -> AsyncClient:
    assert owner.is_staff
    client.cookies.update(await people.cookie(house, await people.account(house, Role.ADMIN)))
    client.headers["sec-fetch-site"] = "same-origin"
    return client


class TestOwn:
    async def test_all_of_it_comes_as_one_file(self, ada: AsyncClient) -> None:
        assert "Download my data" in (await ada.get("/account/data")).text
        answer = await ada.post("/account/data/exports")
        assert answer.headers["cache-control"] == "no-store"
        assert "account.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()

    async def test_a_wrong_password_erases_nothing_and_the_right_one_everything(
        self, ada: AsyncClient, house: Ports
    ) -> None:
        answer = await ada.post("/account/data/erasures", data={"password": "no"})
        assert answer.status_code == 422
        assert "not your password" in answer.text
        answer = await ada.post("/account/data/erasures", data={"password": PASSWORD})
        assert answer.status_code == 303
        assert (await ada.get("/account")).status_code in (302, 303, 401)
        async with house.db.read() as session:
            assert not (await session.execute(_users(EMAIL))).first()


class TestStaff:
    async def test_a_person_is_handed_over_and_erased_once_it_is_meant(self, admin: AsyncClient, house: Ports) -> None:
        await people.account(house, email=EMAIL)
        assert EMAIL in (await admin.get(f"/admin/privacy?email={EMAIL}")).text
        answer = await admin.post("/admin/privacy/exports", data={"email": EMAIL})
        assert answer.headers["content-type"] == "application/zip"
        assert (await admin.post("/admin/privacy/erasures", data={"email": EMAIL})).status_code == 422
        assert (await admin.post("/admin/privacy/exports", data={"email": "nobody"})).status_code == 422
        answer = await admin.post("/admin/privacy/erasures", data={"email": EMAIL, "confirmed": "true"})
        assert answer.status_code == 303
        async with house.db.read() as session:
            assert not (await session.execute(_users(EMAIL))).first()

    async def test_it_is_not_for_store_managers(self, client: AsyncClient, house: Ports, owner: Actor) -> None:
        assert owner.is_staff
        manager = await people.cookie(house, await people.account(house, Role.STORE_MANAGER))
        assert (await client.get("/admin/privacy", cookies=manager)).status_code == 403
