"""Shapes that cross the wire: camelCase, unknown fields refused, money and addresses always the same."""

from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticKnownError

from engine.core.money import Money
from engine.core.paging import MAX_LIMIT, MAX_PAGE, Page, PageRequest

T = TypeVar("T")


class Wire(BaseModel):
    """Base of everything that is sent or received."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", from_attributes=True, frozen=True
    )


def _number(value: Any) -> Any:
    """Refuse `true`, which would be a penny."""
    if isinstance(value, bool):
        raise PydanticKnownError("int_type")
    return value


class MoneyWire(Wire):
    """An amount in minor units of an ISO 4217 currency."""

    amount: Annotated[int, BeforeValidator(_number)]
    currency: str

    @classmethod
    def of(cls, minor: int, currency: str) -> "MoneyWire":
        return cls(amount=minor, currency=currency)

    @classmethod
    def from_money(cls, money: Money) -> "MoneyWire":
        return cls(amount=money.amount, currency=money.currency)


class PageWire(Wire, Generic[T]):
    """One page of a list. Subclass it by item (`class ProductPage(PageWire[ProductWire])`) for a name of its own."""

    items: list[T]
    total: int
    page: int
    limit: int

    @classmethod
    def of(cls, page: Page[Any], items: list[T]) -> "PageWire[T]":
        return cls(items=items, total=page.total, page=page.page, limit=page.limit)


class Problem(BaseModel):
    """RFC 9457 problem details. `errors` names each field that was wrong."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str | None = None
    request_id: str | None = None
    errors: list[dict[str, Any]] = Field(default_factory=list)


async def _page_request(
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 20,
) -> PageRequest:
    return PageRequest(page, limit)


Paging = Annotated[PageRequest, Depends(_page_request)]
