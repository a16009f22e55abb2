"""Names of cookies on the local network, where one host serves http and https beside each other.

Cookies know no port. A browser lets nothing that comes by http replace a cookie that is for https only, so with one
name for both, whoever had signed in by https could not sign in, or fill a cart, by http. What is for https only has
a name of its own there, which the pages do not see. Source: RFC 6265bis, section 5.7.
"""

from collections.abc import Callable, Iterator

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX = b"__Secure-"
Header = tuple[bytes, bytes]


class SecureNames:
    """Gives cookies their name by https. secure_port: of our own https listener, 0 while there is none."""

    def __init__(self, app: ASGIApp, secure_port: Callable[[], int]) -> None:
        self.app = app
        self.secure_port = secure_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["scheme"] != "https" or not self._is_ours(scope):
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [one for header in message.get("headers", []) for one in _said(header)]
                message = {**message, "headers": headers}
            await send(message)

        await self.app({**scope, "headers": [_heard(one) for one in scope["headers"]]}, receive, sending)

    def _is_ours(self, scope: Scope) -> bool:
        _host, port = scope.get("server") or ("", None)
        return port is not None and port == self.secure_port() != 0


def _heard(header: Header) -> Header:
    """Return a request's header with cookies by the names that pages know; the one for https only goes first."""
    name, value = header
    if name != b"cookie":
        return header
    pairs = [one.strip() for one in value.split(b";")]
    secure = {one[len(PREFIX) :].partition(b"=")[0]: one[len(PREFIX) :] for one in pairs if one.startswith(PREFIX)}
    others = [one for one in pairs if not one.startswith(PREFIX) and one.partition(b"=")[0] not in secure]
    return name, b"; ".join([*secure.values(), *others])


def _said(header: Header) -> Iterator[Header]:
    """Yield an answer's header as the browser is to keep it."""
    name, value = header
    if name.lower() != b"set-cookie":
        yield header
        return
    parts = [one.strip() for one in value.split(b";")]
    marks = {one.lower() for one in parts[1:]}
    if b"max-age=0" in marks:  # taken away by both names
        yield header
        yield name, b"; ".join([PREFIX + parts[0], *parts[1:], *([] if b"secure" in marks else [b"Secure"])])
    elif b"secure" not in marks:
        yield header
    elif b"httponly" in marks:
        yield name, PREFIX + value
    else:  # scripts read it by its name; it holds a choice and no secret
        yield name, b"; ".join(one for one in parts if one.lower() != b"secure")
