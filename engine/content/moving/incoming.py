"""What any export holds, whoever wrote it: pages, articles, words they are sorted by, comments, files and menus."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from engine.core.i18n import Message


class IncomingKind(StrEnum):
    """What an item becomes here."""

    PAGE = "page"
    ARTICLE = "article"
    BLOCK = "block"


class IncomingStatus(StrEnum):
    """How an item stood where it comes from."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    REVIEW = "review"
    PRIVATE = "private"


class BodyKind(StrEnum):
    """What an item's body is written in. wordpress: HTML with blocks or shortcodes, paragraphs by blank lines."""

    HTML = "html"
    WORDPRESS = "wordpress"
    BLOCKS = "blocks"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that did not come in as it was. where: the item's title or key; line: of the file, 0 where unknown."""

    where: str
    message: Message
    line: int = 0


@dataclass(frozen=True, slots=True)
class IncomingAuthor:
    """Who wrote."""

    key: str
    name: str
    email: str = ""
    bio: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class IncomingTerm:
    """A category or a tag."""

    key: str
    name: str
    slug: str = ""
    description: str = ""
    parent_key: str = ""


@dataclass(frozen=True, slots=True)
class IncomingComment:
    """A comment. parent_key: of the one it answers, or empty."""

    key: str
    name: str
    email: str
    text: str
    at: datetime | None
    parent_key: str = ""
    is_approved: bool = True


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file of the old library. address: where it stood on the web, or its name in what came along."""

    key: str
    address: str
    title: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class IncomingItem:
    """A page or an article. address: where it stood, whole or a path; old_paths: other paths that led to it."""

    key: str
    kind: IncomingKind
    title: str
    body: str
    body_kind: BodyKind
    slug: str = ""
    address: str = ""
    old_paths: Sequence[str] = ()
    excerpt: str = ""
    status: IncomingStatus = IncomingStatus.PUBLISHED
    published_at: datetime | None = None
    parent_key: str = ""
    position: int = 0
    author_keys: Sequence[str] = ()
    category_keys: Sequence[str] = ()
    tag_keys: Sequence[str] = ()
    cover: str = ""
    pictures: Sequence[str] = ()
    password: str = ""
    is_featured: bool = False
    allows_comments: bool = True
    seo_title: str = ""
    seo_description: str = ""
    comments: Sequence[IncomingComment] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class IncomingMenuItem:
    """A line of a menu. item_key: of the page or article it leads to; term_key: of the category; else an address."""

    key: str
    label: str
    address: str = ""
    item_key: str = ""
    term_key: str = ""
    parent_key: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class IncomingMenu:
    """A menu with its lines, in order."""

    key: str
    name: str
    items: Sequence[IncomingMenuItem] = ()


@dataclass(slots=True)
class Incoming:
    """A whole export. source: what repeats of it are known by, such as `wordpress:example.org`.

    exported_at: when the other system wrote it, where it says so and counts its things from 1, as other sites do.
    """

    source: str
    title: str = ""
    address: str = ""
    exported_at: datetime | None = None
    authors: list[IncomingAuthor] = field(default_factory=list)
    categories: list[IncomingTerm] = field(default_factory=list)
    tags: list[IncomingTerm] = field(default_factory=list)
    items: list[IncomingItem] = field(default_factory=list)
    files: list[IncomingFile] = field(default_factory=list)
    menus: list[IncomingMenu] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, where: str, message: Message, line: int = 0) -> None:
        """Write down what does not come in as it was."""
        self.problems.append(Problem(where[:200], message, line))
