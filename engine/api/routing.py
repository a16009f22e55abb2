"""Routers whose routes are worked out when they are first asked for: doing all at the start took a fifth of it."""

from collections.abc import Callable
from typing import Any

import fastapi
from fastapi.routing import APIRoute


class LateRoute(APIRoute):
    """A route that knows its address at once, and reads its function's parameters with the first question about them.

    What is wrong with a declaration is found then: the API's description and `rules_of` ask every route.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **how: Any) -> None:
        self._how = how
        self.path = path
        self.endpoint = endpoint
        self.name = str(how.get("name") or getattr(endpoint, "__name__", type(endpoint).__name__))
        self.methods = {method.upper() for method in how.get("methods") or ("GET",)}
        self.dependencies = list(how.get("dependencies") or ())
        self.status_code = how.get("status_code")
        self.include_in_schema = how.get("include_in_schema", True)

    def __getattr__(self, name: str) -> Any:
        """Work out what was not needed so far; Python asks here for what is not there."""
        how = self.__dict__.pop("_how", None)
        if how is None:
            raise AttributeError(f"a route has no {name}")
        super().__init__(self.path, self.endpoint, **how)
        return getattr(self, name)


class APIRouter(fastapi.APIRouter):
    """A router of late routes."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"route_class": LateRoute, **settings})
