"""What the window's menu does to the house under it, from outside the server's loop."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.opening import Openness, SiteStatus
from engine.core.site import SHOPPERS, Reach, System

#: Who acts, in the audit log: whoever sits at this machine.
ACTOR = Actor.system("desktop window")


class Shell:
    """Acts of the menu. Each returns the page that shows what became of it, and works whatever was before."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    async def share(self, reach: Reach) -> str:
        """Open the shop to the local network, or to this machine only."""
        async with self._ports.db.write() as tx:
            sent = {"surfaces": dict.fromkeys(SHOPPERS, reach.value)}
            await self._ports.settings.save(tx, ACTOR, System, sent)
        return "/admin/network"

    async def pause(self, status: Openness) -> str:
        """Have visitors see that the site is paused, or the site again."""
        async with self._ports.db.write() as tx:
            await self._ports.settings.save(tx, ACTOR, SiteStatus, {"status": status.value, "opensItself": False})
        return "/admin"

    async def back_up(self) -> str:
        """Have a backup made."""
        return f"/admin/backups/jobs/{await self._ports.backups.begin(self._ports.db, ACTOR)}"


def ask(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, str]) -> "Future[str]":
    """Have the server's loop do something that its menu was told; return what will be the page to show."""
    return asyncio.run_coroutine_threadsafe(work, loop)
