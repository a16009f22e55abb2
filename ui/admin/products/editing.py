"""The page of one product: shown, added, saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile

from engine.api.request import Caller, House, allow
from engine.commerce.catalog import products, queries, shelves, tags
from engine.commerce.catalog.drafts import ImageDraft, ProductDraft
from engine.commerce.catalog.views import CategoryView, MovementView, ProductView
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Invalid, NotFound
from engine.core.i18n import Message, _
from engine.media import public as media
from ui.admin.products import forms
from ui.admin.products.forms import VariantRow
from ui.fields import FieldView
from ui.respond import page, redirect

HOME = "/admin/products"
DESCRIPTION = FieldView("description", _("Description"), "richtext")
router = APIRouter(prefix=HOME, include_in_schema=False)


@dataclass(frozen=True)
class ProductPage:
    """One product. values: the text of every field; errors: by field."""

    product: ProductView | None
    values: Mapping[str, str]
    variants: Sequence[VariantRow]
    option_rows: range
    categories: Sequence[CategoryView]
    chosen: frozenset[str]
    movements: Sequence[MovementView]
    currency: str
    action: str
    may_manage: bool
    errors: Mapping[str, Message | str] = field(default_factory=dict)
    description: FieldView = DESCRIPTION


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
    read = forms.read(form, view, house.site.general.currency)
    try:
        if read.errors:
            raise Invalid(_("Some fields could not be read."), read.errors)  # noqa: TRY301 - shown as all others are
        changes = dict(read.changes)
        changes["images"] = (*changes["images"], *await _uploaded(house, actor, form))
        async with house.db.write() as tx:
            found = await tags.ensure(tx, actor, read.tags)
            changes["tag_ids"] = tuple(found[tag.lower()] for tag in read.tags)
            if view is None:
                saved_id = (await products.create(tx, actor, replace(ProductDraft(name=""), **changes))).id
            else:
                saved_id = (await products.update(tx, actor, view.id, changes)).id
    except Invalid as refusal:
        has_options = bool(read.changes.get("options"))
        errors = forms.as_form_errors(refusal.fields or {"": refusal.message}, has_options=has_options)
        return await _page(request, house, actor, view, form, errors)
    said = _("The product is added.") if view is None else _("The product is saved.")
    return redirect(f"{HOME}/{saved_id}", flash=said, request=request)


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
) -> Response:
    currency = house.site.general.currency
    values = forms.shown(form, view, currency)
    categories, movements = await house.db.query(_around, view.id if view else None)
    if form is not None:
        chosen = frozenset(str(value) for value in form.getlist("categories"))
    else:
        chosen = frozenset(str(link.id) for link in view.categories) if view else frozenset()
    context = ProductPage(
        product=view,
        values=values,
        variants=forms.variant_rows(view, values, currency),
        option_rows=range(max(forms.OPTION_ROWS, len(view.options) if view else 0)),
        categories=categories,
        chosen=chosen,
        movements=movements,
        currency=currency,
        action=f"{HOME}/{view.id}" if view else f"{HOME}/new",
        may_manage=access.allows(actor, Permission.MANAGE_PRODUCTS),
        errors=errors or {},
    )
    title = view.name if view else _("Add product")
    return await page(request, "admin/products/edit.html", context, title=title, status=422 if errors else 200)


def _around(connection: Connection, product_id: UUID | None) -> tuple[list[CategoryView], list[MovementView]]:
    movements = queries.movements(connection, product_id, 20) if product_id else []
    return list(shelves.flat(shelves.category_tree(connection))), movements


async def _found(house: House, product_id: UUID) -> ProductView:
    view = await house.db.query(queries.product, product_id, include_unpublished=True)
    if view is None:
        raise NotFound(_("There is no product {id}. It may have been deleted."), id=product_id)
    return view
