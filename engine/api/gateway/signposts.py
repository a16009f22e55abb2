"""Signposts: finds a request's route by the first parts of its address, not by asking every route in turn.

With sixty resources there are a thousand routes, and asking each took longer than rendering a page. What runs a route
(its pattern, its dependencies, with the application's) is made when it is first asked for: making all took a tenth of a
start.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import URL
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route, compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.gateway.straight import either, straight

DEPTH = 3
Key = tuple[str, ...]


@dataclass(frozen=True)
class Signpost:
    """Where a route stands. included: the part of the application that it came with, none where it stands alone."""

    path: str
    methods: frozenset[str]
    route: Route
    included: Any = None

    @property
    def takes_all(self) -> bool:
        """Whether this is a list of the API's answer to any address below it, which says nothing of what is there."""
        return self.path.startswith("/api/") and self.path.endswith(":path}")

    @cached_property
    def _form(self) -> tuple[re.Pattern[str], Mapping[str, Any]]:
        pattern, _format, convertors = _compiled(self.path)
        return pattern, convertors

    def match(self, path: str) -> re.Match[str] | None:
        """Return what the parameters in a path are, as text; None where it is another path."""
        return self._form[0].match(path)

    @cached_property
    def app(self) -> ASGIApp:
        """What answers."""
        if self.included is None:
            return self.route.app
        made = self.included._build_effective_context(self.route)  # noqa: SLF001 - else all are made
        whole: ASGIApp = made.app
        quick = straight(self.route, made.dependant) if isinstance(self.route, APIRoute) else None
        return whole if quick is None else either(quick, whole)

    async def answer(self, parameters: Mapping[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose address has these parameters."""
        scope["path_params"] = {name: self._form[1][name].convert(text) for name, text in parameters.items()}
        scope["endpoint"], scope["route"] = self.route.endpoint, self.route
        await self.app(scope, receive, send)


class Signposts:
    """Goes to the route that takes a request, or says that there is none, only for other methods, or at a sister."""

    def __init__(self, router: ASGIApp, nowhere: ASGIApp, posts: Iterable[Signpost]) -> None:
        self._router = router
        self._nowhere = nowhere
        self._posts = _by_beginning(posts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope.get("root_path"):
            await self._router(scope, receive, send)
            return
        path, method = scope["path"], scope["method"]
        others: set[str] = set()
        for post in self._near(path):
            if found := post.match(path):
                if method in post.methods:
                    await post.answer(found.groupdict(), scope, receive, send)
                    return
                others |= post.methods if not post.takes_all else set()
        if others:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(others))})
        await self._elsewhere(path)(scope, receive, send)

    def _elsewhere(self, path: str) -> ASGIApp:
        """Return what leads to the same address with or without its last slash, where that exists."""
        sister = path.rstrip("/") if path.endswith("/") else f"{path}/"
        if path == "/" or not any(post.match(sister) and not post.takes_all for post in self._near(sister)):
            return self._nowhere

        async def redirect(scope: Scope, receive: Receive, send: Send) -> None:
            address = str(URL(scope={**scope, "path": sister}))
            await RedirectResponse(address)(scope, receive, send)

        return redirect

    def _near(self, path: str) -> Sequence[Signpost]:
        """Return the routes that begin as the path does, and those that begin with any word, in their order."""
        key = tuple(path.split("/", DEPTH + 1)[1 : DEPTH + 1])
        while key not in self._posts and key:
            key = key[:-1]
        return self._posts.get(key, ())


def install(app: FastAPI) -> None:
    """Have the application's router find its routes this way; call it when all are there."""
    router = app.router
    router.middleware_stack = Signposts(router.app, router.default, posts_of(app))


def posts_of(app: FastAPI) -> Iterator[Signpost]:
    """Yield every route of an application where it stands."""
    for one in app.routes:
        part = getattr(one, "original_router", None)
        for route in [one] if part is None else part.routes:
            if isinstance(route, Route) and route.methods:
                path = route.path if part is None else one.include_context.path_for(route)  # type: ignore[attr-defined]
                yield Signpost(path, frozenset(route.methods), route, None if part is None else one)


_compiled = cache(compile_path)


def _by_beginning(posts: Iterable[Signpost]) -> dict[Key, list[Signpost]]:
    """Return for each beginning the routes that may be meant, in the order in which they were declared."""
    own: dict[Key, list[tuple[int, Signpost]]] = defaultdict(list)
    for number, post in enumerate(posts):
        own[_beginning(post.path)].append((number, post))
    beginnings = {key[:length] for key in own for length in range(len(key) + 1)}
    return {
        key: [post for _number, post in sorted(_all(own, key), key=lambda one: one[0])] for key in beginnings | {()}
    }


def _all(own: dict[Key, list[tuple[int, Signpost]]], key: Key) -> list[tuple[int, Signpost]]:
    return [one for length in range(len(key) + 1) for one in own.get(key[:length], ())]


def _beginning(path: str) -> Key:
    """Return the words that a path begins with, at most three, before its first parameter."""
    words: list[str] = []
    for word in path.split("/", DEPTH + 1)[1 : DEPTH + 1]:
        if "{" in word:
            break
        words.append(word)
    return tuple(words)
