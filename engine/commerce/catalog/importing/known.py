"""The formats that are known, and which of them a file is in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.commerce.catalog.importing.agora import AGORA, agora_reader
from engine.commerce.catalog.importing.agorajson import AGORA_JSON, AgoraJsonReader
from engine.commerce.catalog.importing.cells import Cells
from engine.commerce.catalog.importing.columns import Columns
from engine.commerce.catalog.importing.dialects import Dialect
from engine.commerce.catalog.importing.figures import Figures
from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.commerce.catalog.importing.listing import LISTING, listing_reader
from engine.commerce.catalog.importing.shopify import SHOPIFY, shopify_reader
from engine.commerce.catalog.importing.spool import Spool
from engine.commerce.catalog.importing.woocommerce import WOOCOMMERCE, WooCommerceReader
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.tabular.problems import Problem


class Reader(Protocol):
    """Makes products of rows: every row is noted before the first is taken."""

    def note(self, cells: Cells) -> None:
        """Learn what only the whole file tells."""
        ...

    def taken(self, cells: Cells) -> Iterator[ImportedProduct | Problem]:
        """Yield what comes of a row: a product after its problems, only problems, or nothing yet."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A dialect with the reader that makes products of it."""

    dialect: Dialect
    reader: Callable[[Columns, Figures, Spool], Reader]


FORMATS: dict[str, Format] = {
    each.dialect.name: each
    for each in (
        Format(AGORA, agora_reader),
        Format(AGORA_JSON, AgoraJsonReader),
        Format(SHOPIFY, shopify_reader),
        Format(WOOCOMMERCE, WooCommerceReader),
        Format(LISTING, listing_reader),
    )
}
#: Find out from the columns.
AUTO = "auto"


def format_named(name: str, columns: Sequence[str]) -> Format:
    """Return a format by its name, or, for "auto", the first that knows these columns, else a plain table's.

    Raises Invalid, listing the choices, for a name that is not known.
    """
    if name == AUTO:
        return next((each for each in FORMATS.values() if each.dialect.recognises(columns)), FORMATS[LISTING.name])
    if name not in FORMATS:
        message = _("“{value}” is no format that Agora imports. It knows: {known}.").having(
            value=name[:40], known=", ".join([AUTO, *FORMATS])
        )
        raise Invalid(message, {"format": message})
    return FORMATS[name]
