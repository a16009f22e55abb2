"""The index looks after itself, and what was asked of it is remembered without whoever asked."""

import pytest
from sqlalchemy import func, select

from app.wiring import wire
from engine.api.ports import Ports
from engine.core import searchquestions
from engine.core.actor import Actor, Role
from engine.core.errors import Invalid, NotAllowed
from engine.core.ids import new_id
from engine.core.jobs import Job, JobStatus
from engine.core.paging import PageRequest
from engine.core.ports import SearchRequest
from engine.core.searching import INDEX, REBUILD
from engine.core.searchquestions import folded
from tests.clock import TestClock
from tests.factories.catalog import MANAGER
from tests.factories.shop import Shop

EDITOR = Actor.person(new_id(), Role.EDITOR, "ed@shop.example", "Ed")


async def waiting(house: Ports, kind: str) -> int:
    counted = select(func.count()).where(Job.kind == kind, Job.status == JobStatus.QUEUED)
    async with house.db.read() as session:
        return await session.scalar(counted) or 0


async def unanswered(house: Ports) -> list[tuple[str, int, int]]:
    found = await house.db.query(searchquestions.questions, MANAGER, PageRequest(1, 20), is_answered=False)
    return [(one.question, one.asked, one.found) for one in found.items]


class TestIndex:
    async def test_a_missing_one_is_built_once_from_the_tables(self, house: Ports, shop: Shop) -> None:
        for name in ("Mug", "Bowl", "Cup"):
            await shop.product(name)
        assert await house.keeper.problem() == "missing"
        assert await house.keeper.tend()
        assert not await house.keeper.tend()
        assert await waiting(house, REBUILD) == 1
        await house.jobs.run_until_idle()
        assert await house.keeper.problem() == ""
        assert not await house.keeper.tend()
        assert (await house.search.search(SearchRequest("mug"))).total == 1

    async def test_another_engine_or_language_is_built_when_it_is_chosen(self, house: Ports, shop: Shop) -> None:
        await shop.product("Blaue Tassen")
        await house.keeper.rebuild()
        await shop.set("general", language="de")
        assert await house.keeper.problem() == "outdated"
        await house.keeper.rebuild()
        assert (await house.search.search(SearchRequest("tasse "))).total == 1
        await shop.set("system", featureBackends={"search": "database"})
        assert await house.keeper.problem() == "missing"
        await house.keeper.rebuild()
        await shop.product("Teller")
        await house.jobs.run_until_idle()
        await shop.set("system", featureBackends={"search": "tantivy"})
        assert await house.keeper.problem() == "another"
        await house.keeper.rebuild()
        assert (await house.search.search(SearchRequest("teller"))).total == 1
        assert await house.keeper.problem() == ""

    async def test_many_edits_are_one_job(self, house: Ports, shop: Shop) -> None:
        await house.jobs.run_until_idle()
        for number in range(5):
            await shop.product(f"Mug {number}")
        while await waiting(house, INDEX) == 0:
            await house.jobs.run_next()
        for _ in range(4):
            await house.jobs.run_next()
        assert await waiting(house, INDEX) <= 1
        await house.jobs.run_until_idle()
        assert (await house.search.search(SearchRequest("mug"))).total == 5

    async def test_a_damaged_one_is_mended_by_a_rebuild(self, house: Ports, shop: Shop, settings: object) -> None:
        await shop.product("Mug")
        await house.keeper.rebuild()
        for path in (settings.data_dir / "search").glob("*/*.term"):  # type: ignore[attr-defined]
            path.write_bytes(b"junk")
        again = wire(settings)  # type: ignore[arg-type]
        assert not (await again.search.search(SearchRequest("mug"))).is_whole
        assert await again.keeper.problem() == "damaged"
        await again.db.close()


class TestQuestions:
    async def test_they_are_counted_and_written_together(self, house: Ports, clock: TestClock) -> None:
        book = house.keeper.book
        for text in ("Blue  Mug", "blue mug", "ＢＬＵＥ mug", "teapot"):
            book.note(text, 0)
        assert await unanswered(house) == []
        assert await book.flush() == 2
        book.note("blue mug", 0)
        book.note("bowl", 3)
        await book.flush()
        assert await book.flush() == 0
        assert await unanswered(house) == [("blue mug", 4, 0), ("teapot", 1, 0)]
        book.note("teapot", 2)
        await book.flush()
        assert await unanswered(house) == [("blue mug", 4, 0)]

    @pytest.mark.parametrize(
        "text",
        ["ada@example.org", "mug for ada@example.org", "+44 20 7946 0958", "4111 1111 1111 1111", "", " ", "\x00"],
    )
    def test_what_tells_of_a_person_is_not_kept(self, text: str) -> None:
        assert folded(text) == ""

    async def test_hostile_ones_are_kept_short_and_only_so_many(self, house: Ports) -> None:
        book = house.keeper.book
        for text in ("x" * 10_000, "\ud800mug", "mug\x00\n\x07", "🎉", "'; DROP TABLE search_questions; --"):
            book.note(text, 0)
        for number in range(2_000):
            book.note(f"q{number:04} ", 0)
        assert await book.flush() == 1_000

    async def test_they_are_forgotten_after_ninety_days(self, house: Ports, clock: TestClock) -> None:
        house.keeper.book.note("old", 0)
        await house.keeper.book.flush()
        clock.move(days=89)
        house.keeper.book.note("new", 0)
        await house.keeper.book.flush()
        clock.move(days=2)
        await house.jobs.start_scheduled()
        await house.jobs.run_until_idle()
        assert await unanswered(house) == [("new", 1, 0)]

    async def test_a_synonym_answers_one_and_takes_it_off_the_list(self, house: Ports, shop: Shop) -> None:
        await shop.product("Mug")
        await house.jobs.run_until_idle()
        house.keeper.book.note("beaker", 0)
        await house.keeper.book.flush()
        async with house.db.write() as tx:
            await searchquestions.add_synonym(tx, MANAGER, house.settings, "beaker", "mug, cup")
        await house.settings.refresh()
        assert house.site.search.synonyms == ["beaker => mug, cup"]
        assert (await house.search.search(SearchRequest("beaker"))).total == 1
        assert await unanswered(house) == []

    async def test_synonyms_that_say_nothing_are_refused_and_named(self, house: Ports) -> None:
        with pytest.raises(Invalid, match="saved") as refused:
            async with house.db.write() as tx:
                await searchquestions.set_synonyms(tx, MANAGER, house.settings, ["tee, shirt", "mug"])
        assert any("mug" in str(message) for message in refused.value.fields.values())
        await house.settings.refresh()
        assert house.site.search.synonyms == []

    async def test_below_store_manager_nobody_reads_or_changes_them(self, house: Ports) -> None:
        with pytest.raises(NotAllowed):
            await house.db.query(searchquestions.questions, EDITOR, PageRequest(1, 20), is_answered=False)
        for change in (
            lambda tx: searchquestions.set_synonyms(tx, EDITOR, house.settings, ["a, b"]),
            lambda tx: searchquestions.dismiss(tx, EDITOR, "mug"),
        ):
            with pytest.raises(NotAllowed):
                async with house.db.write() as tx:
                    await change(tx)
