"""The little that the middleware shares: reading headers, answering early, changing what is sent."""

import json
import logging
from collections.abc import Callable, Iterable
from html import escape

from starlette.types import Message, Scope, Send

log = logging.getLogger("agora.web")
PROBLEM = b"application/problem+json"


def header(scope: Scope, name: bytes) -> str:
    """Return a request header's value, or an empty text."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return ""


def header_names(scope: Scope) -> set[bytes]:
    """Return the names of the request's headers, in lower case."""
    return {name for name, _value in scope["headers"]}


def wants_html(scope: Scope) -> bool:
    """Return whether a person's browser asks for a page, not a program for data."""
    return not scope["path"].startswith("/api/") and "text/html" in header(scope, b"accept")


async def refuse(
    scope: Scope,
    send: Send,
    status: int,
    title: str,
    detail: str,
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> None:
    """Answer with a problem: a small page for a browser, problem+json (RFC 9457) for a program."""
    if wants_html(scope):
        kind = b"text/html; charset=utf-8"
        body = _page(scope, status, title, detail).encode()
    else:
        kind = PROBLEM
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        if request_id := scope.get("state", {}).get("request_id"):
            problem["requestId"] = request_id
        body = json.dumps(problem).encode()
    start = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*start, *headers]})
    await send({"type": "http.response.body", "body": body})


def _page(scope: Scope, status: int, title: str, detail: str) -> str:
    """Return the page that the application draws for a refusal (`state.refusal_page`), or a bare one."""
    draw = getattr(getattr(scope.get("app"), "state", None), "refusal_page", None)
    if draw is not None:
        try:
            return str(draw(scope, status, title, detail))
        except Exception:
            log.exception("the page for a refusal could not be drawn")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"></head>'
        f"<body><h1>{escape(title)}</h1><p>{escape(detail)}</p></body></html>"
    )


def with_headers(send: Send, add: Callable[[int, dict[bytes, bytes]], Iterable[tuple[bytes, bytes]]]) -> Send:
    """Return a `send` that adds headers to the answer; `add(status, present)` gives those to add."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = dict(message.get("headers", []))
            message = {**message, "headers": [*message.get("headers", []), *add(message["status"], present)]}
        await send(message)

    return sending
