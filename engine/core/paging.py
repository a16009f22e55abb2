"""Pages of lists: what was asked, and what comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")
MAX_LIMIT = 100
MAX_PAGE = 1_000_000


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page, counted from 1, and how many items a page holds (at most 100)."""

    page: int = 1
    limit: int = 20

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, with the number of items on all pages. is_more: there are more than that; nobody counted."""

    items: Sequence[T]
    total: int
    page: int
    limit: int
    is_more: bool = False

    @classmethod
    def of(cls, items: Sequence[T], total: int, request: PageRequest) -> "Page[T]":
        return cls(items, total, request.page, request.limit)

    def map(self, change: Callable[[T], U]) -> "Page[U]":
        """Return the same page of changed items."""
        return Page([change(item) for item in self.items], self.total, self.page, self.limit, self.is_more)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.limit))
