"""Products in the admin: list, bulk changes, and the page of one."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response

from engine.api.request import Caller, House, allow
from engine.commerce.catalog import images, products, queries
from engine.commerce.catalog.exports import FORMATS
from engine.commerce.catalog.models import ProductStatus
from engine.commerce.catalog.queries import SORTS, ProductFilter
from engine.commerce.catalog.stock import LOW_STOCK
from engine.commerce.catalog.views import ProductView
from engine.core import access
from engine.core.access import Permission
from engine.core.i18n import Message, _, ngettext
from engine.core.ids import parse_id
from engine.core.paging import Page
from ui.admin.lists import address, asked, next_pages, page_asked
from ui.page import Flash
from ui.respond import page, redirect

HOME = "/admin/products"
MAX_SELECTED = 100
VIEWS: tuple[tuple[Message, ProductStatus | None], ...] = (
    (_("All"), None),
    (_("Active"), ProductStatus.ACTIVE),
    (_("Drafts"), ProductStatus.DRAFT),
    (_("Archived"), ProductStatus.ARCHIVED),
)
router = APIRouter(prefix=HOME, include_in_schema=False)


@dataclass(frozen=True)
class Column:
    """A heading of the list, and where it sorts."""

    label: Message
    sort_url: str | None = None
    sorted: str | None = None
    numeric: bool = False


@dataclass(frozen=True)
class ProductList:
    """The list."""

    products: Page[ProductView]
    tabs: list[tuple[Message, str, int | None]]
    columns: list[Column]
    here: str
    search: str
    kept: dict[str, str]
    chips: list[tuple[Message, str, str]]
    pages_url: str
    currency: str
    low_stock: int
    may_manage: bool
    exports: list[tuple[Message, str]]


@router.get("", dependencies=[allow(Permission.VIEW_PRODUCTS)])
async def show_products(request: Request, house: House, actor: Caller) -> Response:
    """Answer the list of products."""
    status = next((s for _label, s in VIEWS if s and s == asked(request, "status")), None)
    sort = asked(request, "sort") if asked(request, "sort").removeprefix("-") in SORTS else "-updatedAt"
    kept = {
        "status": status or "",
        "q": asked(request, "q"),
        "category": asked(request, "category"),
        "tag": asked(request, "tag"),
    }
    wanted = ProductFilter(search=kept["q"], status=status, category=kept["category"], tag=kept["tag"], sort=sort)
    found = await house.db.query(queries.products, wanted, page_asked(request))
    counts = await house.db.query(queries.counts_by_status)
    with_sort = {**kept, "sort": sort if sort != "-updatedAt" else ""}
    context = ProductList(
        products=found,
        tabs=[
            (label, address(HOME, {**with_sort, "status": s or ""}), counts.get(s, 0) if s else sum(counts.values()))
            for label, s in VIEWS
        ],
        columns=[
            _column(_("Product"), "name", sort, kept),
            Column(_("Status")),
            Column(_("Stock"), numeric=True),
            _column(_("Price"), "price", sort, kept, numeric=True),
            _column(_("Changed"), "updatedAt", sort, kept),
        ],
        here=address(HOME, with_sort),
        search=kept["q"],
        kept={name: value for name, value in with_sort.items() if name != "q" and value},
        chips=[
            (label, kept[name], address(HOME, {**with_sort, name: ""}))
            for label, name in ((_("Category:"), "category"), (_("Tag:"), "tag"))
            if kept[name]
        ],
        pages_url=next_pages(HOME, with_sort),
        currency=house.site.general.currency,
        low_stock=LOW_STOCK,
        may_manage=access.allows(actor, Permission.MANAGE_PRODUCTS),
        exports=[(each.label, address(f"{HOME}/export", {**kept, "format": each.name})) for each in FORMATS.values()],
    )
    return await page(request, "admin/products/list.html", context, title=_("Products"))


@router.post("/selection", dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def change_selection(request: Request, house: House, actor: Caller) -> Response:
    """Publish, unpublish, archive or delete the products that were ticked."""
    form = await request.form()
    act = str(form.get("act", ""))
    ids = [id_ for text in form.getlist("selected")[:MAX_SELECTED] if (id_ := parse_id(str(text)))]
    known = await house.db.query(queries.products_by_id, ids)
    for view in known:
        async with house.db.write() as tx:
            if act == "delete":
                await products.delete(tx, actor, view.id)
            elif act in list(ProductStatus):
                await products.update(tx, actor, view.id, {"status": ProductStatus(act)})
    words = {
        ProductStatus.ACTIVE: ngettext(
            "{count} product is in the shop now.", "{count} products are in the shop now.", len(known)
        ),
        ProductStatus.DRAFT: ngettext(
            "{count} product is a draft now.", "{count} products are drafts now.", len(known)
        ),
        ProductStatus.ARCHIVED: ngettext("{count} product is archived.", "{count} products are archived.", len(known)),
        "delete": ngettext("{count} product is deleted.", "{count} products are deleted.", len(known)),
    }
    said = words.get(act) if known else None
    flash = Flash(said) if said else Flash(_("Nothing was selected."), "info")
    return redirect(address(HOME, {"status": str(form.get("status", ""))}), flash=flash, request=request)


@router.post("/{product_id}/fetches", dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def fetch_images(product_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Try again to fetch the pictures that could not be."""
    async with house.db.write() as tx:
        is_begun = await images.fetch_again(tx, actor, product_id)
    said = Flash(_("The pictures are on their way.")) if is_begun else Flash(_("There is nothing to fetch."), "info")
    return redirect(f"{HOME}/{product_id}", flash=said, request=request)


@router.post("/{product_id}/deletion", dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def delete_product(product_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Delete one product."""
    async with house.db.write() as tx:
        await products.delete(tx, actor, product_id)
    return redirect(HOME, flash=_("The product is deleted."), request=request)


def _column(label: Message, name: str, sort: str, kept: dict[str, str], *, numeric: bool = False) -> Column:
    """Return a heading that sorts by its column, or the other way where it does already."""
    is_up, is_down = sort == name, sort == f"-{name}"
    towards = f"-{name}" if is_up else name
    shown = "ascending" if is_up else "descending" if is_down else None
    return Column(label, address(HOME, {**kept, "sort": towards}), shown, numeric)
