"""Brokers that want a password over TLS, as managed ones do: facts go through, and a refusal says what to look at."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from adapters.bus.kafka import KafkaBus, KafkaPlace
from engine.core.database import Database
from engine.core.errors import Unavailable
from tests.adapters.bus.gate import HASHES, PASSWORD, USER, Gate
from tests.adapters.bus.test_contract import SECONDS, Process
from tests.certificate import write_certificate
from tests.programs import Program, free_port


@pytest.fixture(params=HASHES)
async def place(request: pytest.FixtureRequest, kafka_program: str, tmp_path: Path) -> AsyncIterator[KafkaPlace]:
    """A broker behind a gate that takes one way to sign in."""
    behind, port = free_port(), free_port()
    addresses = ["--listener-url", f"tcp://127.0.0.1:{behind}", "--advertised-listener-url", f"tcp://127.0.0.1:{port}"]
    broker = Program([kafka_program, "broker", *addresses], behind, tmp_path)
    broker.start()
    async with Gate(tmp_path, port, behind, request.param) as gate:
        yield KafkaPlace(f"127.0.0.1:{port}", USER, PASSWORD, request.param, True, str(gate.certificate))
    broker.stop()


async def test_facts_go_through(place: KafkaPlace, sqlite_url: str) -> None:
    said: set[UUID] = set()
    here, there = (Process(sqlite_url, lambda db: KafkaBus(db, place, tail_seconds=600), said) for _ in range(2))
    for process in (here, there):
        await process.bus.start()
        assert isinstance(process.bus, KafkaBus)
        await asyncio.wait_for(process.bus.connected.wait(), SECONDS)
    await here.say("behind a password")
    await here.jobs.run_until_idle()
    assert await there.hears("behind a password")
    for process in (here, there):
        await process.close()


async def test_what_is_wrong_is_told(place: KafkaPlace, sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other, _key = write_certificate(tmp_path / "other")
    db = Database(sqlite_url)
    for wrong, told in (
        (replace(place, password="wrong"), "user and password"),
        (replace(place, mechanism="PLAIN" if place.mechanism != "PLAIN" else "SCRAM-SHA-256"), "user and password"),
        (replace(place, ca_file=str(other)), "encryption"),
        (replace(place, ca_file=str(_key)), "certificate file does not hold"),
        (replace(place, ca_file=str(tmp_path / "gone")), "No such file"),
    ):
        with pytest.raises(Unavailable, match=told):
            await KafkaBus(db, wrong).probe()
    await KafkaBus(db, place).probe()
    await db.close()
