"""What was sent, looked at once: its kind, its size, and what pages show of it. Never on the event loop."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

from engine.media import drawings, pictures, previews
from engine.media.kinds import TAKEN, kind_of
from engine.media.models import MediaKind
from engine.media.pictures import MIDDLE_POINT, Focus, Variant

P = ParamSpec("P")
T = TypeVar("T")
PREVIEWS = ("thumbnail", "medium")
#: A page is known by its head.
_TOP: Focus = (50, 0)
_front: RunVar[CapacityLimiter] = RunVar("engine.media.contents.front")
_background: RunVar[CapacityLimiter] = RunVar("engine.media.contents.background")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file turned out to be. width and height: of the upright picture, 0 where there is none.

    variants: what is made at once; `drawing` is an SVG made safe.
    """

    kind: MediaKind
    content_type: str
    extension: str
    width: int = 0
    height: int = 0
    placeholder: str = ""
    focus: Focus = MIDDLE_POINT
    variants: list[Variant] = field(default_factory=list)


async def apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return `work(...)`, done in a thread for somebody who waits: one at a time, the others hold no thread."""
    return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=_limiter(_front))


async def in_background(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return `work(...)`, done in a thread for a job: one at a time, and never before somebody who waits."""
    return await to_thread.run_sync(lambda: work(*args, **kwargs), limiter=_limiter(_background))


def _limiter(kept: RunVar[CapacityLimiter]) -> CapacityLimiter:
    """Return the event loop's own: two pictures are decoded at once at most, for each may take 200 MB while it is."""
    try:
        return kept.get()
    except LookupError:
        kept.set(CapacityLimiter(1))
        return kept.get()


def look(data: bytes, filename: str, *, only_pictures: bool = False) -> Content:
    """Return what the file is, by its content and never by its name, with the small variants of what can be shown.

    Raises Invalid when it is nothing we take, is damaged, or has too many pixels.
    """
    if only_pictures:
        return _picture(data)
    found = kind_of(data, filename)
    match found.kind:
        case MediaKind.IMAGE:
            return _picture(data)
        case MediaKind.DRAWING:
            safe = drawings.clean(data)
            made = [Variant("drawing", safe.data, safe.width, safe.height, "drawing.svg")]
            return Content(found.kind, found.content_type, found.extension, safe.width, safe.height, variants=made)
        case MediaKind.DOCUMENT if found.extension == "pdf":
            page = previews.first_page(data)
            variants = pictures.variants_of(page, PREVIEWS, _TOP)
            return Content(found.kind, found.content_type, found.extension, focus=_TOP, variants=variants)
        case _:
            return Content(found.kind, found.content_type, found.extension)


def _picture(data: bytes) -> Content:
    seen, variants = pictures.read(data, pictures.FIRST_VARIANTS)
    return Content(
        kind=MediaKind.IMAGE,
        content_type=seen.content_type,
        extension=seen.extension,
        width=seen.width,
        height=seen.height,
        placeholder=seen.placeholder,
        variants=variants,
    )


def described(made: list[Variant]) -> dict[str, Any]:
    """Return what a row keeps of made variants."""
    return {
        one.name: {"width": one.width, "height": one.height, "size": len(one.data)}
        | ({"file": one.file} if one.file else {})
        for one in made
    }


__all__ = ("TAKEN", "Content", "apart", "described", "in_background", "look")
