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
    """The page. done: what has just been kept; button: what the form does."""

    title: Message
    text: Message
    is_done: bool
    button: Message
    action: str


@router.get("/unsubscribe/{topic}/{name}/{signature}")
async def ask_stop(request: Request, topic: str, name: str, signature: str, house: House) -> Response:
    """Answer the page that asks whether to stop."""
    return await _page(request, house, (topic, name, signature), is_wanted=False, is_done=False)


@router.post("/unsubscribe/{topic}/{name}/{signature}")
async def stop(request: Request, topic: str, name: str, signature: str, house: House) -> Response:
    """Stop these letters, by the page's button or by a mail program's."""
    return await _keep(request, house, (topic, name, signature), is_wanted=False)


@router.get("/subscribe/{topic}/{name}/{signature}")
async def ask_start(request: Request, topic: str, name: str, signature: str, house: House) -> Response:
    """Answer the page that asks whether these letters are wanted."""
    return await _page(request, house, (topic, name, signature), is_wanted=True, is_done=False)


@router.post("/subscribe/{topic}/{name}/{signature}")
async def start(request: Request, topic: str, name: str, signature: str, house: House) -> Response:
    """Keep that these letters are wanted."""
    return await _keep(request, house, (topic, name, signature), is_wanted=True)


async def _keep(request: Request, house: Ports, link: tuple[str, str, str], *, is_wanted: bool) -> Response:
    topic, name, signature = link
    address = wishes.address_in(house.secrets, topic, name, signature)
    async with house.db.write() as tx:
        await wishes.put(tx, topic, address, is_wanted=is_wanted)
    return await _page(request, house, link, is_wanted=is_wanted, is_done=True)


async def _page(
    request: Request, house: Ports, link: tuple[str, str, str], *, is_wanted: bool, is_done: bool
) -> Response:
    topic, name, signature = link
    address = wishes.address_in(house.secrets, topic, name, signature)
    told = {"address": address, "letters": wishes.TOPICS[topic]}
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
        text=text.having(**told),
        is_done=is_done,
        button=_("Yes, write to me") if is_wanted else _("Stop these letters"),
        action=f"/{'subscribe' if is_wanted else 'unsubscribe'}/{topic}/{name}/{signature}",
    )
    return private(await page(request, "storefront/comments/wish.html", context, title=title, indexed=False))
