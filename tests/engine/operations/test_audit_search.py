"""Searching a log of any length: the same lines as by looking at each, and counted as far as anybody looks."""

from collections.abc import Sequence
from typing import Any

import pytest

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.paging import PageRequest
from engine.core.records import reading
from engine.core.records.reading import ListRequest, Record, listed
from engine.operations.resources import AUDIT

WHO = ("ada@example.org", "Greta_100%", "Agora", "")
WHERE = ("192.0.2.7", "2001:db8::7", "")
WHAT = ("order.place", "order.pay", "page.publish")
SYSTEM = Actor.system()


@pytest.fixture
async def lines(house: Ports) -> Sequence[Record]:
    """A line of each to each, twice; the newest first."""
    async with house.db.write() as tx:
        for what in WHAT * 2:
            for who in WHO:
                for where in WHERE:
                    tx.record(Actor(email=who, ip_address=where), what, resource_type="thing", changes={})
    return await every(house)


async def every(house: Ports, search: str = "", **asked: Any) -> Sequence[Record]:
    page = await house.db.query(listed, SYSTEM, AUDIT, ListRequest(PageRequest(1, 100), search, **asked))
    return page.items


def by_hand(lines: Sequence[Record], words: str) -> list[Any]:
    def holds(line: Record, word: str) -> bool:
        return any(word in line.values[name].lower() for name in ("action", "actor", "ip_address"))

    return [line.id for line in lines if all(holds(line, word) for word in words.lower().split())]


class TestSearch:
    async def test_it_finds_what_looking_at_each_line_would(self, house: Ports, lines: Sequence[Record]) -> None:
        for words in ("order", "DA@exa", "pay ada", "192.0", "db8::", "greta 2001", "_100%", "%", "_", "/", "x'y", "."):
            found = [line.id for line in await every(house, words)]
            assert found == by_hand(lines, words), words
        both = await every(house, "order", filters={"action": ["order.pay"]}, sort="action")
        assert {line.id for line in both} == set(by_hand(lines, "order.pay"))

    async def test_more_than_anybody_looks_through_is_not_counted(
        self, house: Ports, lines: Sequence[Record], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wanted = by_hand(lines, "order")
        monkeypatch.setattr(reading, "MOST_FOUND", 10)

        async def page(number: int, **asked: Any) -> tuple[list[Any], int, bool]:
            request = ListRequest(PageRequest(number, 20), "order", **asked)
            found = await house.db.query(listed, SYSTEM, AUDIT, request)
            return [line.id for line in found.items], found.total, found.is_more

        assert await page(1) == (wanted[:20], 20, True)
        assert await page(3) == (wanted[40:], len(wanted), False)
        assert await page(9) == ([], 160, False)
        assert await page(1, is_exact=True) == (wanted[:20], len(wanted), False)
        monkeypatch.setattr(reading, "MOST_FOUND", 1_000)
        assert await page(1) == (wanted[:20], len(wanted), False)
        assert await page(9) == ([], len(wanted), False)
