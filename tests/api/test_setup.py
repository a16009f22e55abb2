"""The claim: with the token, once, whoever comes first."""

import asyncio
from typing import Any

import pytest
from httpx import AsyncClient

from app.settings import Settings
from engine.api.ports import Ports
from engine.core.actor import Role
from tests.factories import people
from tests.factories.people import PASSWORD


def claim(house: Ports, **changes: Any) -> dict[str, Any]:
    sent: dict[str, Any] = {
        "token": house.front_desk.claim_token.read(),
        "organization": {"name": "Kiln & Loam", "language": "de", "timezone": "Europe/Berlin", "currency": "EUR"},
        "owner": {"name": "Mara Okonkwo", "email": "Mara@example.org", "password": PASSWORD},
    }
    for path, value in changes.items():
        part, _, name = path.partition("__")
        if name:
            sent[part][name] = value
        else:
            sent[part] = value
    return sent


class TestClaim:
    async def test_it_makes_the_owner_and_the_settings_and_ends_the_token(
        self, client: AsyncClient, house: Ports, settings: Settings
    ) -> None:
        answer = await client.post("/api/v1/setup", json=claim(house))
        assert answer.status_code == 201
        assert (answer.json()["user"]["role"], answer.json()["user"]["email"]) == ("super_admin", "mara@example.org")
        general = (await client.get("/api/v1/settings/public")).json()
        assert general["general"]["siteName"] == "Kiln & Loam"
        assert (general["general"]["timezone"], general["general"]["language"]) == ("Europe/Berlin", "de")
        assert general["general"]["currency"] == general["payments"]["currency"] == "EUR"
        assert not (settings.data_dir / "claim-token").exists()
        headers = {"authorization": f"Bearer {answer.json()['accessToken']}"}
        assert (await client.get("/api/v1/users", headers=headers)).json()["total"] == 1

    async def test_before_it_all_else_is_503_and_afterwards_it_is_409(self, client: AsyncClient, house: Ports) -> None:
        sent = claim(house)
        assert (await client.get("/api/v1/settings/public")).status_code == 503
        assert (await client.post("/api/v1/auth/register", json=sent["owner"])).status_code == 503
        assert (await client.post("/api/v1/setup", json=sent)).status_code == 201
        assert (await client.post("/api/v1/setup", json=sent)).status_code == 409
        assert (await client.post("/api/v1/setup", json={**sent, "token": "wrong"})).status_code == 409

    @pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 22])
    async def test_a_wrong_token_is_403_and_changes_nothing(
        self, client: AsyncClient, house: Ports, token: str
    ) -> None:
        assert (await client.post("/api/v1/setup", json=claim(house, token=token))).status_code == 403
        assert (await client.post("/api/v1/setup", json=claim(house))).status_code == 201

    async def test_of_two_at_once_one_wins(self, client: AsyncClient, house: Ports) -> None:
        claims = [claim(house, owner__email=f"owner{number}@example.org") for number in range(2)]
        answers = await asyncio.gather(*(client.post("/api/v1/setup", json=sent) for sent in claims))
        assert sorted(answer.status_code for answer in answers) == [201, 409]

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("organization__timezone", "Mars/Olympus"),
            ("organization__currency", "XXQ"),
            ("organization__language", "zz_ZZ"),
            ("organization__name", "   "),
            ("organization__name", "\u200b\u3164"),
            ("owner__email", "nobody"),
            ("owner__password", "short"),
            ("owner__name", " "),
        ],
    )
    async def test_an_answer_that_cannot_be_names_its_field(
        self, client: AsyncClient, house: Ports, path: str, value: str
    ) -> None:
        answer = await client.post("/api/v1/setup", json=claim(house, **{path: value}))
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [path.replace("__", ".")]
        assert (await client.get("/api/v1/settings/public")).status_code == 503

    async def test_it_comes_from_anywhere(self, house: Ports, client: AsyncClient) -> None:
        headers = {"x-forwarded-for": "203.0.113.9"}
        assert (await client.post("/api/v1/setup", json=claim(house), headers=headers)).status_code == 201
        assert (await client.get("/api/v1/settings/public", headers=headers)).status_code == 403

    async def test_an_owner_made_by_command_ends_it_too(self, client: AsyncClient, house: Ports) -> None:
        sent = claim(house)
        await people.account(house, Role.SUPER_ADMIN)
        assert (await client.post("/api/v1/setup", json=sent)).status_code == 409
