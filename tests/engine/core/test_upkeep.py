"""Upkeep on both databases: it runs, and what is empty is given back."""

from sqlalchemy import select, text

from engine.api.ports import Ports
from engine.core import upkeep
from engine.core.database import Database
from engine.core.facts import FactRow
from engine.core.ids import new_id
from engine.core.jobs import Job


async def test_it_runs_beside_readers_and_gives_back_what_is_empty(db: Database) -> None:
    async with db.write() as tx:
        tx.add(
            *(
                FactRow(id=new_id(), name="x", about=new_id(), payload={"t": "x" * 5_000}, created_at=tx.now)
                for _ in range(400)
            )
        )
    async with db.write() as tx:
        await tx.execute(text("DELETE FROM facts"))
    done = await upkeep.vacuum(db)
    assert done["vacuum"]
    await upkeep.reindex(db)
    if db.is_sqlite:
        assert not (await upkeep.vacuum(db))["vacuum"]
    async with db.write() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM facts")) == 0


async def test_a_new_database_is_not_tidied_in_its_first_minutes(house: Ports) -> None:
    await house.jobs.start_scheduled()
    async with house.db.read() as session:
        waiting = set(await session.scalars(select(Job.kind)))
    assert "records.purge_bin" in waiting
    assert not {kind for kind in waiting if kind.startswith("upkeep.") or kind == "search.rebuild"}
