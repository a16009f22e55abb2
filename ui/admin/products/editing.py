"""The page of one product: shown, added, saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.commerce.catalog import products, queries, shelves, tags
from engine.commerce.catalog.drafts import ImageDraft, ProductDraft
from engine.commerce.catalog.models import ProductStatus
from engine.commerce.catalog.product_list import PRODUCTS
from engine.commerce.catalog.views import CategoryView, MovementView, ProductView
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.records import history, writing
from engine.core.site import General
from engine.media import public as media
from ui.admin.products import forms, matrix, pictures
from ui.admin.products.cells import SIDES, UNITS, text
from ui.admin.products.matrix import Row
from ui.admin.products.pictures import Picture
from ui.admin.records.forms import seen_at
from ui.admin.records.stories import Line, line_of
from ui.fields import FieldView
from ui.page import Flash
from ui.respond import page, redirect

HOME = "/admin/products"
SHOWN_LINES = 5
SYSTEM = Actor.system()
DESCRIPTION = FieldView("description", _("Description"), "richtext")
CATEGORIES = FieldView(
    "categories", _("Categories"), "relation", multiple=True, search_url="/admin/categories/options",
)  # fmt: skip
TAGS = FieldView(
    "tags", _("Tags"), "tags", search_url="/admin/product-tags/options",
    help=_("With commas between; new ones are made."),
)  # fmt: skip
SLUG = FieldView(
    "slug", _("Address"), "slug", from_field="name", prefix="/products/", help=_("An old address keeps leading here."),
)  # fmt: skip
router = APIRouter(prefix=HOME, include_in_schema=False)


@dataclass(frozen=True)
class ProductPage:
    """One product. values: the text of every field; places: the categories that are chosen; errors: by field.

    sides: the names of length, width and height; unit: what they are typed in; low_stock: the shop's own level.
    """

    product: ProductView | None
    values: Mapping[str, str]
    variants: Sequence[Row]
    option_rows: range
    pictures: Sequence[Picture]
    categories: Sequence[CategoryView]
    places: Sequence[Any]
    movements: Sequence[MovementView]
    story: Sequence[Line]
    currency: str
    sides: Mapping[str, Message]
    unit: str
    low_stock: int
    site_name: str
    title_template: str
    action: str
    may_manage: bool
    seen_at: str
    is_changed: bool
    errors: Mapping[str, Message | str] = field(default_factory=dict)
    description: FieldView = DESCRIPTION
    category_field: FieldView = CATEGORIES
    tag_field: FieldView = TAGS
    slug_field: FieldView = SLUG


@router.get("/new", dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def show_new(request: Request, house: House, actor: Caller) -> Response:
    """Answer the form of a new product."""
    return await _page(request, house, actor, None, None)


@router.post("/new", dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def create(request: Request, house: House, actor: Caller) -> Response:
    """Add a product."""
    async with request.form() as form:
        return await _save(request, house, actor, form, None)


@router.get("/{product_id:uuid}", dependencies=[allow(Permission.VIEW_PRODUCTS)])
async def show(product_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one product."""
    return await _page(request, house, actor, await _found(house, product_id), None)


