"""A small demo: a week of it, with a few products."""

from typing import Any

from engine.accounts import identity
from engine.api.ports import Ports
from engine.core import demo
from engine.core.demo import Making


async def made(house: Ports, **more: Any) -> Making:
    """Return a demo of six days and two products, made into the house."""
    settled: dict[str, Any] = {
        "hash_password": house.front_desk.passwords.hash,
        "is_first": not await house.db.query(identity.has_owner),
        "days": 6,
        "goods": 2,
    }
    making = Making(house.db, house.blobs, house.settings, house.secrets, **{**settled, **more})
    await demo.make(making, house.demo_parts)
    return making


async def removed(house: Ports) -> demo.DemoCounts:
    """Take the demo away."""
    return await demo.remove(house.db, house.blobs, house.settings, house.demo_parts)
