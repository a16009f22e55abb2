"""The unit of work of a route: committed before the answer, undone with it."""

from httpx import ASGITransport, AsyncClient
from sqlalchemy import func, insert, select

from app.settings import Settings
from app.web import make_app
from engine.api.gateway import signposts
from engine.api.ports import Ports
from engine.api.request import WriteTx, public
from engine.core.actor import Actor
from engine.core.errors import Conflict
from engine.core.settings import SiteSetting


async def settings_rows(house: Ports) -> int:
    async with house.db.read() as session:
        return await session.scalar(select(func.count()).select_from(SiteSetting)) or 0


async def test_a_commit_that_fails_is_not_answered_with_success(house: Ports, settings: Settings, owner: Actor) -> None:
    app = make_app(house, settings, runs_jobs=False)

    @app.post("/api/v1/broken", dependencies=[public])
    async def broken(tx: WriteTx) -> dict[str, str]:
        tx.add(SiteSetting(key=None, value={}))
        return {"status": "saved"}

    @app.post("/api/v1/twice", dependencies=[public])
    async def twice(tx: WriteTx) -> dict[str, str]:
        for _ in range(2):
            await tx.execute(insert(SiteSetting).values(key="twice", value={}, created_at=tx.now, updated_at=tx.now))
        return {"status": "saved"}

    @app.post("/api/v1/refused", dependencies=[public])
    async def refused(tx: WriteTx) -> None:
        tx.add(SiteSetting(key="once", value={}))
        raise Conflict("no")

    added = [app.router.routes.pop() for _ in range(3)]
    app.router.routes[:0] = added  # before the routes of every list
    signposts.install(app)
    transport = ASGITransport(app=app, client=("127.0.0.1", 1), raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://localhost") as client:
        assert owner.is_staff
        answer = await client.post("/api/v1/broken")
        assert answer.status_code == 500
        assert "request id" in answer.json()["detail"]
        assert (await client.post("/api/v1/refused")).status_code == 409
        assert (await client.post("/api/v1/twice")).status_code == 409
    assert await settings_rows(house) == 0
