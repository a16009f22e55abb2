"""How many facts Kafka has not been told yet, on both databases."""

from adapters.bus.kafka import SINCE, SOURCE, backlog
from engine.core.database import Database
from engine.core.facts import FactRow, ProcessedEvent
from engine.core.ids import new_id


async def test_what_was_not_handed_over_is_counted_from_the_first_start_on(db: Database) -> None:
    facts = [new_id() for _ in range(3)]
    async with db.write() as tx:
        tx.add(*(FactRow(id=one, name="x", about=new_id(), payload={}, created_at=tx.now) for one in facts))
    assert await db.query(backlog) == 0
    async with db.write() as tx:
        tx.add(ProcessedEvent(event_id=SINCE, source=SOURCE, processed_at=tx.now))
        tx.add(ProcessedEvent(event_id=facts[0].hex, source=SOURCE, processed_at=tx.now))
    assert await db.query(backlog) == 2