@router.post("/{product_id:uuid}", dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def save(product_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Save a product."""
    async with request.form() as form:
        return await _save(request, house, actor, form, await _found(house, product_id))


async def _save(request: Request, house: House, actor: Actor, form: FormData, view: ProductView | None) -> Response:
    if text(form, "act") in ("matrix", "fill"):
        return await _page(request, house, actor, view, form)
    read = forms.read(form, view, house.site.general)
    if read.errors:
        return await _page(request, house, actor, view, form, read.errors)
    sent: list[ImageDraft] = []
    try:
        sent += await _uploaded(house, actor, form)
        changes = dict(read.changes)
        changes["images"] = (*changes["images"], *sent)
        await house.db.query(_refuse_unknown_pictures, changes["images"])
        async with house.db.write() as tx:
            found = await tags.ensure(tx, actor, read.tags)
            changes["tag_ids"] = tuple(found[tag.lower()] for tag in read.tags)
            if view is None:
                saved_id = (await products.create(tx, actor, replace(ProductDraft(name=""), **changes))).id
            else:
                saved_id = view.id
                await writing.update(tx, actor, PRODUCTS, view.id, changes, seen_at=seen_at(form))
    except (Invalid, Conflict) as refusal:
        named = refusal.fields if isinstance(refusal, Invalid) else {}
        errors = forms.as_form_errors(named or {"": refusal.message}, read.places)
        return await _page(request, house, actor, view, form, errors, sent)
    return redirect(
        f"{HOME}/{saved_id}", flash=_said(saved_id, changes["status"], is_new=view is None), request=request
    )


def _said(product_id: UUID, status: ProductStatus, *, is_new: bool) -> Flash:
    """Return what is said after saving: of what is not in the shop, how it gets there."""
    if status is ProductStatus.DRAFT:
        words = _("The product is added as a draft.") if is_new else _("The draft is saved.")
        return Flash(words, "success", _("Put it in the shop"), f"{HOME}/{product_id}/actions/publish")
    return Flash(_("The product is added.") if is_new else _("The product is saved."))


def _refuse_unknown_pictures(connection: Connection, images: Sequence[ImageDraft]) -> None:
    """Raise Invalid where a picture was chosen that the library has not."""
    wanted = {image.media_id for image in images if image.id is None and image.media_id is not None}
    if wanted - media.urls(connection, sorted(wanted)).keys():
        message = _("A picture is gone from the library. Choose another.")
        raise Invalid(message, {"images": message})


async def _uploaded(house: House, actor: Actor, form: FormData) -> list[ImageDraft]:
    """Return the pictures that came with the form, taken into the media library."""
    taken = []
    for file in form.getlist("images"):
        if isinstance(file, UploadFile) and file.filename:
            try:
                data = await file.read()
                media_id = await media.upload(house.db, house.blobs, actor, data=data, filename=file.filename)
            except AgoraError as refusal:
                message = refusal.message
                raise Invalid(message, {"images": message}) from refusal
            taken.append(ImageDraft(media_id=media_id))
    return taken


async def _page(
    request: Request,
    house: House,
    actor: Actor,
    view: ProductView | None,
    form: FormData | None,
    errors: Mapping[str, Message | str] | None = None,
    sent: Sequence[ImageDraft] = (),
) -> Response:
    """Answer the form. sent: pictures that came along with what was refused: they are in the library now."""
    general = house.site.general
    shown = pictures.kept(view) if form is None else pictures.typed(form, view)
    shown += [Picture(f"{pictures.NEW}{one.media_id}", one.media_id) for one in sent]
    around = await house.db.query(_around, view, shown)
    context = ProductPage(
        product=view,
        values=forms.shown(form, view, general),
        variants=_rows(form, view, general),
        option_rows=range(max(forms.OPTION_ROWS, len(view.options) if view else 0)),
        pictures=around.pictures,
        categories=around.categories,
        places=_places(around.categories, form, view),
        movements=around.movements,
        story=around.story if access.allows(actor, Permission.MANAGE_PRODUCTS) else [],
        currency=general.currency,
        sides=SIDES,
        unit=UNITS[general.units],
        low_stock=house.site.catalog.low_stock,
        site_name=general.site_name,
        title_template=house.site.seo.title_template,
        action=f"{HOME}/{view.id}" if view else f"{HOME}/new",
        may_manage=access.allows(actor, Permission.MANAGE_PRODUCTS),
        seen_at=text(form, "seenAt") if form is not None else view.updated_at.isoformat() if view else "",
        is_changed=form is not None,
        errors=errors or {},
    )
    title = view.name if view else _("Add product")
    status = 422 if errors else 200
    return await page(request, "admin/products/edit.html", context, title=title, status=status, block="variants")


def _rows(form: FormData | None, view: ProductView | None, general: General) -> Sequence[Row]:
    if form is None:
        return matrix.kept_rows(view, general)
    rows = matrix.typed_rows(form, view, forms.options_in(form), general)
    return matrix.filled(form, rows) if text(form, "act") == "fill" else rows


def _places(categories: Sequence[CategoryView], form: FormData | None, view: ProductView | None) -> Sequence[Any]:
    """Return the chosen categories as their field shows them."""
    chosen = [str(one.id) for one in view.categories] if view else []
    if form is not None:
        chosen = [str(one) for one in form.getlist("categories")]
    known = {str(one.id): one.name for one in categories}
    return [{"id": id_, "title": known[id_]} for id_ in dict.fromkeys(chosen) if id_ in known]


@dataclass(frozen=True)
class Around:
    """What the page shows around the fields."""

    categories: list[CategoryView]
    movements: list[MovementView]
    pictures: list[Picture]
    story: list[Line]


def _around(connection: Connection, view: ProductView | None, shown: Sequence[Picture]) -> Around:
    chosen = [one.media_id for one in shown if one.media_id and not one.url]
    urls = media.urls(connection, chosen) if chosen else {}
    lines = history.of(connection, SYSTEM, PRODUCTS, view.id)[:SHOWN_LINES] if view else []
    return Around(
        categories=shelves.choices(connection),
        movements=queries.movements(connection, view.id, 20) if view else [],
        pictures=pictures.with_addresses(shown, urls),
        story=[line_of(PRODUCTS, line) for line in lines],
    )


async def _found(house: House, product_id: UUID) -> ProductView:
    view = await house.db.query(queries.product, product_id, include_unpublished=True)
    if view is None:
        raise NotFound(_("There is no product {id}. It may have been deleted."), id=product_id)
    return view
