"""How e-mails leave the house: the settings key `email`."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from engine.core.setting import Email, Line, Secret, Settings

ENCRYPTIONS = ("starttls", "tls", "none")
LATER_PROVIDERS = ("sendgrid", "mailgun", "ses", "postmark", "resend")


def _provider(value: Any) -> Any:
    if value in LATER_PROVIDERS:
        raise ValueError(
            f"“{value}” is not in this version yet; choose smtp, which most providers offer too, or outbox"
        )
    return value


def _texts(value: Any) -> Any:
    """Return credentials with numbers as text, for a port may come as either, and without empty ones."""
    if not isinstance(value, dict):
        return value
    return {k: str(v) if isinstance(v, int) else v for k, v in value.items() if v != ""}


def _credentials(value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    if info.data.get("provider") != "smtp":
        return value
    wrong = {
        "host": "This is required: the mail server's name, such as smtp.example.org." if not value.get("host") else "",
        "port": "" if _is_port(value.get("port", "")) else "This is not a port: use a number from 1 to 65535.",
        "encryption": "" if value.get("encryption", "") in ("", *ENCRYPTIONS) else "Choose starttls, tls or none.",
    }
    found = [
        InitErrorDetails(type=PydanticCustomError("credential", text), loc=(name,), input=value.get(name, ""))
        for name, text in wrong.items()
        if text
    ]
    if found:
        raise ValidationError.from_exception_data("credentials", found)
    return value


def _is_port(text: str) -> bool:
    return not text or (text.isdecimal() and 0 < int(text) < 65536)


class EmailSettings(Settings):
    """How e-mails leave the house. `outbox` keeps them in the admin until a provider is set."""

    key = "email"
    #: Credentials that are no secret: shown as they are.
    shown: ClassVar[frozenset[str]] = frozenset({"host", "port", "encryption", "username", "domain", "region"})
    enabled: bool = True
    provider: Annotated[Literal["outbox", "smtp"], BeforeValidator(_provider)] = "outbox"
    from_name: Line = ""
    from_email: Email = ""
    reply_to_email: Email = ""
    credentials: Annotated[dict[str, Secret], BeforeValidator(_texts), AfterValidator(_credentials)] = Field(
        default={}, max_length=12
    )
    rate_limit_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 500
    test_mode: bool = False
    test_recipient: Email = ""
