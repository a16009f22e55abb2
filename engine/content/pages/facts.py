"""What happened to pages (the guide's names, section 13)."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class PageCreated(Fact, name="page.created"):
    """A page was begun. kind: a PageKind."""

    page_id: UUID
    kind: str


@dataclass(frozen=True)
class PageUpdated(Fact, name="page.updated"):
    """Its draft, address or rules changed. Autosaves say nothing."""

    page_id: UUID
    kind: str


@dataclass(frozen=True)
class PagePublished(Fact, name="page.published"):
    """Visitors see this version now. path: where, or None."""

    page_id: UUID
    kind: str
    version_id: UUID
    path: str | None = None


@dataclass(frozen=True)
class PageUnpublished(Fact, name="page.unpublished"):
    """Visitors see it no more."""

    page_id: UUID
    kind: str
    path: str | None = None


@dataclass(frozen=True)
class PageDeleted(Fact, name="page.deleted"):
    """It went into the bin."""

    page_id: UUID
    kind: str
    path: str | None = None


PAGE_FACTS = (PageCreated, PageUpdated, PagePublished, PageUnpublished, PageDeleted)
