"""The settings of a page: what search engines and networks see of it, its address, and who may see it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import ValidationError
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow, origin_of
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.content.pages.content import PageFields
from engine.content.pages.models import ADDRESSED, PageKind
from engine.content.pages.queries import Shown
from engine.core.access import Permission
from engine.core.errors import Invalid
from engine.core.i18n import _, format_message
from engine.core.validation import fields_of
from engine.media.public import MediaUrls, urls
from ui.builder.opening import opened, plain_frame
from ui.builder.standing import Standing, standing_of
from ui.fields import FieldView
from ui.fields.parsing import parse_all, shown
from ui.templates import render

router = APIRouter(
    prefix="/admin/builder/{page_id:uuid}", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)]
)
_KINDS = (
    ("WebPage", _("A page")),
    ("AboutPage", _("About us")),
    ("ContactPage", _("Contact")),
    ("CollectionPage", _("A list")),
    ("FAQPage", _("Questions and answers")),
    ("none", _("Say nothing")),
)
#: What is written in a page besides its blocks, by group.
FIELDS: Mapping[str, tuple[FieldView, ...]] = {
    "search": (
        FieldView("seoTitle", _("Title for search engines"), "text", _("Empty takes the page's title."),
                  max_length=200),
        FieldView("seoDescription", _("Description"), "textarea",
                  _("One or two sentences. Empty takes the first words."), max_length=400),
        FieldView("isIndexed", _("Search engines may list it"), "switch"),
        FieldView("canonical", _("Original address"), "url", _("Only where the same text stands elsewhere first.")),
        FieldView("structured", _("What kind of page it is"), "choice", required=True, options=_KINDS),
    ),
    "social": (
        FieldView("socialTitle", _("Title when shared"), "text", _("Empty takes the one for search engines."),
                  max_length=200),
        FieldView("socialDescription", _("Description when shared"), "textarea", max_length=400),
        FieldView("socialImage", _("Picture when shared"), "image", _("1200 by 630 pixels fit best.")),
    ),
    "voices": (
        FieldView("comments", _("Visitors may comment"), "switch", _("Below the page, as on articles.")),
    ),
    "lists": (
        FieldView("excerpt", _("Excerpt"), "textarea", _("How lists introduce it."), max_length=1000),
        FieldView("cover", _("Cover"), "image", _("How lists show it.")),
    ),
}  # fmt: skip


class Fields(Wire):
    """A page's fields as the script holds them."""

    fields: dict[str, Any]


@dataclass(frozen=True)
class PagePanel:
    """The settings of a page: (field, what stands in it) by group; standing: what its draft does not say.

    part: of its kind alone, a template and what it shows. origin: this site's address, for the preview of a result.
    """

    page: Shown
    groups: Mapping[str, list[tuple[FieldView, Any]]]
    standing: Standing
    origin: str
    title: str
    part: str | None
    part_data: Any
    has_address: bool
    share: MediaUrls | None


#: Settings of one kind of page alone: `(connection, house, page) -> what its template shows`, as `part_data`.
KIND_PARTS: dict[PageKind, tuple[str, Callable[[Connection, Ports, Shown], Any]]] = {}


@router.post("/page-panel")
async def show_page_panel(page_id: UUID, asked: Fields, request: Request, house: House, actor: Caller) -> Response:
    """Answer the form of a page's settings."""
    page = await opened(house, actor, page_id)
    panel = await house.db.query(_panel, house, page, asked.fields, origin_of(request))
    return HTMLResponse(render("builder/page_panel.html", panel, plain_frame(house, page.title)))


@router.post("/page-fields")
async def read_page_fields(page_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer what was typed as the page's fields; what is wrong is named, and stays as it was."""
    await opened(house, actor, page_id)
    async with request.form() as form:
        before = _held(form.get("fields"))
        errors: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for view in (view for group in FIELDS.values() for view in group):
            try:
                values |= parse_all([view], form, locale=house.site.general.language)
            except Invalid as refused:
                errors |= refused.fields
    made = {**before, **{name: "" if value is None else value for name, value in values.items()}}
    try:
        fields = PageFields.model_validate(made)
    except ValidationError as error:
        errors |= fields_of(error)
        amiss = {str(found["loc"][0]) for found in error.errors()}
        kept = {name: before[name] for name in amiss if name in before}
        fields = PageFields.model_validate({k: v for k, v in made.items() if k not in amiss} | kept)
    plain = fields.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    locale = house.site.general.language
    return JSONResponse({"fields": plain, "errors": {k: format_message(v, locale) for k, v in errors.items()}})


def _held(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        message = _("Send the page's fields as an object.")
        raise Invalid(message, {"fields": message})
    return found


def _panel(connection: Connection, house: Ports, page: Shown, held: Mapping[str, Any], origin: str) -> PagePanel:
    usual = PageFields().model_dump(mode="json", by_alias=True)
    values = {**usual, **{name: value for name, value in held.items() if name in usual}}
    ids = {name: UUID(values[name]) for name in ("socialImage", "cover") if values[name]}
    pictures = urls(connection, ids.values())
    for name, id_ in ids.items():
        found = pictures.get(id_)
        values[name] = {"id": str(id_), "url": found.thumbnail if found else "", "alt": found.alt if found else ""}
    locale = house.site.general.language
    groups = {
        name: [(view, shown(view, values[view.name], locale)) for view in views] for name, views in FIELDS.items()
    }
    part, read = KIND_PARTS.get(page.kind, (None, None))
    image = ids.get("socialImage") or ids.get("cover")
    return PagePanel(
        page=page,
        groups=groups,
        standing=standing_of(connection, house, page),
        origin=origin,
        title=str(held.get("title") or page.title),
        part=part,
        part_data=read(connection, house, page) if read else None,
        has_address=page.kind in ADDRESSED,
        share=pictures.get(image) if image else None,
    )
