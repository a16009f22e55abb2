"""The links of letters: `/unsubscribe/...` stops them, `/subscribe/...` confirms that they are wanted.

Opening a link changes nothing, for mail programs open links by themselves. A POST without a form's words is the one
click of RFC 8058, which a mail program sends in its reader's name.
"""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from engine.api.ports import Ports
from engine.api.request import House, public
from engine.api.routing import APIRouter
from engine.content.speech import wishes
from engine.core.i18n import Message, _
from ui.respond import page
from ui.storefront.held import private

router = APIRouter(include_in_schema=False, dependencies=[public])


@dataclass(frozen=True)
class WishPage:
    """The page. is_done: it is kept, and there is nothing to ask; has_way_back: the form takes it back."""

    title: Message
    text: Message
    is_done: bool
    button: Message
    action: str
    has_way_back: bool


@router.get("/unsubscribe/{topic}/{name}/{signature}")
async def ask_stop(request: Request, topic: str, name: str, signature: str, house: House) -> Response:
    """Answer the page that asks whether to stop."""
    return await _page(request, house, (topic, name, signature), is_wanted=False)


@router.post("/unsubscribe/{topic}/{name}/{signature}")
async def stop(request: Request, topic: str, name: str, signature: str, house: House) -> Response:
    """Stop these letters, by the page's button or by a mail program's."""
    return await _keep(request, house, (topic, name, signature), is_wanted=False)


@router.get("/subscribe/{topic}/{name}/{signature}")
async def ask_start(request: Request, topic: str, name: str, signature: str, house: House) -> Response:
    """Answer the page that asks whether these letters are wanted."""
    return await _page(request, house, (topic, name, signature), is_wanted=True)


@router.post("/subscribe/{topic}/{name}/{signature}")
async def start(request: Request, topic: str, name: str, signature: str, house: House) -> Response:
    """Keep that these letters are wanted."""
    return await _keep(request, house, (topic, name, signature), is_wanted=True)


async def _keep(request: Request, house: Ports, link: tuple[str, str, str], *, is_wanted: bool) -> Response:
    topic, name, signature = link
    address = wishes.address_in(house.secrets, topic, name, signature)
    async with house.db.write() as tx:
        await wishes.put(tx, topic, address, is_wanted=is_wanted)
    return await _page(request, house, link, is_wanted=is_wanted)


async def _page(request: Request, house: Ports, link: tuple[str, str, str], *, is_wanted: bool) -> Response:
    """Answer what is kept, with the way back from it, or ask: also whoever opens the link once more."""
    topic, name, signature = link
    address = wishes.address_in(house.secrets, topic, name, signature)
    is_done = await house.db.query(wishes.kept, topic, address) is is_wanted
    if is_done:
        title = _("That is kept")
        text = (
            _("{address} gets letters about {letters}.")
            if is_wanted
            else _("{address} gets no more letters about {letters}.")
        )
    else:
        title = _("Shall we write to you?") if is_wanted else _("No more of these letters?")
        text = _("Letters about {letters} go to {address}.")
    context = WishPage(
        title=title,
        text=text.having(address=address, letters=wishes.TOPICS[topic]),
        is_done=is_done,
        button=_("Write to me again") if is_done else _("Yes, write to me") if is_wanted else _("Stop these letters"),
        action=f"/{'subscribe' if is_wanted or is_done else 'unsubscribe'}/{topic}/{name}/{signature}",
        has_way_back=is_done and not is_wanted,
    )
    return private(await page(request, "storefront/comments/wish.html", context, title=title, indexed=False))
