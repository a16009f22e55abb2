"""`/forms/{slug}`: a form at its own address, step by step; what was typed is kept whatever happens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.api.request import Caller, House, public
from engine.api.routing import APIRouter
from engine.content.files import links
from engine.content.forms import queries, submitting, tickets
from engine.content.forms.answers import check
from engine.content.forms.logic import steps_of
from engine.content.forms.models import AfterSending
from engine.content.forms.queries import FormView
from engine.content.forms.submitting import Guarded, Submission, Taken
from engine.content.forms.suspicion import TRAP
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, Invalid, KeyReused
from engine.core.i18n import Message, _
from ui.respond import came_from, own_address, page, redirect
from ui.storefront.files import opened_by
from ui.storefront.forms_shown import FormShown, Reader, first_values, form_shown, places_shown
from ui.storefront.forms_typed import as_answers, typed, with_files
from ui.storefront.guessing import country_of_reader
from ui.storefront.held import private
from ui.storefront.paying import to_pay

router = APIRouter(prefix="/forms", include_in_schema=False, dependencies=[public])
Text = Message | str
#: A ticket that is older proves nothing any more.
LONGEST = timedelta(hours=24)
LONGEST_PREFILL = 500


@dataclass(frozen=True)
class Filling:
    """A form while it is filled in: what was typed, and what its page carries. for_file: what sending it opens."""

    form: FormView
    values: Mapping[str, Any]
    ticket: str = ""
    for_file: str = ""
    trap: str = ""


@dataclass(frozen=True)
class FormPage:
    """A form, or what is said once it is sent."""

    form: FormShown


@dataclass(frozen=True)
class TicketPage:
    """What proves when a form was opened."""

    ticket: str


@dataclass(frozen=True)
class ThanksPage:
    """What is said once a form is sent. link: where one goes on."""

    id: str
    name: str
    text: str
    link: str


@router.get("/{slug}")
async def show_form(slug: str, request: Request, house: House) -> Response:
    """Answer a form, with what its address brings along: `?topic=Returns` fills in the field of that id."""
    form = await house.db.query(queries.payable, house.cashier, slug)
    asked = {name: text.replace("\x00", "")[:LONGEST_PREFILL] for name, text in request.query_params.items()}
    return await _answer(request, house, Filling(form, first_values(form, asked)), place=0)


@router.get("/{slug}/ticket")
async def show_ticket(slug: str, request: Request, house: House) -> Response:
    """Answer the hidden field that a form needs whose page is kept for everybody."""
    form = await house.db.query(queries.payable, house.cashier, slug)
    fresh = TicketPage(tickets.issue(house.secrets, form.id, house.clock.now()))
    return private(await page(request, "storefront/forms_ticket.html", fresh, title=form.name, block="ticket"))


@router.get("/{slug}/thanks")
async def show_thanks(slug: str, request: Request, house: House) -> Response:
    """Answer what is said once a form is sent."""
    form = await house.db.query(queries.payable, house.cashier, slug)
    return await _thanks(request, form)


@router.post("/{slug}")
async def take_form(slug: str, request: Request, house: House, actor: Caller) -> Response:
    """Go a step on or back, or send the form; what is wrong stands beside each field."""
    form = await house.db.query(queries.payable, house.cashier, slug)
    sent = await request.form()
    values, wrong = await with_files(house, form, sent, typed(form, sent))
    filling = Filling(form, values, _text(sent, "ticket", 200), _text(sent, "forFile", 100), _text(sent, TRAP, 200))
    act, place = _text(sent, "go", 20) or "send", _number(_text(sent, "step", 20))
    places = places_shown(form, values)
    place = place if place in places else places[0]
    if act in ("back", "stay"):
        before = [one for one in places if one < place]
        at = before[-1] if act == "back" and before else place
        answer = await _answer(request, house, filling, place=at, errors=wrong)
        if act == "stay":
            answer.headers["HX-Reswap"] = "outerHTML"  # the page stays where it is, too
        return answer
    after = [one for one in places if one > place]
    if act == "next" and after:
        wrong = {**_wrong_in(form, values, place), **wrong}
        at, status = (place, 422) if wrong else (after[0], 200)
        return await _answer(request, house, filling, place=at, errors=wrong, status=status)
    if wrong:
        return await _answer(request, house, filling, place=place, errors=wrong, status=422)
    return await _send(request, house, actor, filling)


async def _send(request: Request, house: Ports, actor: Actor, filling: Filling) -> Response:
    form, values = filling.form, filling.values
    last = places_shown(form, values)[-1]
    known = tickets.read(house.secrets, form.id, filling.ticket, house.clock.now())
    if form.is_open and (known is None or known.age > LONGEST):
        return await _answer(request, house, filling, place=last, notice=_("Have a last look, then send it."))
    submission = Submission(
        typed=as_answers(values),
        ticket=filling.ticket,
        trap=filling.trap,
        page=came_from(request, f"/forms/{form.slug}"),
        locale=house.site.general.language,
    )
    try:
        async with house.db.write() as tx:
            guarded = Guarded(house.secrets, house.site.spam, house.cashier)
            taken = await submitting.submit(tx, actor, guarded, form.id, submission)
    except (Invalid, KeyReused, Conflict) as error:
        return await _refused(request, house, filling, error)
    if taken.order_id is not None:
        return await _to_pay(request, house, actor, taken.order_id)
    return await _sent(request, house, filling, taken)


async def _to_pay(request: Request, house: Ports, actor: Actor, order_id: UUID) -> Response:
    """Lead who sent it to where it is paid: the provider's page, or the order's own that says how."""
    answer = await to_pay(request, house, actor, order_id)
    if request.headers.get("hx-request") != "true":
        return answer
    answer.headers["HX-Redirect"] = answer.headers["location"]
    del answer.headers["location"]
    answer.status_code = 204
    return answer


async def _refused(request: Request, house: Ports, filling: Filling, error: AgoraError) -> Response:
    """Answer the form again with what was typed, and what was wrong."""
    form, values = filling.form, filling.values
    if isinstance(error, Invalid):
        place = _first_wrong(form, values, error.fields)
        return await _answer(request, house, filling, place=place, errors=error.fields, status=422)
    if isinstance(error, KeyReused):
        said = _("You sent this before, with other answers. Send it again to send these too.")
        return await _answer(request, house, filling, place=places_shown(form, values)[-1], notice=said, status=422)
    return await _answer(request, house, filling, place=0, notice=error.message, status=409)


async def _sent(request: Request, house: Ports, filling: Filling, taken: Taken) -> Response:
    """Lead on: to the file that was asked for, to a page of this site, or to the form's own words."""
    form = filling.form
    opened = await house.db.query(opened_by, filling.for_file, form) if filling.for_file and not taken.is_spam else None
    if opened is not None:
        proof = links.fill(house.secrets, opened.id, taken.entry_id, house.clock.now())
        return _leading(request, f"/files/{opened.slug}?fill={proof}")
    own = own_address(form.confirmation_url, "") if form.after is AfterSending.PAGE else ""
    if own or request.headers.get("hx-request") != "true":
        return _leading(request, own or f"/forms/{form.slug}/thanks")
    return await _thanks(request, form)


