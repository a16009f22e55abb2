"""Which cart a browser holds: a guest’s by a cookie that comes with the first thing put in, a person’s by name."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from engine.api.ports import Ports
from engine.commerce.ordering import carts, queries
from engine.commerce.ordering.views import CartView
from engine.core.actor import Actor
from engine.core.ids import parse_id
from ui.respond import keep_mine

CART_COOKIE = "agora_cart"
KEPT_SECONDS = 30 * 24 * 3600


def held_cart(request: Request) -> UUID | None:
    """Return the cart that the browser's cookie names."""
    return parse_id(request.cookies.get(CART_COOKIE, ""))


def keep_cart(answer: Response, request: Request, actor: Actor, cart_id: UUID) -> None:
    """Have the browser hold a guest's cart; a person's own needs no cookie."""
    if actor.is_signed_in:
        forget_cart(answer, request)
        return
    keep_mine(request, answer)
    if held_cart(request) != cart_id:
        is_secure = request.url.scheme == "https"
        answer.set_cookie(
            CART_COOKIE, str(cart_id), max_age=KEPT_SECONDS, httponly=True, samesite="lax", secure=is_secure
        )


def forget_cart(answer: Response, request: Request) -> None:
    """Take the cookie back, where there is one."""
    if CART_COOKIE in request.cookies:
        answer.delete_cookie(CART_COOKIE)


async def seen_cart(request: Request, house: Ports, actor: Actor) -> CartView:
    """Return the cart to show; what a person put in before signing in comes into their own."""
    held = held_cart(request)
    if actor.is_signed_in and held is not None:
        async with house.db.write() as tx:
            await carts.find(tx, actor, held)
    return await house.db.glance(queries.cart_of, actor, held, house.site.general.currency)


def private(answer: Response) -> Response:
    """Mark a page as one person's: nothing between here and them keeps it."""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
