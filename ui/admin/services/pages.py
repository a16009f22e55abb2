"""`/admin/services`: another engine is chosen, tried out, looked at, and changed to; and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.errors import Conflict, Invalid, NotFound, Unavailable
from engine.core.i18n import Message, _
from engine.core.ports import IndexState
from engine.operations.services.kinds import Choice, service
from engine.operations.services.plans import Outcome, Phase, Plan
from engine.operations.watch.checks import ServiceState
from ui.admin.backups.restoring import restart_of
from ui.admin.services.panel import BRINGS, HOME, ServiceLine, lines_of
from ui.page import Flash
from ui.respond import page, redirect

SYSTEM = "/admin/settings/system"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.CONFIGURE_SYSTEM)])


@dataclass(frozen=True)
class ServicesPage:
    """All of them. plan: a change that was tried out or is under way."""

    services: Sequence[ServiceLine]
    plan: Plan | None
    settings: str


@dataclass(frozen=True)
class ServicePage:
    """One service. choice: the one whose questions are asked; typed: what is in them; in_use: what serves."""

    role: str
    title: Message
    line: ServiceLine
    choices: Sequence[tuple[Message | str, str]]
    here: str
    choice: Choice
    in_use: str
    typed: Mapping[str, str]
    errors: Mapping[str, Message | str]


@dataclass(frozen=True)
class PlanPage:
    """A change before it begins. brings: what it does, in sentences."""

    plan: Plan
    title: Message
    before: Message | str
    after: Message | str
    brings: Sequence[Message]
    restarts: bool


@dataclass(frozen=True)
class ProgressPage:
    """A change under way, or how the last one ended. state: how the service answers since; index: of the search."""

    plan: Plan | None
    is_ready: bool
    done: int
    of: int
    outcome: Outcome | None
    title: Message | str
    before: Message | str
    after: Message | str
    state: ServiceState | None
    index: IndexState | None
    restarts: bool
    here: str


@router.get("")
async def show_all(request: Request, house: House) -> Response:
    """Answer what the house runs on."""
    context = ServicesPage(await lines_of(house), house.services.room.plan(), SYSTEM)
    return await page(request, "admin/services/list.html", context, title=_("What it runs on"))


@router.get("/plan")
async def show_plan(request: Request, house: House) -> Response:
    """Answer what a change that was tried out would do."""
    plan = house.services.room.plan()
    if plan is None:
        return redirect(HOME)
    if plan.phase is not Phase.TRIED:
        return redirect(f"{HOME}/progress")
    wanted = service(plan.role)
    counts: Any = {name: plan.counts.get(name, 0) for name in ("rows", "tables", "files", "missing", "facts")}
    has_facts = bool(counts["facts"])
    brings = [one.having(**counts) for one in BRINGS[plan.role] if has_facts or "{facts}" not in str(one)]
    if plan.counts.get("replaced"):
        brings.append(_("An older state of this site lies there; it is replaced."))
    before, after = (wanted.choice(name).title for name in (plan.before, plan.after))
    context = PlanPage(plan, wanted.title, before, after, brings, restart_of(request) is not None)
    return await page(request, "admin/services/plan.html", context, title=_("Look before it changes"))


@router.post("/plan/begin")
async def begin(request: Request, house: House, actor: Caller) -> Response:
    """Begin it."""
    try:
        await house.services.begin(house.db, actor, restart_of(request))
    except (NotFound, Conflict) as refusal:
        return redirect(HOME, flash=Flash(refusal.message, "danger"), request=request)
    return redirect(f"{HOME}/progress")


@router.post("/plan/discard")
async def discard(request: Request, house: House, actor: Caller) -> Response:
    """Let go of it."""
    house.services.give_up(actor)
    return redirect(SYSTEM, flash=_("Everything stays as it is."), request=request)


@router.get("/progress")
async def show_progress(request: Request, house: House) -> Response:
    """Answer how far a change is, or how the last one ended; the page asks again by itself."""
    services = house.services
    plan, outcome = services.room.plan(), services.room.outcome()
    if plan is not None and plan.phase is Phase.TRIED:
        plan = None
    told: Plan | Outcome | None = plan or outcome
    wanted = service(told.role) if told else None
    done, of = services.room.progress()
    is_over = plan is None and outcome is not None and not outcome.problem
    role = outcome.role if is_over and outcome else ""
    context = ProgressPage(
        plan=plan,
        is_ready=plan is not None and plan.phase is Phase.READY,
        done=done,
        of=of,
        outcome=outcome if plan is None else None,
        title=wanted.title if wanted else "",
        before=wanted.choice(told.before).title if wanted and told else "",
        after=wanted.choice(told.after).title if wanted and told else "",
        state=await _state(house, role) if is_over else None,
        index=await house.keeper.state() if role in {"search", "mode"} else None,
        restarts=restart_of(request) is not None,
        here=f"{HOME}/progress",
    )
    return await page(
        request, "admin/services/progress.html", context, title=_("A service changes"), block="switch_state"
    )


async def _state(house: Ports, role: str) -> ServiceState | None:
    """Return how the service answers now."""
    sample = await house.watch.look()
    return next((one for one in sample.services if one.name == service(role).check), None)


@router.get("/{role}")
async def show(role: str, request: Request, house: House, to: str = "") -> Response:
    """Answer one service, with the questions about a choice. to: which; the one in use where it is not said."""
    return await _answer(request, house, role, to)


async def _answer(
    request: Request,
    house: Ports,
    role: str,
    to: str,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Message | str] | None = None,
) -> Response:
    wanted, workshop = service(role), house.services.workshop
    line = next(one for one in await lines_of(house) if one.role == role)
    in_use = workshop.standing(role).choice
    choice = wanted.choice(to or in_use)
    shown = {**workshop.typed(role, choice.name), **(typed or {})}
    context = ServicePage(
        role=role,
        title=wanted.title,
        line=line,
        choices=[(one.title, f"{HOME}/{role}?to={one.name}") for one in wanted.choices],
        here=f"{HOME}/{role}?to={choice.name}",
        choice=choice,
        in_use=in_use,
        typed=shown,
        errors=errors or {},
    )
    return await page(request, "admin/services/show.html", context, title=wanted.title, status=422 if errors else 200)


@router.post("/{role}/trials")
async def try_out(role: str, request: Request, house: House, actor: Caller) -> Response:
    """Try an engine out: what is wrong comes back with what was typed, else what changing to it would do."""
    sent = await request.form()
    to = str(sent.get("to", ""))
    names = [one.name for one in service(role).choice(to).entries]
    typed = {name: str(sent.get(name, "")).strip() for name in names}
    try:
        await house.services.try_out(actor, role, to, typed)
    except Invalid as refusal:
        return await _answer(request, house, role, to, typed, refusal.fields or {"": refusal.message})
    except (Unavailable, Conflict) as refusal:
        return await _answer(request, house, role, to, typed, {"": refusal.message})
    return redirect(f"{HOME}/plan")


@router.post("/{role}/returns")
async def try_return(role: str, request: Request, house: House, actor: Caller) -> Response:
    """Try out what served before, to go back to it."""
    try:
        await house.services.try_return(actor, role)
    except (Invalid, Unavailable, Conflict) as refusal:
        return redirect(f"{HOME}/{role}", flash=Flash(refusal.message, "danger"), request=request)
    return redirect(f"{HOME}/plan")
