"""How well text can be read on the grounds of a page's blocks, by the site's own theme, by day and at night."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.content.pages.checking import Level, Remark
from engine.core.blocks.declaring import Book
from engine.core.blocks.tree import Node
from engine.core.i18n import Message, _
from engine.core.site import Theme
from ui.colour import Oklch, contrast
from ui.theme import READABLE, colours
from ui.themes import choices_of

#: What a theme's names stand for: `(theme, whether at night)`.
Colours = Callable[[Theme, bool], Mapping[str, Oklch]]
#: The grounds of `Look.background` as people know them.
GROUNDS = {
    "": _("the page's own background"),
    "plain": _("the page's own background"),
    "subtle": _("the background “Quiet”"),
    "soft": _("the background “Soft accent”"),
    "accent": _("the background “Accent”"),
    "inverse": _("the background “Inverse”"),
}
_WORDS = {"text": _("Text"), "text-quiet": _("Quiet text"), "link": _("A link"), "button": _("A button's words")}


@dataclass(frozen=True, slots=True)
class Ground:
    """What a block stands on. colour: the token that its background is. is_on_accent: texts are the accent's own.

    is_night: drawn as at night whatever the visitor chose.
    """

    name: str = ""
    colour: str = "page"
    is_on_accent: bool = False
    is_night: bool = False

    def under(self, background: str) -> "Ground":
        """Return what a block with this background stands on here: as `block/looks.css` draws it."""
        match background:
            case "subtle" | "soft":
                pale = "neutral-3" if background == "subtle" else "accent-3"
                return replace(self, name=background, colour="accent-10" if self.is_on_accent else pale)
            case "accent":
                return replace(self, name=background, colour="accent-9", is_on_accent=True)
            case "inverse":
                return replace(
                    self, name=background, colour="accent-10" if self.is_on_accent else "neutral-3", is_night=True
                )
            case _:
                return self


@dataclass(frozen=True, slots=True)
class Reading:
    """How well something is read: its WCAG 2 contrast ratio, at night or by day."""

    what: Message
    ratio: float
    is_dark: bool

    @property
    def shown(self) -> str:
        """The ratio, never better than it is: 4.49 is not 4.5."""
        return f"{int(self.ratio * 10) / 10:.1f}"


@lru_cache(maxsize=16)
def colours_of(theme: Theme, is_dark: bool) -> Mapping[str, Oklch]:
    """Return what the theme's names stand for, by day or at night."""
    return colours(choices_of(theme), is_dark=is_dark)


def readings(theme: Theme, ground: Ground, shown: Colours = colours_of) -> list[Reading]:
    """Return how well each kind of text is read on a ground, in each scheme that visitors can have."""
    nights = {"light": (False,), "dark": (True,), "auto": (False, True)}[theme.color_scheme]
    return [
        Reading(_WORDS[name], contrast(text, under), is_dark)
        for is_dark in (nights if not ground.is_night else (True,))
        for name, text, under in _pairs(shown(theme, is_dark), theme, ground)
    ]


def least(theme: Theme, ground: Ground, shown: Colours = colours_of) -> Reading:
    """Return what is read worst on a ground."""
    return min(readings(theme, ground, shown), key=lambda reading: reading.ratio)


def summary(tree: Sequence[Node], book: Book, theme: Theme) -> Message:
    """Return the worst that text is read on any ground of a page."""
    worst = min((least(theme, ground) for ground in _grounds(tree, book, Ground())), key=lambda one: one.ratio)
    return _("Text on these backgrounds is read at {ratio} : 1 or better; 4.5 : 1 is needed.").having(ratio=worst.shown)


def _grounds(tree: Sequence[Node], book: Book, around: Ground) -> Iterator[Ground]:
    yield around
    for node in tree:
        block = book.get(node.type)
        if block is not None and not node.is_hidden:
            yield from _grounds(node.children, book, around.under(node.look.background or block.look.background))


def remarks(tree: Sequence[Node], book: Book, theme: Theme, shown: Colours = colours_of) -> list[Remark]:
    """Return where text cannot be read well enough, in the order of the page; and where nobody can know."""
    here = Ground()
    return [
        *_unread(least(theme, here, shown), here, ""),
        *_below(tree, book, here, lambda on: least(theme, on, shown)),
    ]


def _below(tree: Sequence[Node], book: Book, around: Ground, worst: Callable[[Ground], Reading]) -> Iterator[Remark]:
    for node in tree:
        block = book.get(node.type)
        if block is None or node.is_hidden:
            continue
        background = node.look.background or block.look.background
        ground = around.under(background)
        if _has_words_on_picture(node):
            message = _(
                "Words lie on the picture, under a dark veil. How well they are read depends on the picture: look at "
                "it, and choose a calm one."
            )
            yield Remark(Level.INFO, message, node.id, "image")
        elif background:
            yield from _unread(worst(ground), ground, node.id)
        yield from _below(node.children, book, ground, worst)


def _unread(worst: Reading, ground: Ground, block_id: str) -> Iterator[Remark]:
    """Yield what is read worst, where that is not well enough."""
    if worst.ratio >= READABLE:
        return
    where = _("at night") if worst.is_dark else _("by day")
    remedy = _("Choose another background here, or another accent colour under Settings, Look.")
    if not block_id:
        remedy = _("Choose another accent colour or background under Settings, Look.")
    message = _("{what} reaches a contrast of {ratio} : 1 on {ground} {where}; 4.5 : 1 is needed. {remedy}").having(
        what=worst.what, ratio=worst.shown, ground=GROUNDS[ground.name], where=where, remedy=remedy
    )
    yield Remark(Level.WARNING, message, block_id, "look.background" if block_id else "")


def _has_words_on_picture(node: Node) -> bool:
    return getattr(node.settings, "layout", "") == "behind" and bool(getattr(node.settings, "image", ""))


def _pairs(found: Mapping[str, Oklch], theme: Theme, ground: Ground) -> Iterator[tuple[str, Oklch, Oklch]]:
    """Yield (what, its colour, the colour under it)."""
    under = found[ground.colour]
    if ground.is_on_accent:
        yield "text", found["on-accent"], under
        yield "button", found["accent-9"], found["on-accent"]
        return
    for name in ("text", "text-quiet", "link"):
        yield name, found[name], under
    yield "button", found["button"], under if theme.button_fill == "outline" else found["accent-9"]
