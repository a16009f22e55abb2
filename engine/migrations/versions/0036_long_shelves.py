"""Long lists of products: their words and stock are kept, and what they are sorted by has an index."""

import unicodedata
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from engine.core.tables import UtcDateTime

revision = "0036_long_shelves"
down_revision = "0035_shop_lists"
branch_labels = None
depends_on = None

BATCH = 2_000
WORDS = sa.table("product_words", sa.column("product_id"), sa.column("words"))
#: `lower(...)` of a column: the models do not name them, Alembic cannot compare them.
FOLDED = (
    ("ix_products_folded_name", ["lower(name)", "id"]),
    ("ix_products_folded_shown", ["status", "lower(name)", "id", "visibility"]),
    ("ix_products_folded_sku", ["lower(sku)", "id"]),
)
PLAIN = (
    ("ix_products_updated_at_id", ["updated_at", "id"]),
    ("ix_products_price_minor_id", ["price_minor", "id"]),
    ("ix_products_stock_id", ["stock", "id"]),
    ("ix_products_fewest_stock_low_stock_id", ["fewest", "stock", "low_stock", "id"]),
)
SUMS = """
    UPDATE products SET
      stock = (SELECT CASE WHEN min(CASE WHEN tracks_stock THEN 1 ELSE 0 END) = 1 THEN sum(stock) END
               FROM product_variants WHERE product_id = products.id),
      fewest = (SELECT min(CASE WHEN tracks_stock THEN stock END) FROM product_variants WHERE product_id = products.id)
"""
SHELVES = """
    WITH RECURSIVE under(top, id) AS (
      SELECT id, id FROM categories
      UNION ALL SELECT under.top, categories.id FROM categories JOIN under ON categories.parent_id = under.id
    ), counted(top, products) AS (
      SELECT under.top, count(DISTINCT product_categories.product_id)
      FROM under JOIN product_categories ON product_categories.category_id = under.id
      JOIN products ON products.id = product_categories.product_id
      WHERE products.status = 'active' AND products.visibility IN ('visible', 'catalog') GROUP BY under.top
    )
    UPDATE categories SET product_count = coalesce((SELECT products FROM counted WHERE top = categories.id), 0)
"""
CHANGED = """
    UPDATE categories SET products_changed_at = (
      SELECT max(products.updated_at)
      FROM product_categories JOIN products ON products.id = product_categories.product_id
      WHERE product_categories.category_id = categories.id
        AND products.status = 'active' AND products.visibility IN ('visible', 'catalog')
    )
"""
NAMED = "SELECT id, name, sku FROM products WHERE id > :last ORDER BY id LIMIT :batch"
OF_VARIANTS = (
    "SELECT product_id, sku FROM product_variants WHERE sku IS NOT NULL AND product_id > :last AND product_id <= :end"
)


def upgrade() -> None:
    op.add_column("products", sa.Column("stock", sa.BigInteger(), nullable=True))
    op.add_column("products", sa.Column("fewest", sa.Integer(), nullable=True))
    op.add_column("categories", sa.Column("product_count", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("categories", sa.Column("products_changed_at", UtcDateTime(), nullable=True))
    op.create_table(
        "product_words",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_words_product_id_products"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_words")),
    )
    op.execute(SUMS)
    op.execute(SHELVES)
    op.execute(CHANGED)
    _write_words()
    op.drop_index("ix_products_updated_at", table_name="products")
    for name, columns in PLAIN:
        op.create_index(name, "products", columns)
    for name, columns in FOLDED:
        op.create_index(name, "products", [sa.text(column) for column in columns])
    connection = op.get_bind()
    if connection.dialect.name == "sqlite" and connection.scalar(sa.text("SELECT 1 FROM products LIMIT 1")):
        op.execute("PRAGMA analysis_limit=1000")
        op.execute("ANALYZE products")  # else the new indexes seem better than those that are in order


def _write_words() -> None:
    connection = op.get_bind()
    last = UUID(int=0) if connection.dialect.name == "postgresql" else ""
    while rows := connection.execute(sa.text(NAMED), {"last": last, "batch": BATCH}).all():
        skus: dict[Any, list[str]] = {row.id: [] for row in rows}
        for product_id, sku in connection.execute(sa.text(OF_VARIANTS), {"last": last, "end": rows[-1].id}):
            skus[product_id].append(sku)
        words = [{"product_id": row.id, "words": _words(row.name, row.sku, sorted(skus[row.id]))} for row in rows]
        connection.execute(WORDS.insert(), words)
        last = rows[-1].id


def _words(name: str, sku: str | None, of_variants: list[str]) -> str:
    words = "\n".join(filter(None, (name, sku, *of_variants)))
    return unicodedata.normalize("NFKC", words).casefold()


def downgrade() -> None:
    for name, _columns in (*FOLDED, *PLAIN):
        op.drop_index(name, table_name="products")
    op.create_index("ix_products_updated_at", "products", ["updated_at"])
    op.drop_table("product_words")
    op.drop_column("categories", "products_changed_at")
    op.drop_column("categories", "product_count")
    op.drop_column("products", "fewest")
    op.drop_column("products", "stock")
