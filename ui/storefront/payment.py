"""The page of the test gateway: whoever tries the shop answers for the bank here. No money moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import Response

from engine.api.request import House, public
from engine.api.routing import APIRouter
from engine.commerce.ports import Answer, IntentState, Timing, TrialPayment
from engine.core.errors import Conflict
from engine.core.i18n import Message, _
from engine.core.money import Money
from ui.forms import typed
from ui.page import Flash
from ui.respond import own_address, page, redirect
from ui.storefront.held import private

router = APIRouter(prefix="/payment", include_in_schema=False, dependencies=[public])

ANSWERS: tuple[tuple[Answer, Message, Message], ...] = (
    (Answer.PAY, _("Accept"), _("The payment goes through.")),
    (Answer.ASK, _("Ask me to approve it"), _("As banks do with an app or a code.")),
    (Answer.DECLINE, _("Decline the card"), _("The bank gives no reason.")),
    (Answer.NO_FUNDS, _("Not enough money"), _("The card is good, the account is not.")),
    (Answer.EXPIRED_CARD, _("The card has expired"), _("Another card would do.")),
)
TIMINGS: tuple[tuple[Timing, Message], ...] = (
    (Timing.AT_ONCE, _("At once")),
    (Timing.BEFORE, _("Before I am back")),
    (Timing.AFTER, _("A few seconds after I am back")),
    (Timing.TWICE, _("Twice")),
    (Timing.LATE, _("After two minutes")),
    (Timing.TOO_LATE, _("After twelve minutes, when the time to pay is over")),
    (Timing.UNTOLD, _("Not at all, though the money is taken")),
    (Timing.NEVER, _("Never: the bank does not answer")),
)
_OVER: Mapping[IntentState, Message] = {
    IntentState.SUCCEEDED: _("This is paid. Go back to the shop to see your order."),
    IntentState.PROCESSING: _("The bank is working on it. Go back to the shop to see your order."),
    IntentState.FAILED: _("This payment did not go through. Go back to the shop to try again."),
    IntentState.CANCELLED: _("The shop takes no payment here any more. Go back to it to see why."),
}


@dataclass(frozen=True)
class GatewayPage:
    """The payment, what can be answered, or why nothing can. asks: the bank wants an approval."""

    title: str
    amount: Money
    url: str
    back: str
    answers: list[tuple[str, Message, Message]]
    timings: list[tuple[str, Message]]
    timing: str
    asks: bool
    over: Message | None


@router.get("/{intent_id}")
async def show_payment(request: Request, intent_id: str, house: House) -> Response:
    """Answer the page of one payment."""
    return await _answer(request, await house.trial_gateway.show(intent_id))


@router.post("/{intent_id}")
async def answer_payment(request: Request, intent_id: str, house: House) -> Response:
    """Answer for the bank, and lead back to the shop; or ask for an approval first."""
    said = await typed(request)
    answer = next((one for one in Answer if one.value == said.get("answer")), None)
    timing = next((one for one in Timing if one.value == said.get("timing")), Timing.AT_ONCE)
    found = await house.trial_gateway.show(intent_id)
    if answer is None:
        return redirect(f"/payment/{found.intent.id}", flash=_("Choose what the bank says."), request=request)
    if answer is Answer.CANCEL:
        return redirect(_path(found.cancel_url))
    if answer is Answer.ASK and found.intent.state is IntentState.OPEN:
        return await _answer(request, found, asks=True, timing=timing)
    try:
        found = await house.trial_gateway.answer(intent_id, answer, timing)
    except Conflict as error:
        return redirect(f"/payment/{found.intent.id}", flash=Flash(error.message, "warning"), request=request)
    return redirect(_path(found.return_url))


async def _answer(
    request: Request, found: TrialPayment, *, asks: bool = False, timing: Timing = Timing.AT_ONCE
) -> Response:
    context = GatewayPage(
        title=found.title,
        amount=found.intent.amount,
        url=f"/payment/{found.intent.id}",
        back=_path(found.return_url if found.intent.state is not IntentState.OPEN else found.cancel_url),
        answers=[(one.value, label, text) for one, label, text in ANSWERS],
        timings=[(one.value, label) for one, label in TIMINGS],
        timing=timing.value,
        asks=asks,
        over=_OVER.get(found.intent.state),
    )
    return private(await page(request, "storefront/payment.html", context, title=_("Test payment"), indexed=False))


def _path(url: str) -> str:
    """Return where an address of the shop lies on this very site, by whichever name it was reached."""
    parts = urlsplit(url)
    return own_address(parts.path)