def _leading(request: Request, url: str) -> Response:
    """Lead on to a page of this site, whoever asks."""
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": url})
    return redirect(url)


async def _thanks(request: Request, form: FormView) -> Response:
    link = form.confirmation_url if form.after is AfterSending.PAGE else ""
    is_ours = link.startswith(("https://", "http://", "/"))
    context = ThanksPage(f"form-{form.slug}", form.name, form.confirmation, link if is_ours else "")
    answer = await page(
        request, "storefront/forms_thanks.html", context, title=form.name, block="thanks", indexed=False
    )
    return private(answer)


async def _answer(
    request: Request,
    house: Ports,
    filling: Filling,
    *,
    place: int,
    errors: Mapping[str, Text] | None = None,
    notice: Text = "",
    status: int = 200,
) -> Response:
    form, now, ticket = filling.form, house.clock.now(), filling.ticket
    if tickets.read(house.secrets, form.id, ticket, now) is None or notice:
        ticket = tickets.issue(house.secrets, form.id, now)
    shown = form_shown(
        form,
        _reader(request, house),
        filling.values,
        place=place,
        ticket=ticket,
        errors=errors,
        notice=notice,
        for_file=filling.for_file,
    )
    answer = await page(request, "storefront/forms.html", FormPage(shown), title=form.name, status=status, block="form")
    return private(answer)


def _reader(request: Request, house: Ports) -> Reader:
    languages = request.headers.get("accept-language", "")
    return Reader(house.site.general.language, country_of_reader(languages, house.site))


def _wrong_in(form: FormView, values: Mapping[str, Any], place: int) -> dict[str, Text]:
    """Return what is wrong in one step, by field id."""
    own = {one.id for one in steps_of(form.fields)[place].fields}
    found = check(form.fields, values).wrong
    return {name: text for name, text in found.items() if name.partition(".")[0] in own}


def _first_wrong(form: FormView, values: Mapping[str, Any], errors: Mapping[str, Text]) -> int:
    """Return the first step in which something is wrong."""
    wrong = {name.partition(".")[0] for name in errors}
    for place, step in enumerate(steps_of(form.fields)):
        if wrong & {one.id for one in step.fields}:
            return place
    return places_shown(form, values)[-1]


def _text(sent: FormData, name: str, most: int) -> str:
    found = sent.get(name, "")
    return found.replace("\x00", "")[:most] if isinstance(found, str) else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
