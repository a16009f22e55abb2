"""The shop's lists in the order of an index that also knows what is shown: no row is read that is not on the page."""

from alembic import op

revision = "0035_shop_lists"
down_revision = "0034_variant_codes"
branch_labels = None
depends_on = None

MADE = (
    ("ix_products_status_featured", ["status", "is_featured", "published_at", "id", "visibility"]),
    ("ix_products_status_newest", ["status", "published_at", "id", "visibility"]),
    ("ix_products_status_shown", ["status", "visibility", "id", "updated_at"]),
    ("ix_products_status_price", ["status", "price_minor", "id", "visibility"]),
)
REPLACED = (
    ("ix_products_status_featured", ["status", "is_featured", "published_at", "id"]),
    ("ix_products_status_newest", ["status", "published_at", "id"]),
    ("ix_products_status_shown", ["status", "visibility", "id"]),
    ("ix_products_status_price_minor", ["status", "price_minor"]),
)


def upgrade() -> None:
    _exchange(REPLACED, MADE)


def downgrade() -> None:
    _exchange(MADE, REPLACED)


def _exchange(gone: tuple[tuple[str, list[str]], ...], made: tuple[tuple[str, list[str]], ...]) -> None:
    for name, _columns in gone:
        op.drop_index(name, table_name="products")
    for name, columns in made:
        op.create_index(name, "products", columns, unique=False)
