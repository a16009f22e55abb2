"""The guide's `pages` and `page_versions`."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.actor import Role, ScopedRole
from engine.core.audit import UNAUDITED
from engine.core.tables import Base, EnumText, HasId, HasTimes

MAX_TITLE = 200


class PageKind(StrEnum):
    """What a page is for. Of the parts of the site (header to server_error) there is one each."""

    PAGE = "page"
    ARTICLE = "article"
    TEMPLATE = "template"
    REUSABLE = "reusable"
    HEADER = "header"
    FOOTER = "footer"
    NOT_FOUND = "not_found"
    SERVER_ERROR = "server_error"


#: Those that visitors open by an address.
ADDRESSED = (PageKind.PAGE, PageKind.ARTICLE)
PARTS = (PageKind.HEADER, PageKind.FOOTER, PageKind.NOT_FOUND, PageKind.SERVER_ERROR)


class PageStatus(StrEnum):
    """The guide's PageStatus. A published page may have a draft that is newer than what visitors see."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class PageVisibility(StrEnum):
    """Who may see a published page. `roles`: those of Page.roles, and staff."""

    PUBLIC = "public"
    PASSWORD = "password"  # noqa: S105 - a word
    SIGNED_IN = "signed_in"
    ROLES = "roles"


#: Those that a page can be open to besides staff, who see every page.
OPEN_TO = (Role.CUSTOMER, ScopedRole.EVENT_STAFF, ScopedRole.EXHIBITOR, ScopedRole.COURSE_ADMIN, ScopedRole.INSTRUCTOR)


class VersionKind(StrEnum):
    """How a version came about. Autosaves of one sitting are one version."""

    AUTOSAVE = "autosave"
    SAVE = "save"
    RESTORE = "restore"
    IMPORT = "import"


class Page(HasId, HasTimes, Base):
    """One page. What is written in it (title, blocks, what search engines see) is in its versions.

    path: its address, from the slugs above it down; `/` is the front page, None has none. title: the draft's. edit: a
    number that grows with every save, so that nobody overwrites what they have not seen. draft_version_id: what is
    written on; published_version_id: what visitors see, None where they see nothing. first_published_at stays for good.
    """

    __tablename__ = "pages"

    kind: Mapped[PageKind] = mapped_column(EnumText(PageKind), default=PageKind.PAGE, index=True)
    status: Mapped[PageStatus] = mapped_column(EnumText(PageStatus), default=PageStatus.DRAFT, index=True)
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    slug: Mapped[str] = mapped_column(String(100), default="")
    path: Mapped[str | None] = mapped_column(String(1000), unique=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("pages.id", ondelete="SET NULL"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    edit: Mapped[int] = mapped_column(default=1, info=dict(UNAUDITED))
    draft_version_id: Mapped[UUID | None] = mapped_column(info=dict(UNAUDITED))
    published_version_id: Mapped[UUID | None] = mapped_column(index=True)
    first_published_at: Mapped[datetime | None] = mapped_column(index=True)
    published_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    unpublish_at: Mapped[datetime | None] = mapped_column(index=True)
    visibility: Mapped[PageVisibility] = mapped_column(EnumText(PageVisibility), default=PageVisibility.PUBLIC)
    password_hash: Mapped[str] = mapped_column(String(200), default="", info=dict(UNAUDITED))
    roles: Mapped[list[Any]] = mapped_column(default=list)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    updated_by_name: Mapped[str] = mapped_column(String(320), default="", info=dict(UNAUDITED))

    @property
    def noun(self) -> str:
        """The word in audit lines: that of the list it stands in."""
        return "article" if self.kind is PageKind.ARTICLE else "page"


class PageVersion(HasId, Base):
    """A page's content as it stood: `PageContent` as JSON. number: 1, 2, 3 within its page.

    at: when it was last written on; until its sitting ends an autosave grows, all else never changes.
    """

    __tablename__ = "page_versions"

    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[VersionKind] = mapped_column(EnumText(VersionKind))
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    at: Mapped[datetime]
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(String(320), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    published_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("page_id", "number"), Index(None, "author_id"))


class PageMedia(Base):
    """A file of the media library that a page's draft or published version names."""

    __tablename__ = "page_media"

    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True)
    media_id: Mapped[UUID] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"), primary_key=True, index=True)


class PageNote(HasId, HasTimes, Base):
    """A remark of the review about a page, or one block of it. Answers hang on the first."""

    __tablename__ = "page_notes"

    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), index=True)
    block_id: Mapped[str] = mapped_column(String(40), default="")
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("page_notes.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str] = mapped_column(String(320), default="")
    text: Mapped[str] = mapped_column(String(2_000))
    resolved_at: Mapped[datetime | None]


class PagePreview(HasId, Base):
    """A link that shows a page's draft to whoever has it, until it expires or is revoked. Kept as a hash."""

    __tablename__ = "page_previews"

    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PageEditor(Base):
    """Who has a page open in the builder, and which block they are at. Gone a minute after they were last seen."""

    __tablename__ = "page_editors"

    page_id: Mapped[UUID] = mapped_column(ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True)
    window: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(320))
    block_id: Mapped[str] = mapped_column(String(40), default="")
    seen_at: Mapped[datetime]
