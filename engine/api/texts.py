"""What no text can be: U+0000, which PostgreSQL cannot keep, and halves of characters, which UTF-8 cannot write.

Looked for once, before every route, in its JSON and its form; the door looks at its address.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.validation import path_of

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_MAYBE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\x00")
REFUSED = _("It holds a character that cannot be kept ({code}). Remove it.")
_FORM = "application/x-www-form-urlencoded"


async def keepable(request: Request) -> AsyncIterator[None]:
    """Refuse a request with such a character, naming each field that holds one; close what its form brought along."""
    try:
        await _check(request)
        yield
    finally:
        await request.close()


async def _check(request: Request) -> None:
    wrong: dict[str, Message | str] = {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.endswith("json"):
        wrong |= _in_json(await request.body())
    elif kind == _FORM or (kind == "multipart/form-data" and is_parsed(request)):
        form = await _form(request)
        wrong |= {name: refusal for name, value in form for refusal in _refusals(name, value)}
    if wrong:
        raise Invalid(next(iter(wrong.values())), wrong)


def is_parsed(request: Request) -> bool:
    """Return whether the form was read already: a large one is not read before its route has asked who sends it."""
    return getattr(request, "_form", None) is not None


async def _form(request: Request) -> list[tuple[str, Any]]:
    try:
        return (await request.form()).multi_items()
    except (HTTPException, ValueError):
        message = _("This form cannot be read. Send it as the page does.")
        raise Invalid(message) from None


def _in_json(body: bytes) -> dict[str, Message | str]:
    if not _MAYBE.search(body):
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}  # the route says what is wrong with it
    return {path_of(place): refusal for place, refusal in _walked(found)}


def _walked(value: Any) -> Iterator[tuple[tuple[int | str, ...], Message]]:
    waiting: list[tuple[tuple[int | str, ...], Any]] = [((), value)]
    while waiting:
        place, one = waiting.pop()
        match one:
            case str():
                yield from ((place, refusal) for refusal in _refusals("", one))
            case dict():
                waiting += [((*place, name), inner) for name, inner in one.items() if not _UNKEEPABLE.search(name)]
                yield from ((place, refusal) for name in one for refusal in _refusals(name, ""))
            case list():
                waiting += [((*place, number), inner) for number, inner in enumerate(one)]


def _refusals(name: str, value: Any) -> Iterator[Message]:
    found = _UNKEEPABLE.search(name) or (_UNKEEPABLE.search(value) if isinstance(value, str) else None)
    if found:
        yield REFUSED.having(code=f"U+{ord(found[0]):04X}")
