"""E-mail addresses as people type them, and as they are kept."""

from email_validator import EmailNotValidError, validate_email

from engine.core.errors import Invalid
from engine.core.i18n import _

MAX_ADDRESS = 320
#: Names of small networks and of trials: no mail of the world goes there, mail of the house does (RFC 6761, 6762).
_HOUSE_NAMES = ("local", "localhost", "internal", "lan", "test")
_STAND_IN = ".example.org"


def normal_email(text: str, field: str = "email") -> str:
    """Return the address in the one form that is kept: trimmed, its host as Unicode, in lower case.

    Raises Invalid, naming the wire's field, for what is no address.
    """
    typed = text.strip()
    tail = _STAND_IN if typed.rpartition("@")[2].lower().rpartition(".")[2] in _HOUSE_NAMES else ""
    try:
        found = validate_email(typed + tail, check_deliverability=False).normalized
    except EmailNotValidError:
        message = _("“{value}” is not an e-mail address. Write it like name@example.org.").having(value=typed[:60])
        raise Invalid(message, {field: message}) from None
    address = found.removesuffix(tail).lower()
    if len(address) > MAX_ADDRESS:
        message = _("This e-mail address is too long: use at most {most} characters.").having(most=MAX_ADDRESS)
        raise Invalid(message, {field: message})
    return address


def typed_email(text: str) -> str:
    """Return what somebody typed to sign in as it would be kept, were it an address. Never raises."""
    try:
        return normal_email(text)
    except Invalid:
        return text.strip().lower()[:MAX_ADDRESS].replace("\x00", "")
