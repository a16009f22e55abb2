"""Blocks drawn without a house: what their templates make of settings, pictures and what they load."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from engine.commerce.blocks import BLOCKS as SHOP_BLOCKS
from engine.commerce.blocks import Shelf
from engine.commerce.catalog.shop import Card
from engine.content.articles import queries as articles
from engine.content.articles.blocks import LATEST
from engine.content.blocks import BLOCKS
from engine.content.blocks.site import Counted, Reached
from engine.content.files.blocks import FILE_BLOCK
from engine.content.files.models import FileRule
from engine.content.files.queries import FileView
from engine.content.forms.blocks import form_block
from engine.content.forms.models import AfterSending
from engine.content.forms.ports import NoCashier
from engine.content.forms.queries import FormView
from engine.content.forms.shapes import FieldType, FormField, Price
from engine.content.menus.memory import MenuLink
from engine.content.pages.loading import Loaded
from engine.core.blocks import tree
from engine.core.blocks.declaring import book_of
from engine.core.blocks.tree import Node
from engine.core.html import clean_html
from engine.core.ids import new_id
from engine.media.models import MediaKind
from engine.media.public import MediaUrls, PublicFile
from ui.blocks.drawing import Drawing, outgoing
from ui.blocks.outline import outline
from ui.page import Link, NavSection, PageContext

BOOK = book_of((*BLOCKS, *SHOP_BLOCKS, LATEST, FILE_BLOCK, form_block(NoCashier())))
PICTURE, FILM = str(UUID(int=1)), str(UUID(int=2))


def loaded(nodes: Sequence[Node], said: str = "A mug") -> Loaded:
    """Return what these blocks would find: a picture, a film and things of the house, all called `said`."""
    picture = MediaUrls(UUID(PICTURE), "/t.webp", "/m.webp", "/l.webp", "/f.webp", 800, 600, said, 800, 1600)
    film = PublicFile(UUID(FILM), said, "/media/x/y/file.mp4", MediaKind.VIDEO, "video/mp4", 12_000, 640, 360)
    link = MenuLink(said, "/there", False, 0, (MenuLink(said, "/below", True, 0, ()),))
    card = Card(
        new_id(), said, "mug", 1800, 1800, None, is_available=False, is_featured=True, published_at=None, image=picture
    )
    found: dict[str, Callable[[], Any]] = {
        "countdown": lambda: Counted(datetime(2027, 5, 1, 10, tzinfo=UTC)),
        "contact": lambda: Reached("hello@example.org", said, "tel:123"),
        "navigation": lambda: (link,),
        "products": lambda: Shelf((card,), "EUR"),
        "product": lambda: Shelf((card,), "EUR"),
        "latest-articles": lambda: (_article(said, picture),),
        "gated-file": lambda: FileView(
            new_id(), said, "mug", said, False, FileRule.SIGNED_IN, None, None, None, said, said, 12, "1"
        ),
        "form": lambda: _form(said),
    }
    data = {node.id: found[node.type]() for node in tree.walk(nodes) if node.type in found}
    return Loaded({PICTURE: picture}, {FILM: film}, data=data)


def _article(said: str, picture: MediaUrls) -> articles.Card:
    named, at = articles.Named(new_id(), said, "/blog/tag/mug", said), datetime(2027, 5, 1, 10, tzinfo=UTC)
    return articles.Card(
        new_id(), said, "/blog/mug", said, at, at, 3, picture, named, (named,), (named,), is_featured=True,
        is_pinned=True,
    )  # fmt: skip


def _form(said: str) -> FormView:
    """Return a form that says the same in every place of every kind of field."""
    words: dict[str, Any] = {
        "label": said[:500],
        "help": said[:2000],
        "placeholder": said[:200],
        "default": said[:9000],
    }
    words |= {"options": [said[:200] or "-"], "prices": [Price(label=said[:200], amount_minor=500)], "currency": "EUR"}
    fields = [
        FormField(id=f"{kind.value.replace('_', '-')}-{pays}", type=kind, pays=pays, **words)
        for kind in FieldType if kind is not FieldType.STEP
        for pays in (("fixed", "choice", "own") if kind is FieldType.PAYMENT else ("fixed",))
    ]  # fmt: skip
    return FormView(
        new_id(), said, "mug", True, clean_html(said), tuple(fields), said[:80], AfterSending.PAGE, clean_html(said),
        said, said, datetime(2027, 5, 1, tzinfo=UTC), ("card", "manual"),
    )  # fmt: skip


def draw(*blocks: dict[str, Any], said: str = "A mug", is_editing: bool = False, held: Loaded | None = None) -> str:
    """Return blocks as a visitor gets them, or as whoever builds the page does."""
    nodes = tree.read(list(blocks), BOOK)
    frame = PageContext(
        title=said, site_name=said, nav=[NavSection([Link(said, "/there")])], canonical_url="https://a.example/b"
    )
    held = held or loaded(nodes, said)
    ranks = outline(nodes, BOOK, held.inside)
    return str(Drawing(BOOK, held, frame, outgoing("a.example"), is_editing, ranks).tree(nodes))
