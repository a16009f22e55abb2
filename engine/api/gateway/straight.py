"""Straight ways to a page: routes that ask for nothing but the house and their address need no solver of parameters.

FastAPI looks through every kind of parameter of every dependency at each request, with two stacks of what to close.
For a page that is only looked at this is a tenth of its time, and the answer is always the same: the request itself.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.gateway.asgi import header
from engine.api.texts import keepable

Ask = Callable[[Request], Awaitable[Any]]
_ASKED = ("query_params", "header_params", "cookie_params", "body_params", "dependencies")
_GIVEN = ("response_param_name", "background_tasks_param_name", "security_scopes_param_name")
_CONNECTED = ("websocket_param_name", "http_connection_param_name")


def either(quick: ASGIApp, whole: ASGIApp) -> ASGIApp:
    """Return what takes the straight way, unless something is sent along: that is looked through first."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_bare = not header(scope, b"content-type")
        await (quick if is_bare else whole)(scope, receive, send)

    return answer


def straight(route: APIRoute, dependant: Dependant) -> ASGIApp | None:
    """Return what answers a route, where nothing is sent along, as FastAPI would; None where only FastAPI can.

    dependant: what it asks for, with the application's own rules.
    """
    found = dependant.call
    rules = [one for one in dependant.dependencies if one.call is not keepable]
    if (
        route.methods != {"GET"}
        or found is None
        or route.status_code is not None
        or inspect.signature(found).return_annotation is not Response
        or not inspect.iscoroutinefunction(found)
        or not _takes_request(dependant, but="dependencies")
        or any(one.field_info.annotation is not str or one.field_info.metadata for one in dependant.path_params)
        or not all(_takes_request(one) and not one.path_params and _is_async(one.call) for one in rules)
    ):
        return None
    asks = [(rule.name, _asking(rule)) for rule in rules]
    named = dependant.request_param_name
    words = [one.name for one in dependant.path_params]
    return _Straight(found, asks, named, words)


class _Straight:
    def __init__(
        self, answer: Callable[..., Any], asks: list[tuple[str | None, Ask]], named: str | None, words: list[str]
    ) -> None:
        self._answer = answer
        self._asks = asks
        self._named = named
        self._words = words

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        parameters: Mapping[str, str] = scope["path_params"]
        given: dict[str, Any] = {word: parameters[word] for word in self._words}
        if self._named is not None:
            given[self._named] = request
        for name, ask in self._asks:
            found = await ask(request)
            if name is not None:
                given[name] = found
        response: Response = await self._answer(**given)
        await response(scope, receive, send)


def _takes_request(one: Dependant, but: str = "") -> bool:
    """Return whether it asks for nothing but the request, and words of the address."""
    return not any(getattr(one, name) for name in (*_ASKED, *_GIVEN, *_CONNECTED) if name != but)


def _is_async(call: Any) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(type(call).__call__)


def _asking(rule: Dependant) -> Ask:
    call: Any = rule.call
    if rule.request_param_name is not None:
        name = rule.request_param_name
        return call if name == "request" else lambda request: call(**{name: request})

    async def ask(_request: Request) -> Any:
        return await call()

    return ask
