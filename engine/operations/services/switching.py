"""Changing a service for another: tried out, looked at, prepared while the site goes on, and done by a new start."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import AgoraError, Conflict, Invalid, NotFound
from engine.core.i18n import _
from engine.core.ports import Clock
from engine.operations.services.kinds import Service, service
from engine.operations.services.plans import Outcome, Phase, Plan, Room
from engine.operations.services.ports import Standing, Values, Workshop

log = logging.getLogger("agora.services")
#: So long the page that tells of the new start is let through before it comes.
SEEN_SECONDS = 1.5


class Services:
    """The services of this installation. workshop: the process's own tools."""

    def __init__(self, data_dir: Path, workshop: Workshop, clock: Clock) -> None:
        self.room, self.workshop, self._clock = Room(data_dir), workshop, clock
        self._task: asyncio.Task[None] | None = None

    @property
    def prepared_by(self) -> asyncio.Task[None] | None:
        """What prepares a change in this process, or did last."""
        return self._task

    async def try_out(self, actor: Actor, role: str, choice: str, typed: Mapping[str, str]) -> Plan:
        """Ask another engine how it is, and write down what changing to it would do.

        Raises NotAllowed, NotFound, Invalid naming the field that is wrong, Unavailable where it does not answer, and
        Conflict where the environment decides or another change is under way.
        """
        wanted, standing = self._open(actor, role)
        wanted.choice(choice)
        return await self._tried(standing, choice, self.workshop.values(role, choice, typed))

    async def try_return(self, actor: Actor, role: str) -> Plan:
        """Ask what served before how it is, and write down what going back would do. Raises as `try_out` does."""
        wanted, standing = self._open(actor, role)
        former = self.room.former(role)
        if former is None:
            raise NotFound(_("It is not known what served before."))
        wanted.choice(former.choice)
        return await self._tried(standing, former.choice, former.values, is_return=True)

    async def _tried(self, standing: Standing, choice: str, values: Values, *, is_return: bool = False) -> Plan:
        if dict(values) == dict(self.workshop.current(standing.role)):
            raise Invalid(_("That is what serves now; nothing would change."))
        trial = await self.workshop.try_out(standing.role, values)
        plan = Plan(
            role=standing.role,
            before=standing.choice,
            after=choice,
            address=trial.address,
            values=dict(values),
            made_at=self._clock.now().isoformat(),
            counts=dict(trial.counts),
            milliseconds=trial.milliseconds,
            is_return=is_return,
            address_before=standing.address,
        )
        return self.room.keep(plan)

    def _open(self, actor: Actor, role: str) -> tuple[Service, Standing]:
        """Return what is to change. Raises where it must not."""
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        wanted, standing = service(role), self.workshop.standing(role)
        if standing.fixed_by:
            raise Conflict(
                _("{variable} is set in the environment and decides this. Remove it there, and then choose here."),
                variable=standing.fixed_by,
            )
        plan = self.room.plan()
        if plan is not None and plan.phase is not Phase.TRIED:
            raise Conflict(_("Another service is being changed already. Wait until that is done."))
        return wanted, standing

    async def begin(self, db: Database, actor: Actor, restart: Callable[[], None] | None) -> None:
        """Begin the change that was tried out. restart: starts this process again; None where somebody does it by hand.

        Raises NotAllowed, NotFound where none was tried out, Conflict where one is under way.
        """
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        plan = self.room.plan()
        if plan is None:
            raise NotFound(_("Nothing was tried out. Choose what a service is to run on first."))
        self._open(actor, plan.role)
        async with db.write() as tx:
            tx.record(actor, "service.switch", service=plan.role, before=plan.before, after=plan.after)
        plan = self.room.on(plan, Phase.PREPARING)
        self._task = asyncio.create_task(self._prepare(plan, restart))

    async def _prepare(self, plan: Plan, restart: Callable[[], None] | None) -> None:
        try:
            await self.workshop.prepare(plan.role, plan.values, self.room.tell)
        except Exception as error:  # whoever waits is told
            if not isinstance(error, AgoraError):
                log.exception("a change of the %s could not be prepared", plan.role)
            said = str(error) or type(error).__name__
            self.room.end(Outcome(plan.role, plan.before, plan.after, self._clock.now(), said))
            return
        there = self.room.plan()
        if there is None or there.made_at != plan.made_at:
            return  # it was given up meanwhile
        self.room.on(plan, Phase.READY)
        if restart is not None:
            await asyncio.sleep(SEEN_SECONDS)
            restart()

    def give_up(self, actor: Actor) -> None:
        """Let go of a change that is not done: everything stays as it is. Raises NotAllowed."""
        access.require(actor, Permission.CONFIGURE_SYSTEM)
        self.room.forget()
