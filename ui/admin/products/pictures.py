"""The pictures of the product form: those it has and those chosen from the library, in the order they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from starlette.datastructures import FormData

from engine.commerce.catalog.drafts import ImageDraft
from engine.commerce.catalog.models import ImageState
from engine.commerce.catalog.views import ImageView, ProductView
from engine.core.ids import parse_id
from engine.media.public import MediaUrls
from ui.admin.products.cells import text

NEW = "new-"


@dataclass(frozen=True)
class Picture:
    """One picture of the form. key: its id, or `new-` and the id of a file of the library."""

    key: str
    media_id: UUID | None
    alt: str = ""
    url: str = ""
    source: str = ""
    state: ImageState = ImageState.READY
    problem: str = ""

    @property
    def label(self) -> str:
        """What tells it from the others in words."""
        return self.alt or self.source.rpartition("/")[2]

    @property
    def draft(self) -> ImageDraft:
        own = None if self.key.startswith(NEW) else parse_id(self.key)
        return ImageDraft(id=own, media_id=self.media_id, source=self.source, alt=self.alt[:300])


def kept(view: ProductView | None) -> list[Picture]:
    """Return the pictures that a product has."""
    return [_of(image, image.alt) for image in view.images] if view else []


def typed(form: FormData, view: ProductView | None) -> list[Picture]:
    """Return the pictures that were sent and not taken away. Those a form did not show at all stay."""
    known = {str(image.id): image for image in view.images} if view else {}
    keys = [key for key in form.getlist("images") if isinstance(key, str)]
    if not form.get("images.shown"):
        keys += [key for key in known if key not in keys]
    found: list[tuple[int, int, Picture]] = []
    for place, key in enumerate(dict.fromkeys(keys)):
        if form.get(f"images.{key}.remove"):
            continue
        said = text(form, f"images.{key}.position")
        order = int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else place + 1
        alt = text(form, f"images.{key}.alt")
        media_id = parse_id(key.removeprefix(NEW)) if key.startswith(NEW) else None
        if key in known:
            found.append((order, place, _of(known[key], alt if f"images.{key}.alt" in form else known[key].alt)))
        elif media_id is not None:
            found.append((order, place, Picture(key, media_id, alt)))
    return [picture for _order, _place, picture in sorted(found, key=lambda one: one[:2])]


def with_addresses(pictures: Sequence[Picture], urls: Mapping[UUID, MediaUrls]) -> list[Picture]:
    """Return the pictures with the addresses of what was chosen from the library just now."""
    found = {one.key: urls[one.media_id].thumbnail for one in pictures if one.media_id and one.media_id in urls}
    return [replace(one, url=one.url or found.get(one.key, "")) for one in pictures]


def _of(image: ImageView, alt: str) -> Picture:
    url = image.urls.thumbnail if image.urls else ""
    return Picture(str(image.id), image.media_id, alt, url, image.source, image.state, image.problem)
