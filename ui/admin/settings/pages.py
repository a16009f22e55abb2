"""Settings: a page a key, saved through the store's one verb; a test e-mail; the theme shown before it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request, Response

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow, origin_of
from engine.api.routing import APIRouter
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.ids import new_secret
from engine.core.opening import SiteStatus
from engine.core.settings import needed_for
from engine.core.site import BY_KEY as KINDS
from engine.core.site import System
from engine.messaging import outbox
from ui.admin.network.panel import NetworkPanel, panel_of
from ui.admin.services.panel import ServiceLine, lines_of
from ui.admin.settings import plan
from ui.admin.settings.fields import GroupView, errors_by_field, groups_of, typed_in, wire_of
from ui.admin.settings.plan import SettingsPlan
from ui.respond import page, redirect

HOME = "/admin/settings"
router = APIRouter(prefix=HOME, include_in_schema=False)
may_view = allow(Permission.VIEW_SETTINGS)
may_update = allow(Permission.UPDATE_SETTINGS)


@dataclass(frozen=True)
class SettingsPage:
    """One page of the settings. `errors`: by field; may_save: whether this person may change them."""

    plan: SettingsPlan
    groups: list[GroupView]
    errors: Mapping[str, Message | str]
    tabs: list[tuple[Message, str, None]]
    here: str
    may_save: bool
    is_changed: bool
    network: NetworkPanel | None
    services: Sequence[ServiceLine]
    test_to: str
    test_error: Message | str | None
    preview_url: str
    bypass_url: str


@router.get("", dependencies=[may_view])
async def first() -> Response:
    """Lead to the first page."""
    return redirect(plan.PLANS[0].url)


@router.get("/{key}", dependencies=[may_view])
async def show(key: str, request: Request, house: House, actor: Caller) -> Response:
    """Answer one page of the settings."""
    return await _answer(request, house, actor, key)


@router.post("/{key}", dependencies=[may_update])
async def save(key: str, request: Request, house: House, actor: Caller) -> Response:
    """Save one page; what cannot be saved comes back as it was typed, with what is wrong."""
    wanted = _plan(house, key)
    key = wanted.key
    typed = typed_in(wanted, KINDS[key], await request.form(), house.site)
    try:
        sent = wire_of(typed, KINDS[key], house.site)
        async with house.db.write() as tx:
            await house.settings.update(tx, actor, key, sent)
    except Invalid as error:
        errors = errors_by_field(error.fields, wanted) or {"": error.message}
        return await _answer(request, house, actor, key, typed=typed, errors=errors)
    return redirect(wanted.url, flash=_("Saved."), request=request)


@router.post("/email/tests", dependencies=[may_update])
async def send_test(request: Request, house: House, actor: Caller) -> Response:
    """Send a test e-mail and show what becomes of it."""
    to = str((await request.form()).get("to", "")).strip()
    try:
        async with house.db.write() as tx:
            message_id = await outbox.send_test(tx, actor, house.site, to)
    except Invalid as error:
        return await _answer(request, house, actor, "email", test_to=to, test_error=error.message)
    return redirect(f"/admin/outbox/{message_id}")


@router.post("/site-status/bypass", dependencies=[may_update])
async def change_bypass(request: Request, house: House, actor: Caller) -> Response:
    """Make a secret link past the closed door, or take it back: the one before is no good from then on."""
    is_new = (await request.form()).get("act") == "new"
    async with house.db.write() as tx:
        await house.settings.update(tx, actor, SiteStatus.key, {"bypassKey": new_secret() if is_new else ""})
    said = _("This is the link. Whoever has it sees the site.") if is_new else _("The link is no good any more.")
    return redirect(_plan(house, SiteStatus.key).url, flash=said, request=request)


def _bypass_url(request: Request, house: Ports) -> str:
    key = house.site.site_status.bypass_key
    return f"{origin_of(request)}/opening/{key}" if key else ""


def _plan(house: Ports, key: str) -> SettingsPlan:
    found = plan.BY_KEY.get(key.replace("-", "_"))
    if found is None:
        raise NotFound(_("There are no settings “{key}”."), key=key)
    kept = house.site.payments
    is_set_up = kept.mode == "live" or kept.test_secret_key or kept.live_secret_key
    return found.with_providers({*house.till.providers, *((kept.provider,) if is_set_up else ())})


async def _answer(
    request: Request,
    house: Ports,
    actor: Actor,
    key: str,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, Message | str] | None = None,
    test_to: str | None = None,
    test_error: Message | str | None = None,
) -> Response:
    wanted = _plan(house, key)
    key, kind = wanted.key, KINDS[wanted.key]
    may_save = allows(actor, needed_for(key))
    groups = groups_of(wanted, kind, house.settings.masked(kind), house.site, typed=typed, errors=errors)
    if not may_save:
        groups = [replace(g, fields=[replace(f, is_fixed=True) for f in g.fields]) for g in groups]
    context = SettingsPage(
        plan=wanted,
        groups=groups,
        errors=errors or {},
        tabs=[(each.title, each.url, None) for each in plan.PLANS],
        here=wanted.url,
        may_save=may_save,
        is_changed=typed is not None,
        network=await panel_of(request, wanted.url) if key == System.key else None,
        services=await lines_of(house) if key == System.key and may_save else (),
        test_to=actor.email if test_to is None else test_to,
        test_error=test_error,
        preview_url=f"{HOME}/theme/preview",
        bypass_url=_bypass_url(request, house) if key == SiteStatus.key and may_save else "",
    )
    status = 422 if errors or test_error else 200
    title = _("Settings: {part}").having(part=wanted.title)
    return await page(request, "admin/settings/form.html", context, title=title, status=status)
