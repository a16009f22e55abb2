"""What a buyer says at the checkout, and whether it is enough to agree on. No I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from engine.commerce.ordering.rules import Delivery, DeliveryMethod, PaymentMethod, deliveries, payment_methods
from engine.core import addresses
from engine.core.addresses import Address
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.plaintext import line_of, paragraphs_of
from engine.core.settings import Site

MAX_NAME = 200
MAX_NOTE = 2_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """What was sent. expected_total_minor: the sum that the buyer was shown, where a page showed one."""

    email: str
    name: str
    shipping_address: Mapping[str, str | None] | None
    shipping_method: str | None
    payment_method: str
    note: str = ""
    expected_total_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed on. delivery and address: None where nothing is delivered."""

    email: str
    name: str
    address: Address | None
    delivery: Delivery | None
    payment_method: PaymentMethod
    note: str


def agreed(request: CheckoutRequest, site: Site, *, needs_delivery: bool, subtotal_minor: int) -> Terms:
    """Return the terms. Raises Invalid naming every field that is missing or wrong, all at once."""
    wrong: dict[str, Message | str] = {}

    def take(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Invalid as error:
            wrong.update(error.fields)
            return None

    email = take(lambda: _email(request.email))
    name = take(lambda: _name(request.name))
    delivery = take(lambda: _delivery(request.shipping_method, site, subtotal_minor)) if needs_delivery else None
    is_sent = needs_delivery and (delivery is None or delivery.method is DeliveryMethod.FLAT_RATE)
    address = take(lambda: _address(request, site, name or "", is_needed=is_sent))
    payment = take(lambda: _payment(request.payment_method, site))
    note = take(lambda: _note(request.note))
    if "name" in wrong:
        wrong.pop("shippingAddress.name", None)  # the parcel goes to the buyer, whose name is asked for already
    if wrong or email is None or name is None or payment is None or note is None:
        raise Invalid(_("Some of this is missing or wrong. Check the fields that are marked."), wrong)
    return Terms(email, name, address, delivery, payment, note)


def _refuse(field: str, message: Message) -> Invalid:
    return Invalid(message, {field: message})


def _email(text: str) -> str:
    typed = line_of(text)
    if not typed:
        raise _refuse("email", _("Enter your e-mail address: the confirmation goes there."))
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        message = _("“{value}” is not an e-mail address. Write it like name@example.org.")
        raise _refuse("email", message.having(value=typed[:60])) from None


def _name(text: str) -> str:
    name = line_of(text)
    if not name:
        raise _refuse("name", _("Enter your name."))
    if len(name) > MAX_NAME:
        raise _refuse("name", _("This is too long: use at most {most} characters.").having(most=MAX_NAME))
    return name


def _note(text: str) -> str:
    note = paragraphs_of(text)
    if len(note) > MAX_NOTE:
        raise _refuse("note", _("This is too long: use at most {most} characters.").having(most=MAX_NOTE))
    return note


def _delivery(method: str | None, site: Site, subtotal_minor: int) -> Delivery:
    offered = deliveries(site.shipping, subtotal_minor)
    chosen = next((delivery for delivery in offered if delivery.method == method), None)
    if chosen is not None:
        return chosen
    if not offered:
        raise _refuse("shippingMethod", _("This shop delivers nothing at the moment. Ask them, and try again later."))
    choices = ", ".join(delivery.method for delivery in offered)
    if not method:
        raise _refuse("shippingMethod", _("Choose how it reaches you: {choices}.").having(choices=choices))
    message = _("“{value}” is not offered. Choose one of: {choices}.")
    raise _refuse("shippingMethod", message.having(value=line_of(method)[:40], choices=choices))


def _payment(method: str, site: Site) -> PaymentMethod:
    offered = payment_methods(site.payments, site.system.surfaces.storefront)
    chosen = next((one for one in offered if one == method), None)
    if chosen is not None:
        return chosen
    if not offered:
        raise _refuse("paymentMethod", _("This shop takes no payments at the moment. Ask them, and try again later."))
    message = _("“{value}” is not offered. Choose one of: {choices}.")
    raise _refuse("paymentMethod", message.having(value=line_of(method)[:40], choices=", ".join(offered)))


def _address(request: CheckoutRequest, site: Site, name: str, *, is_needed: bool) -> Address | None:
    sent = request.shipping_address or {}
    if not is_needed and not any(sent.values()):
        return None
    address = addresses.checked(sent, prefix="shippingAddress.", default_name=name)
    if is_needed and site.shipping.countries and address.country not in site.shipping.countries:
        message = _("This shop does not deliver to {country}. It delivers to: {countries}.")
        shown = ", ".join(addresses.country_name(code, site.general.language) for code in site.shipping.countries)
        country = addresses.country_name(address.country, site.general.language)
        raise _refuse("shippingAddress.country", message.having(country=country, countries=shown))
    return address
