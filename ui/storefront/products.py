"""`/products` and the page of one product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup

from engine.api.request import CurrentSite, House, public
from engine.api.routing import APIRouter
from engine.commerce.catalog import shop
from engine.commerce.catalog.models import ProductType
from engine.commerce.catalog.shop import Card, Detail
from engine.core.errors import NotFound
from engine.core.html import text_of
from engine.core.i18n import Message, _, ngettext
from engine.core.money import Money
from engine.core.settings import Site
from ui.page import Link
from ui.respond import absolute, page
from ui.storefront import structured
from ui.storefront.answers import delivery_answers
from ui.storefront.asked import Asked
from ui.storefront.choosing import PREFIX, Selection, asked_options, is_open, select
from ui.storefront.colours import swatch
from ui.storefront.listing import answer_list
from ui.storefront.reviews.section import ReviewsSection, section_of

router = APIRouter(include_in_schema=False, dependencies=[public])
ALL: tuple[Message, str] = (_("Shop"), "/products")
MAX_QUANTITY = 99


@dataclass(frozen=True)
class OptionPicker:
    """One option with its values, as ui.option_picker takes them."""

    name: str
    legend: str
    values: Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class ProductPage:
    """A product's page. images: as ui.gallery takes them; shown_picture: the one of the chosen variant."""

    product: Detail
    crumbs: Sequence[tuple[str | Message, str]]
    images: Sequence[Mapping[str, object]]
    shown_picture: str | None
    pickers: Sequence[OptionPicker]
    price: Money
    compare_at: Money | None
    is_starting: bool
    price_note: Message | None
    stock_state: str | None
    stock_text: Message | str
    variant_id: str | None
    can_be_bought: bool
    most: int
    assurances: Sequence[tuple[str, Message | str, Message | str]]
    facts: Sequence[tuple[Message | str, str]]
    reviews: ReviewsSection | None
    structured_data: Markup | None


@dataclass(frozen=True)
class RelatedPage:
    """Products beside one."""

    cards: Sequence[Card]
    currency: str


@router.get("/products")
async def show_products(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer everything that is sold."""
    asked = Asked.of("/products", request.query_params, site.general.currency)
    tree = await house.categories.tree()
    children = [Link(one.name, one.url, count=one.product_count) for one in tree.top]
    return await answer_list(request, house, asked, _("All products"), children=children)


@router.get("/products/{slug}")
async def show_product(request: Request, slug: str, house: House, site: CurrentSite) -> Response:
    """Answer a product; `?option:Size=M` chooses. htmx gets the part that changes with the choice."""
    product = await house.db.glance(shop.detail, slug)
    if product is None:
        raise NotFound(_("This product is not here any more. Search for another one."))
    tree = await house.categories.tree()
    category = tree.deepest(product.category_ids)
    trail = [(one.name, one.url) for one in tree.trail(category)] if category else []
    selection = select(product, asked_options(request.query_params.multi_items()))
    context = product_page(request, product, selection, site, [ALL, *trail])
    first = product.images[0].urls if product.images else None
    return await page(
        request,
        "storefront/product.html",
        context,
        title=product.seo_title or product.name,
        block="buy",
        description=product.seo_description or text_of(product.short_description or product.description, 160),
        canonical_url=absolute(request, product.url),
        image_url=absolute(request, first.large) if first else None,
        indexed=product.is_indexed,
    )


@router.get("/products/{slug}/related")
async def show_related(request: Request, slug: str, house: House, site: CurrentSite) -> Response:
    """Answer a few products of the same kind, for the end of a product's page."""
    cards = await house.db.glance(shop.related, slug)
    context = RelatedPage(cards, site.general.currency)
    return await page(
        request, "storefront/related.html", context, title=_("You may also like"), block="cards", indexed=False
    )


def product_page(
    request: Request,
    product: Detail,
    selection: Selection,
    site: Site,
    crumbs: Sequence[tuple[str | Message, str]],
) -> ProductPage:
    """Return a product's page for a choice."""
    currency, variant = site.general.currency, selection.variant
    lowest = min((v.price_minor for v in product.variants), default=0)
    before = variant.compare_at_minor if variant else None
    price = variant.price_minor if variant else lowest
    state, text = _stock(product, selection)
    stock = variant.stock if variant else None
    shown = next((image for image in product.images if variant and image.id == variant.image_id), None)
    is_asked = shown is not None and any(name.startswith(PREFIX) for name in request.query_params)
    images = sorted(product.images, key=lambda image: image is not shown) if is_asked else product.images
    data = [structured.product_data(product, currency, lambda path: absolute(request, path))]
    data.append(structured.trail_data([*crumbs, (product.name, product.url)], lambda path: absolute(request, path)))
    return ProductPage(
        product=product,
        crumbs=crumbs,
        images=[
            {
                "id": image.id,
                "url": image.urls.medium,
                "alt": image.alt or product.name,
                "thumb_url": image.urls.thumbnail,
                "srcset": image.urls.srcset,
                "media": image.urls,
            }
            for image in images
        ],
        shown_picture=str(shown.id) if shown else None,
        pickers=_pickers(product, selection),
        price=Money(price, currency),
        compare_at=Money(before, currency) if before and before > price else None,
        is_starting=variant is None and bool(product.variants),
        price_note=_price_note(site),
        stock_state=state,
        stock_text=text,
        variant_id=str(variant.id) if variant and not product.options else None,
        can_be_bought=selection.can_be_bought,
        most=min(stock, MAX_QUANTITY) if stock else MAX_QUANTITY,
        assurances=_assurances(product, site),
        facts=_facts(product, selection),
        reviews=section_of(product, site),
        structured_data=structured.json_ld(*data) if site.seo.structured_data_enabled else None,
    )


def _pickers(product: Detail, selection: Selection) -> list[OptionPicker]:
    return [
        OptionPicker(
            name=f"{PREFIX}{option.name}",
            legend=option.name,
            values=[
                {
                    "value": value,
                    "label": value,
                    "colour": swatch(option.name, value),
                    "selected": selection.chosen.get(option.name) == value,
                    "available": is_open(product, selection, option.name, value),
                }
                for value in option.values
            ],
        )
        for option in product.options
    ]


def _stock(product: Detail, selection: Selection) -> tuple[str | None, Message | str]:
    variant = selection.variant
    if variant is None:
        return "out_of_stock", _("Not made in this combination. Choose another one.")
    if not variant.is_available:
        return "out_of_stock", _("Sold out")
    if variant.stock is not None and variant.stock <= product.low_at:
        return "low_stock", ngettext("Only {count} left", "Only {count} left", variant.stock)
    return "in_stock", _("In stock")


def _price_note(site: Site) -> Message | None:
    if not site.tax.enabled or not site.tax.rate_percent:
        return None
    text = _("Includes {tax}.") if site.tax.prices_include_tax else _("Plus {tax}.")
    return text.having(tax=site.tax.label.removesuffix("."))  # MwSt. ends the sentence itself


def _assurances(product: Detail, site: Site) -> list[tuple[str, Message | str, Message | str]]:
    if product.type is ProductType.VIRTUAL:
        return [("mail", _("Nothing to ship"), _("You hear from us by e-mail once it is paid."))]
    return delivery_answers(site)


def _facts(product: Detail, selection: Selection) -> list[tuple[Message | str, str]]:
    facts: list[tuple[Message | str, str]] = [(one.name, ", ".join(one.values)) for one in product.details]
    sku = (selection.variant.sku if selection.variant else "") or product.sku
    return [*facts, (_("Article number"), sku)] if sku else facts
