"""Alerts by the real thing: a disk that is full, a machine's memory, a Kafka that is gone; told by post and webhook."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.bus.kafka import RELAY, KafkaBus, KafkaPlace, backlog
from adapters.machine.local import LocalMachine
from adapters.web.hook import WebHook
from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.operations.alerting import raising
from engine.operations.alerting.alarm import Alarm
from engine.operations.alerting.webhooks import webhook_job
from engine.operations.watch.watching import EVERY_SECONDS, Watch
from tests.adapters.email.test_smtp import Mailbox, serving
from tests.clock import TestClock
from tests.factories.shop import Shop
from tests.harness.place import Place, fill, made_place
from tests.programs import free_port


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Place]:
    with made_place(tmp_path) as place:
        if not place.is_small:
            pytest.skip("this machine lets us make no small disk of our own")
        yield place


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, list[dict[str, Any]]]]:
    """A small web server that takes whatever is posted; its port, and what it was told."""
    told: list[dict[str, Any]] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        size = int(head.partition("content-length:")[2].split()[0])
        told.append(json.loads(await reader.readexactly(size)))
        writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], told


async def configure(house: Ports, key: str, **values: object) -> None:
    async with house.db.write() as tx:
        await house.settings.update(tx, Actor.system(), key, values)
    await house.settings.refresh()


async def test_each_is_told_once_by_post_and_webhook_and_warnings_wait_for_the_morning(
    house: Ports, owner: Actor, shop: Shop, disk: Place, clock: TestClock
) -> None:
    house.jobs.kinds[raising.WEBHOOK] = webhook_job(house.settings, WebHook(is_allowed=lambda _address: True))
    bus = KafkaBus(house.db, KafkaPlace(f"127.0.0.1:{free_port()}"))
    house.jobs.kinds[RELAY] = bus.job()
    house.jobs.reactions[RELAY] = bus.reaction()
    house.db.subscribers = [*house.db.subscribers, bus.reaction()]
    alarm = Alarm(Watch(house.db, LocalMachine(disk.folder), [], [], backlog), house.settings, "here")
    mailbox = Mailbox()

    async def minutes(count: float) -> None:
        for _look in range(int(count * 60 / EVERY_SECONDS)):
            clock.move(seconds=EVERY_SECONDS)
            await alarm.tend()
        await house.jobs.run_until_idle()

    def letters() -> list[str]:
        assert {tuple(one.rcpt_tos) for one in mailbox.taken} <= {(owner.email,)}
        return [str(Mailbox(taken=[one]).message()["Subject"]) for one in mailbox.taken]

    async with serving(mailbox) as port, listening() as (hook, told):
        await configure(house, "general", timezone="UTC")
        sent = {"host": "127.0.0.1", "port": str(port), "encryption": "none"}
        await configure(house, "email", provider="smtp", fromEmail="shop@example.org", credentials=sent)
        hours = {"quietFrom": "22:00", "quietUntil": "07:00"}
        limits = {"memoryPercent": 1, "busLag": 1, "cpuPercent": 100}
        await configure(house, "alerts", webhookUrl=f"http://127.0.0.1:{hook}/agora", **hours, **limits)
        clock.move(hours=(23 - clock.now().hour) % 24)
        for name in ("Mug", "Bowl"):
            await shop.product(name=name)  # which the broker that is gone is never told of
        await house.jobs.run_until_idle()
        await minutes(6)
        assert set(await house.db.query(raising.open_alerts)) == {"high_memory", "bus_lag"}
        assert (letters(), told) == ([], [])  # it is night
        fill(disk.folder / "ballast")
        await minutes(0.25)
        assert len(letters()) == 1, letters()
        assert [one["alert"]["rule"] for one in told] == ["disk_space"]
        assert told[0]["alert"]["value"] > 90
        clock.move(hours=9)
        await minutes(0.25)
        assert sorted(one["alert"]["rule"] for one in told) == ["bus_lag", "disk_space", "high_memory"]
        (disk.folder / "ballast").unlink()
        await minutes(4)
        assert [(one["event"], one["alert"]["rule"]) for one in told[3:]] == [("alert.over", "disk_space")]
        assert len(letters()) == len(told) == 4
