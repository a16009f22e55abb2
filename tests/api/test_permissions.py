"""Every route of the house by every role, against the guide's table of permissions (section 7)."""

import re

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import Settings
from app.web import make_app
from engine.accounts.models import User
from engine.api.ports import Ports
from engine.api.request import Allow, SignedIn
from engine.api.rules import RouteRule, rules_of
from engine.core.access import LEAST_ROLE, Permission, allows
from engine.core.actor import Actor, Role
from engine.core.ids import new_id
from tests.clock import TestClock
from tests.factories import people

#: The guide's rows, and DESIGN section 6 for what it does not name. None: everybody.
TABLE: dict[str, Role | None] = {
    "storefront.browse": None,
    "order.place": None,
    "admin.enter": Role.VIEWER,
    "page.view": Role.VIEWER,
    "product.view": Role.VIEWER,
    "page.edit": Role.EDITOR,
    "media.upload": Role.EDITOR,
    "article.manage": Role.EDITOR,
    "redirect.manage": Role.EDITOR,
    "comment.moderate": Role.EDITOR,
    "review.moderate": Role.EDITOR,
    "navigation.manage": Role.EDITOR,
    "template.manage": Role.EDITOR,
    "form.manage": Role.EDITOR,
    "file.manage": Role.EDITOR,
    "product.manage": Role.STORE_MANAGER,
    "order.manage": Role.STORE_MANAGER,
    "coupon.manage": Role.STORE_MANAGER,
    "category.manage": Role.STORE_MANAGER,
    "tag.manage": Role.STORE_MANAGER,
    "settings.view": Role.ADMIN,
    "settings.update": Role.ADMIN,
    "user.manage": Role.ADMIN,
    "device.manage": Role.ADMIN,
    "integration.manage": Role.ADMIN,
    "system.configure": Role.SUPER_ADMIN,
    "outbox.view": Role.ADMIN,
    "job.view": Role.ADMIN,
    "health.view": Role.ADMIN,
    "log.view": Role.ADMIN,
    "audit.view": Role.ADMIN,
    "backup.create": Role.ADMIN,
}
NOBODY = "stranger"
#: Refusing is what these do for a wrong token, whoever brings it.
GUARDED_BY_TOKEN = frozenset({"/setup", "/metrics"})
STREAM = (b"content-type", b"text/event-stream; charset=utf-8")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def crowd(house: Ports, owner: Actor) -> dict[str, Actor]:
    """One person of each role, and a stranger."""
    made = {role.value: await people.account(house, role) for role in Role if role is not Role.SUPER_ADMIN}
    return {**made, "super_admin": owner, NOBODY: Actor.stranger()}


@pytest.fixture
def app(house: Ports, settings: Settings) -> FastAPI:
    return make_app(house, settings, runs_jobs=False)


class TestTable:
    @pytest.mark.parametrize("permission", list(Permission))
    @pytest.mark.parametrize("role", list(Role))
    def test_each_role_may_what_the_guide_says(self, permission: Permission, role: Role) -> None:
        least = TABLE[permission.value]
        may = least is None or role.rank >= least.rank
        assert allows(Actor.person(new_id(), role), permission) is may

    def test_it_names_every_permission_and_no_other(self) -> None:
        assert TABLE.keys() == {permission.value for permission in Permission} == set(LEAST_ROLE)

    def test_a_stranger_may_shop_and_nothing_else(self) -> None:
        may = {permission.value for permission in Permission if allows(Actor.stranger(), permission)}
        assert may == {"storefront.browse", "order.place"}


class TestRoutes:
    async def test_each_declares_its_rule(self, app: FastAPI) -> None:
        found = rules_of(app)
        assert [f"{one.method} {one.path}" for one in found if not one.rules] == []
        assert len(found) > 60

    async def test_each_lets_in_who_may_and_nobody_else(
        self, app: FastAPI, house: Ports, crowd: dict[str, Actor], clock: TestClock
    ) -> None:
        transport = ASGITransport(app=begun(app), client=("127.0.0.1", 50000), raise_app_exceptions=False)
        wrong: list[str] = []
        async with AsyncClient(transport=transport, base_url="http://localhost") as client:
            for route in rules_of(app):
                for name, actor in crowd.items():
                    clock.move(hours=1)  # empty sign-ins lock the empty address
                    status = await _status(client, house, route, actor)
                    if not _fits(route, actor, status):
                        wrong.append(f"{route.method} {route.path} as {name}: {status}")
        assert wrong == []


def begun(app: ASGIApp) -> ASGIApp:
    """Return the application as heard by who hangs up on an answer without end once it begins."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        is_over = False

        async def heard(message: Message) -> None:
            nonlocal is_over
            if is_over:
                return
            await send(message)
            is_over = message["type"] == "http.response.start" and STREAM in message["headers"]
            if is_over:
                await send({"type": "http.response.body"})

        await app(scope, receive, heard)

    return asked


async def _status(client: AsyncClient, house: Ports, route: RouteRule, actor: Actor) -> int:
    path = re.sub(r"\{[^}]+\}", str(new_id()), route.path)
    headers = {"accept": "application/json", **(await _bearer(house, actor))}
    answer = await client.request(route.method, path, headers=headers)
    client.cookies.clear()
    return answer.status_code


async def _bearer(house: Ports, actor: Actor) -> dict[str, str]:
    """Return a fresh token: some routes end those that are about."""
    if not actor.is_signed_in:
        return {}
    async with house.db.read() as session:
        user = await session.get_one(User, actor.user_id)
    return {"authorization": f"Bearer {house.front_desk.mint.access_token(user, house.clock.now())}"}


def _fits(route: RouteRule, actor: Actor, status: int) -> bool:
    if status >= 500:
        return False
    for rule in route.rules:
        if isinstance(rule, SignedIn) and not actor.is_signed_in:
            return status == 401
        if isinstance(rule, Allow) and not allows(actor, rule.permission):
            return status == (403 if actor.is_signed_in else 401)
    return status not in {401, 403} or route.path in GUARDED_BY_TOKEN
