"""Pages that a password opens: the key that a browser keeps, and the page that asks for the password."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from engine.api.ports import Ports
from engine.content.pages.queries import Shown
from engine.core.i18n import Message
from ui.respond import page
from ui.storefront.held import private

PURPOSE = "page-password"


@dataclass(frozen=True)
class LockedPage:
    """What asks for a page's password."""

    title: str
    page_id: UUID
    error: Message | None


def key_of(house: Ports, shown: Shown) -> tuple[str, str]:
    """Return (name, value) of the cookie that opens a page: another password is another key."""
    return f"agora_page_{shown.id.hex[-12:]}", house.secrets.signature(PURPOSE, f"{shown.id}:{shown.password_hash}")


def is_unlocked(request: Request, house: Ports, shown: Shown) -> bool:
    """Return whether this browser entered the password that the page has now."""
    name, _value = key_of(house, shown)
    return house.secrets.signed(PURPOSE, f"{shown.id}:{shown.password_hash}", request.cookies.get(name, ""))


async def lock_page(request: Request, shown: Shown, error: Message | None = None) -> Response:
    """Answer the question for a page's password; nothing of the page is in it but its title."""
    context = LockedPage(shown.title, shown.id, error)
    status = 422 if error else 200
    answer = await page(request, "storefront/locked.html", context, title=shown.title, status=status, indexed=False)
    return private(answer)
