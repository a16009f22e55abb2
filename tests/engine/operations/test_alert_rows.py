"""One alert of a rule is open at a time, whoever raises it."""

from sqlalchemy import func, select

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.operations.alerting import raising
from engine.operations.alerting.models import Alert
from engine.operations.alerting.rules import BY_KEY


async def test_two_processes_raise_one(house: Ports, owner: Actor) -> None:
    assert owner.is_staff
    for source in ("one", "two"):
        async with house.db.write() as tx:
            await raising.raise_alert(tx, BY_KEY["high_cpu"], 99.0, house.site.alerts, "", source)
    async with house.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Alert)) == 1
