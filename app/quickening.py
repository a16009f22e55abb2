"""What makes reading our modules quicker: data classes without compiled methods, and shapes built when they are used.

Before 3.13 Python compiles every method of every data class by itself: of our seven hundred, a fifth of the start.
Here all but `__init__` are closures that do the same. Pydantic builds a model's validator when it is declared, unless
told to wait for its first use; most of FastAPI's own describe OpenAPI, which nobody may ask for.
"""

import dataclasses
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, FrozenInstanceError
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any

from pydantic import BaseModel, ConfigDict

_Fields = Sequence[Field[Any]]
#: What Python itself makes of these, for whoever wants to compare.
PLAIN: dict[str, Any] = {}


def begin() -> None:
    """Have everything that is declared from now on declared quickly. Does nothing the second time."""
    BaseModel.model_config = ConfigDict(defer_build=True)
    if sys.version_info < (3, 13) and not PLAIN:
        quick = {"_frozen_get_del_attr": frozen, "_repr_fn": said, "_cmp_fn": compared, "_hash_fn": hashed}
        PLAIN.update({name: vars(dataclasses)[name] for name in quick})
        vars(dataclasses).update(quick)


def frozen(cls: type, fields: _Fields, _globals: Mapping[str, Any]) -> tuple[Callable[..., None], Callable[..., None]]:
    """Return what refuses to set and to delete a field."""
    names = frozenset(field.name for field in fields)

    def __setattr__(self: Any, name: str, value: Any) -> None:  # noqa: N807 - these are the methods
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:  # noqa: N807
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__


def said(fields: _Fields, _globals: Mapping[str, Any]) -> Callable[[Any], str]:
    """Return what writes an instance as one would make it."""
    names = tuple(field.name for field in fields)

    def __repr__(self: Any) -> str:  # noqa: N807
        return f"{type(self).__qualname__}({', '.join([f'{name}={getattr(self, name)!r}' for name in names])})"

    return recursive_repr()(__repr__)


def compared(name: str, sign: str, own: str, other: str, **more: Any) -> Callable[[Any, Any], Any]:
    """Return what compares two instances. own: their fields, as Python would write them: `(self.name,self.size,)`."""
    if sign != "==":
        plain: Callable[[Any, Any], Any] = PLAIN["_cmp_fn"](name, sign, own, other, **more)
        return plain
    values = _values_of([part.removeprefix("self.") for part in own.strip("()").split(",") if part])

    def __eq__(self: Any, other: object) -> Any:  # noqa: N807
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def hashed(fields: _Fields, _globals: Mapping[str, Any]) -> Callable[[Any], int]:
    """Return what hashes an instance by its fields."""
    values = _values_of([field.name for field in fields])

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


def _values_of(names: Sequence[str]) -> Callable[[Any], Any]:
    """Return what reads these fields of an instance: as a tuple, however few they are."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda _one: ()
    only = attrgetter(names[0])
    return lambda one: (only(one),)
