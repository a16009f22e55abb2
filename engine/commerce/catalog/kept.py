"""What is kept of each product so that long lists need not work it out: its words, and the stock of its variants.

It moves in the transaction that changes what it is made of; `differences` finds what does not hold.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Text, bindparam, case, cast, delete, func, insert, select, update

from engine.commerce.catalog.models import Product, ProductWords, Variant
from engine.core.plaintext import fold
from engine.core.tables import table_of
from engine.core.transaction import Tx

BATCH = 1_000


def words_of(name: str, sku: str | None, of_variants: Iterable[str | None]) -> str:
    """Return what a product is looked for by, folded: its name, its SKU and those of its variants, a line each."""
    return fold("\n".join(filter(None, (name, sku, *sorted(filter(None, of_variants))))))


def sums_of(stocks: Sequence[int | None]) -> tuple[int | None, int | None]:
    """Return the pieces of all variants, None where some are not counted, and the fewest of those that are."""
    counted = [stock for stock in stocks if stock is not None]
    return sum(counted) if len(counted) == len(stocks) else None, min(counted, default=None)


async def keep_stock(tx: Tx, product_ids: Iterable[UUID]) -> None:
    """Keep what the stock of these products comes to, whose variants this transaction has written."""
    ids = sorted(set(product_ids))
    if tx.is_postgres:  # two that sell of one product sum up one after the other, each what the other left
        await tx.execute(_ALONE, {"ids": ids})
    await tx.execute(_KEEP_STOCK, [{"own": id_} for id_ in ids])


async def keep(tx: Tx, product_ids: Iterable[UUID]) -> None:
    """Keep what these products are looked for by, and their stock."""
    ids = sorted(set(product_ids))
    await keep_stock(tx, ids)
    rows = (await tx.execute(_NAMED.where(Product.id.in_(ids)))).all()
    wrong = [{"product_id": row.id, "words": words} for row in rows if (words := _words(row)) != row.words]
    if wrong:
        await tx.execute(delete(ProductWords).where(ProductWords.product_id.in_([one["product_id"] for one in wrong])))
        await tx.execute(insert(ProductWords), wrong)


def keep_all(connection: Connection) -> None:
    """Keep the stock of all products: for who changed it without a verb."""
    connection.execute(update(table_of(Product)).values(stock=_PIECES, fewest=_FEWEST))


def differences(connection: Connection) -> list[str]:
    """Return what of the kept is not what the products and their variants come to, one sentence a product."""
    wrong = select(Product.name, Product.stock, Product.fewest, _PIECES.label("pieces"), _FEWEST.label("least"))
    wrong = wrong.where(Product.stock.is_distinct_from(_PIECES) | Product.fewest.is_distinct_from(_FEWEST))
    found = [
        f"“{row.name}” is kept with {row.stock} pieces, {row.fewest} at the fewest; it has {row.pieces} and {row.least}"
        for row in connection.execute(wrong)
    ]
    return [*found, *_wrong_words(connection)]


def _wrong_words(connection: Connection) -> Iterator[str]:
    last = UUID(int=0)
    while rows := connection.execute(_NAMED.where(Product.id > last).order_by(Product.id).limit(BATCH)).all():
        yield from (
            f"“{row.name}” is looked for by words that are not its own" for row in rows if row.words != _words(row)
        )
        last = rows[-1].id


def _words(row: Any) -> str:
    return words_of(row.name, row.sku, (row.skus or "").split("\n"))


def _of_variants(column: ColumnElement[Any]) -> Any:
    return select(column).where(Variant.product_id == Product.id).correlate(Product).scalar_subquery()


_PIECES = _of_variants(case((func.min(case((Variant.tracks_stock, 1), else_=0)) == 1, func.sum(Variant.stock))))
_FEWEST = _of_variants(func.min(case((Variant.tracks_stock, Variant.stock))))
_SKUS = _of_variants(func.aggregate_strings(cast(Variant.sku, Text), "\n"))
_NAMED = select(Product.id, Product.name, Product.sku, _SKUS.label("skus"), ProductWords.words).outerjoin(
    ProductWords, ProductWords.product_id == Product.id
)
_ALONE = (
    select(Product.id)
    .where(Product.id.in_(bindparam("ids", expanding=True)))
    .order_by(Product.id)
    .with_for_update(key_share=True)
)
_KEEP_STOCK = (
    update(table_of(Product)).where(table_of(Product).c.id == bindparam("own")).values(stock=_PIECES, fewest=_FEWEST)
)
