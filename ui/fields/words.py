"""Widgets whose value is text: lines, paragraphs, rich text, addresses of all kinds, colours, secrets."""

import re
from typing import Any
from urllib.parse import urlsplit

from engine.core.html import clean_html
from engine.core.i18n import Message, _
from engine.core.mailbox import normal_email
from engine.core.plaintext import line_of, paragraphs_of
from engine.core.secrets import is_masked
from engine.core.slugs import is_slug, slugify
from ui.fields import FieldView
from ui.fields.paragraphs import as_html, as_typed
from ui.fields.posted import REQUIRED, Posted, refusal

TOO_LONG = _("“{value}” is too long: use at most {most} characters.")
_NO_URL = _("“{value}” is not a web address. Write it like https://example.org/page.")
_NO_TEL = _("“{value}” is not a phone number. Write it like +44 20 7946 0958.")
_NO_COLOUR = _("“{value}” is not a colour. Write it like #0f6b70.")
_NO_SLUG = _("“{value}” cannot be an address. Use “{slug}”.")
_MASKED = _("These are the dots that hide the secret. Type the whole secret, or leave the field empty to keep it.")
_TEL = re.compile(r"\+?[0-9 ()/.\-]{3,40}(?:\s*(?:x|ext\.?)\s*[0-9]{1,8})?", re.IGNORECASE)
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def parse_line(view: FieldView, posted: Posted, path: str) -> str | None:
    """Return one line: single-spaced, without control characters."""
    return _within(view, path, line_of(posted.text(path)))


def parse_paragraphs(view: FieldView, posted: Posted, path: str) -> str | None:
    return _within(view, path, paragraphs_of(posted.text(path)))


def parse_richtext(view: FieldView, posted: Posted, path: str) -> str | None:
    """Return safe HTML; text typed without tags becomes paragraphs."""
    return _within(view, path, clean_html(as_html(posted.text(path))))


def parse_email(view: FieldView, posted: Posted, path: str) -> str | None:
    text = line_of(posted.text(path))
    return _within(view, path, normal_email(text, path) if text else "")


def parse_url(view: FieldView, posted: Posted, path: str) -> str | None:
    """Return an address of the web (http, https) or of this site (a path)."""
    text = line_of(posted.text(path))
    if text and not _is_address(text):
        raise refusal(path, _NO_URL, value=text)
    return _within(view, path, text)


def _is_address(text: str) -> bool:
    if any(c.isspace() or c in '\\<>"' for c in text) or text.startswith("//"):
        return False
    try:
        parts = urlsplit(text)
        return text.startswith("/") or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        return False


def parse_tel(view: FieldView, posted: Posted, path: str) -> str | None:
    text = line_of(posted.text(path))
    if text and not _TEL.fullmatch(text):
        raise refusal(path, _NO_TEL, value=text)
    return _within(view, path, text)


def parse_colour(view: FieldView, posted: Posted, path: str) -> str | None:
    """Return `#rrggbb`."""
    text = posted.text(path).strip()
    found = _HEX.fullmatch(text)
    if text and found is None:
        raise refusal(path, _NO_COLOUR, value=text)
    digits = found[1].lower() if found else ""
    long = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    return _within(view, path, f"#{long}" if long else "")


def parse_slug(view: FieldView, posted: Posted, path: str) -> str | None:
    """Return the last part of an address; empty lets the engine make it, so it is never missed here."""
    text = posted.text(path).strip().removeprefix(view.prefix).strip("/")
    if text and not is_slug(text):
        raise refusal(path, _NO_SLUG, value=text, slug=slugify(text))
    return text or (None if view.nullable else "")


def parse_secret(view: FieldView, posted: Posted, path: str) -> str | None:
    """Return a new secret; None where it stays as it is, which is what an empty field means."""
    text = posted.text(path).strip("\n")
    if not text:
        return None
    if is_masked(text):
        raise refusal(path, _MASKED)
    return _within(view, path, text)


def _within(view: FieldView, path: str, text: str) -> str | None:
    if not text:
        if view.required:
            raise refusal(path, REQUIRED)
        return None if view.nullable else ""
    if view.max_length is not None and len(text) > view.max_length:
        raise refusal(path, TOO_LONG, value=text, most=view.max_length)
    return text


def typed_text(view: FieldView, posted: Posted, path: str) -> str:
    return posted.text(path)


def typed_secret(view: FieldView, posted: Posted, path: str) -> str:
    """Return nothing: a secret does not travel back."""
    return ""


def shown_text(view: FieldView, value: Any, locale: str) -> str | Message:
    return "" if value is None else value if isinstance(value, Message) else str(value)


def shown_richtext(view: FieldView, value: Any, locale: str) -> str:
    """Return paragraphs as paragraphs, and only richer text as HTML: so it can be written without scripts too."""
    return as_typed(str(value)) if value else ""


def shown_secret(view: FieldView, value: Any, locale: str) -> str:
    """Return the dots that stand for a secret that is set."""
    return str(value) if value and is_masked(str(value)) else "••••" if value else ""
