"""What makes reading our modules quicker: what is declared is made when it is first used.

Before 3.13 Python compiles every method of every data class by itself: of our seven hundred, a fifth of the start. And
Pydantic builds a model's validator where it is declared, unless told to wait; those of FastAPI itself describe OpenAPI,
which nobody may ask for.
"""

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from pydantic import BaseModel, ConfigDict

MAKER = "_create_fn"
_compiled = vars(dataclasses).get(MAKER) if sys.version_info < (3, 13) else None


class LateMethod:
    """A method of a data class that Python writes. It takes its own place when it is first looked at."""

    def __init__(self, name: str, *given: Any, **named: Any) -> None:
        self.__name__ = name
        self._asked = name, given, named
        self._method: Any = None

    def __get__(self, instance: Any, owner: type) -> Any:
        method = self._made()
        for cls in owner.__mro__:
            if vars(cls).get(self.__name__) is self:
                method.__qualname__ = f"{cls.__qualname__}.{self.__name__}"
                setattr(cls, self.__name__, method)
        return method.__get__(instance, owner)

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Do what the method does, for whoever has wrapped it."""
        return self._made()(*given, **named)

    def _made(self) -> Any:
        if self._method is None:
            name, given, named = self._asked
            self._method = _compiled(name, *given, **named)  # type: ignore[misc]  # asked for only where it is there
        return self._method


@contextmanager
def quickly() -> Iterator[None]:
    """Have what is declared meanwhile made when it is first used."""
    if "fastapi" not in sys.modules:
        own, BaseModel.model_config = BaseModel.model_config, ConfigDict(defer_build=True)
        try:
            import_module("fastapi")
        finally:
            BaseModel.model_config = own
    if _compiled is not None:
        vars(dataclasses)[MAKER] = LateMethod
    try:
        yield
    finally:
        if _compiled is not None:
            vars(dataclasses)[MAKER] = _compiled
