"""What shoppers ask before they buy: what delivery costs, how long it takes, and how things go back."""

from engine.core.html import text_of
from engine.core.i18n import Message, _
from engine.core.money import Money
from engine.core.settings import Site

Answer = tuple[str, Message | str, Message | str]
MAX_TEXT = 200


def delivery_answers(site: Site) -> list[Answer]:
    """Return (icon, title, text) of each way to get things, and of sending them back where the shop says how."""
    shipping, rows = site.shipping, list[Answer]()
    if shipping.flat_rate_enabled:
        rows.append(("truck", shipping.flat_rate_label, _delivery(site)))
    if shipping.pickup_enabled:
        rows.append(("store", shipping.pickup_label, text_of(shipping.pickup_instructions, MAX_TEXT)))
    if shipping.returns_text:
        rows.append(("undo-2", _("Returns"), text_of(shipping.returns_text, MAX_TEXT)))
    return rows


def _delivery(site: Site) -> Message | str:
    shipping = site.shipping
    price: Message | str = _written(site, shipping.flat_rate_minor) if shipping.flat_rate_minor else _("Free")
    if shipping.free_from_minor and shipping.flat_rate_minor:
        price = _("{price}, free from {least}").having(
            price=_written(site, shipping.flat_rate_minor), least=_written(site, shipping.free_from_minor)
        )
    if not shipping.delivery_time:
        return price
    return _("{price} · {time}").having(price=price, time=shipping.delivery_time)


def _written(site: Site, minor: int) -> str:
    return Money(minor, site.general.currency).format(site.general.language)
