"""Signposts: finds a request's route by the first parts of its address, not by asking every route in turn.

With sixty resources there are a thousand routes, and asking each took longer than rendering a page.
"""

from collections import defaultdict
from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.types import ASGIApp, Receive, Scope, Send

DEPTH = 3
Key = tuple[str, ...]


class Signposts:
    """Goes to the route that takes a request; the router still answers where none does: 404, 405, slashes."""

    def __init__(self, router: ASGIApp, routes: Sequence[RouteContext]) -> None:
        self._router = router
        self._routes = _by_beginning(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope.get("root_path"):
            path, method = scope["path"], scope["method"]
            for route in self._near(path):
                found = route.path_regex.match(path) if method in (route.methods or ()) else None
                if found is not None:
                    convert = route.param_convertors
                    scope["path_params"] = {
                        name: convert[name].convert(text) for name, text in found.groupdict().items()
                    }
                    scope["endpoint"], scope["route"] = route.endpoint, route.original_route
                    await route.app(scope, receive, send)
                    return
        await self._router(scope, receive, send)

    def _near(self, path: str) -> Sequence[RouteContext]:
        """Return the routes that begin as the path does, and those that begin with any word, in their order."""
        key = tuple(path.split("/", DEPTH + 1)[1 : DEPTH + 1])
        while key not in self._routes and key:
            key = key[:-1]
        return self._routes.get(key, ())


def install(app: FastAPI) -> None:
    """Have the application's router find its routes this way; call it when all are there."""
    app.router.middleware_stack = Signposts(app.router.app, list(iter_route_contexts(app.routes)))


def _by_beginning(routes: Sequence[RouteContext]) -> dict[Key, list[RouteContext]]:
    """Return for each beginning the routes that may be meant, in the order in which they were declared."""
    own: dict[Key, list[tuple[int, RouteContext]]] = defaultdict(list)
    for number, route in enumerate(routes):
        if hasattr(route, "path_regex") and hasattr(route, "app") and route.methods:
            own[_beginning(str(route.path))].append((number, route))
    beginnings = {key[:length] for key in own for length in range(len(key) + 1)}
    return {
        key: [route for _number, route in sorted(_all(own, key), key=lambda one: one[0])] for key in beginnings | {()}
    }


def _all(own: dict[Key, list[tuple[int, RouteContext]]], key: Key) -> list[tuple[int, RouteContext]]:
    return [one for length in range(len(key) + 1) for one in own.get(key[:length], ())]


def _beginning(path: str) -> Key:
    """Return the words that a path begins with, at most three, before its first parameter."""
    words: list[str] = []
    for word in path.split("/", DEPTH + 1)[1 : DEPTH + 1]:
        if "{" in word:
            break
        words.append(word)
    return tuple(words)
