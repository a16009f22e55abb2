"""`kill -9` under checkouts and payments: each buyer has a whole order or none, and what they were told is there."""

import asyncio
import itertools
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from engine.commerce.ordering.models import Order
from engine.commerce.ordering.states import PaymentStatus
from engine.commerce.ports import Timing
from engine.core.database import Database
from engine.core.facts import FactRow, ProcessedEvent
from engine.core.jobs import Job, JobStatus
from engine.messaging.models import Message, MessageStatus
from tests.audit import audited
from tests.server import Server

BUYERS = 4
KILLS = 3
STOCK = 10_000
ADDRESS = {"name": "Ada", "line1": "1 High Street", "city": "London", "postalCode": "SW1A 1AA", "country": "GB"}


@dataclass
class Told:
    """What the buyers were told: order numbers by idempotency key, which the bank took the money for, and oddities."""

    orders: dict[str, str] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path / "installation", {"DATABASE_URL": database_url}) as running:
        running.claim()
        yield running


def buy(server: Server, product: str, keys: Iterator[int], told: Told, is_over: threading.Event) -> None:
    """Buy again and again; a cart whose order got no answer is sent again with its key until there is one."""
    with server.client() as client:
        while not is_over.is_set():
            key = f"order-{next(keys)}"
            cart = _until_answered(
                client, is_over, "/cart/items", {"productId": product, "quantity": random.randint(1, 3)}, {}
            )
            if cart is None or cart.status_code != 200:
                if cart is not None:
                    told.strange.append(f"{cart.status_code} {cart.text}")
                continue
            sent = {
                "email": f"{key}@example.org",
                "name": "Ada Lovelace",
                "shippingAddress": ADDRESS,
                "shippingMethod": "flat_rate",
                "paymentMethod": random.choice(["manual", "card"]),
            }
            headers = {"X-Cart-Id": cart.json()["id"], "Idempotency-Key": key}
            answer = _until_answered(client, is_over, "/checkout", sent, headers)
            if answer is None:
                continue
            if answer.status_code == 201:
                told.orders[key] = number = answer.json()["order"]["number"]
                if page := answer.json()["payment"]["redirectUrl"]:
                    pay(server, client, page, number, told, is_over)
            else:
                told.strange.append(f"{answer.status_code} {answer.text}")


def pay(server: Server, client: httpx.Client, page: str, number: str, told: Told, is_over: threading.Event) -> None:
    """Say on the test gateway's page that the bank pays, and when the shop hears of it, until that was answered."""
    timing = random.choice([Timing.AT_ONCE, Timing.BEFORE, Timing.TWICE])
    answer = _until_answered(client, is_over, f"{server.url}{page}", {"answer": "pay", "timing": timing}, {})
    if answer is not None and answer.status_code == 303:
        told.paid.add(number)
    elif answer is not None:
        told.strange.append(f"{answer.status_code} {answer.text}")


def _until_answered(
    client: httpx.Client, is_over: threading.Event, path: str, sent: object, headers: dict[str, str]
) -> httpx.Response | None:
    while not is_over.is_set():
        try:
            if path.startswith("http"):
                return client.post(path, data=sent, headers=headers)
            return client.post(path, json=sent, headers=headers)
        except httpx.TransportError:
            time.sleep(0.05)
    return None


def sell_under_kills(server: Server) -> Told:
    """Sell to several buyers at once while the server is killed and started again; return what they were told."""
    with server.client("owner@example.org") as owner:
        sent = {"name": "Blue mug", "price": {"amount": 1250, "currency": "GBP"}, "stock": STOCK, "status": "active"}
        product = owner.post("/products", json=sent)
        assert owner.put("/settings/payments", json={"enabled": True}).status_code == 200
        assert product.status_code == 201, product.text
    told, is_over, keys = Told(), threading.Event(), itertools.count(1)
    buyers = [
        threading.Thread(target=buy, args=(server, product.json()["id"], keys, told, is_over)) for _ in range(BUYERS)
    ]
    for buyer in buyers:
        buyer.start()
    try:
        for _ in range(KILLS):
            _wait_for_more(told)
            time.sleep(random.uniform(0, 0.2))
            server.kill()
            server.start()
        _wait_for_more(told)
    finally:
        is_over.set()
    for buyer in buyers:
        buyer.join(30)
    assert told.strange == []
    assert len(told.orders) >= 5 * (KILLS + 1)
    assert told.paid
    return told


def _wait_for_more(told: Told, more: int = 5) -> None:
    wanted, until = len(told.orders) + more, time.monotonic() + 60
    while len(told.orders) < wanted:
        assert time.monotonic() < until, told
        time.sleep(0.05)


@pytest.fixture
async def ledger(database_url: str) -> Database:
    return Database(database_url)


async def test_every_buyer_has_a_whole_order_or_none(server: Server, ledger: Database) -> None:
    told = sell_under_kills(server)
    await jobs_done(ledger)
    assert await audited(ledger) == []
    async with ledger.read() as session:
        numbers = set((await session.scalars(select(Order.number))).all())
        unsent = await session.scalar(
            select(func.count()).where(Message.status.not_in((MessageStatus.SENT, MessageStatus.KEPT)))
        )
        twice = (
            await session.execute(
                select(ProcessedEvent.event_id)
                .group_by(ProcessedEvent.event_id, ProcessedEvent.source)
                .having(func.count() > 1)
            )
        ).all()
        paid = set(
            (await session.scalars(select(Order.number).where(Order.payment_status == PaymentStatus.PAID))).all()
        )
        facts = await session.scalar(select(func.count()).where(FactRow.name == "order.created"))
    await ledger.close()
    assert (unsent, twice) == (0, [])
    assert set(told.orders.values()) <= numbers
    assert told.paid <= paid
    assert len(set(told.orders.values())) == len(told.orders)
    assert facts == len(numbers)


async def jobs_done(ledger: Database) -> None:
    """Wait until nothing is left to do, then see that nothing was given up."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        async with ledger.read() as session:
            left = await session.scalar(
                select(func.count()).where(Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING)))
            )
            dead = (await session.scalars(select(Job.error).where(Job.status == JobStatus.FAILED))).all()
        assert dead == []
        if not left:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{left} jobs are left")
