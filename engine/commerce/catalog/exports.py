"""Exports: products as a file, batch by batch, so that memory does not grow with the catalogue."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from engine.commerce.catalog import queries
from engine.commerce.catalog.exporting import agora, shopify, woocommerce
from engine.commerce.catalog.exporting.shop import Shop, shop_of
from engine.commerce.catalog.queries import ProductFilter
from engine.commerce.catalog.views import ProductView
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.tabular.writing import CsvWriter, JsonWriter

BATCH = 200


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format by its columns and rows; without columns it is JSON records."""

    name: str
    label: Message
    columns: Callable[[Shop], list[str]] | None
    rows: Callable[[ProductView, Shop], Iterator[list[str]]] = agora.rows

    @property
    def suffix(self) -> str:
        return "csv" if self.columns else "json"

    @property
    def media_type(self) -> str:
        return CsvWriter.media_type if self.columns else JsonWriter.media_type


FORMATS: dict[str, ExportFormat] = {
    each.name: each
    for each in (
        ExportFormat("agora", _("Agora, CSV"), agora.columns, agora.rows),
        ExportFormat("agora-json", _("Agora, JSON"), None),
        ExportFormat("shopify", _("Shopify, CSV"), shopify.columns, shopify.rows),
        ExportFormat("woocommerce", _("WooCommerce, CSV"), woocommerce.columns, woocommerce.rows),
    )
}


def format_named(name: str) -> ExportFormat:
    """Return a format. Raises Invalid, listing the choices, for one that is not known."""
    if name not in FORMATS:
        message = _("“{value}” is no format that Agora exports. It knows: {known}.").having(
            value=name[:40], known=", ".join(FORMATS)
        )
        raise Invalid(message, {"format": message})
    return FORMATS[name]


async def export(
    db: Database, actor: Actor, found: ProductFilter, format_: ExportFormat, *, currency: str, base: str
) -> AsyncIterator[bytes]:
    """Return the bytes of a file of these products, by address. base: where the site stands, such as https://x.org.

    Raises NotAllowed, before the first byte, below whoever may manage products.
    """
    access.require(actor, Permission.MANAGE_PRODUCTS)
    shop = await db.query(shop_of, currency, base)

    async def batches() -> AsyncIterator[list[ProductView]]:
        last = ""
        while batch := await db.query(queries.products_after, found, last, BATCH):
            yield batch
            last = batch[-1].slug

    async def pieces() -> AsyncIterator[bytes]:
        if format_.columns is None:
            records = JsonWriter()
            yield records.begin()
            async for batch in batches():
                yield records.records(agora.record(view, shop) for view in batch)
            yield records.end()
            return
        writer = CsvWriter(format_.columns(shop))
        yield writer.begin()
        async for batch in batches():
            yield writer.rows(row for view in batch for row in format_.rows(view, shop))

    return pieces()
