"""Cost, sizes, low stock and search results of products; pictures of categories; what led to a deleted thing."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import Json

revision = "0015_product_details"
down_revision = "0014_pages"
branch_labels = None
depends_on = None

NEW = (
    ("products", sa.Column("low_stock", sa.Integer(), nullable=True)),
    ("products", sa.Column("seo_title", sa.String(200), nullable=False, server_default="")),
    ("products", sa.Column("seo_description", sa.String(500), nullable=False, server_default="")),
    ("product_variants", sa.Column("cost_minor", sa.BigInteger(), nullable=True)),
    ("product_variants", sa.Column("length_mm", sa.Integer(), nullable=True)),
    ("product_variants", sa.Column("width_mm", sa.Integer(), nullable=True)),
    ("product_variants", sa.Column("height_mm", sa.Integer(), nullable=True)),
    ("bin", sa.Column("pointers", Json, nullable=False, server_default="{}")),
)


def upgrade() -> None:
    for table, column in NEW:
        op.add_column(table, column.copy())
    with op.batch_alter_table("categories") as categories:
        categories.add_column(sa.Column("image_id", sa.Uuid(), nullable=True))
        name = op.f("fk_categories_image_id")
        categories.create_foreign_key(name, "media", ["image_id"], ["id"], ondelete="SET NULL")
        categories.create_index(op.f("ix_categories_image_id"), ["image_id"])


def downgrade() -> None:
    with op.batch_alter_table("categories") as categories:
        categories.drop_index(op.f("ix_categories_image_id"))
        categories.drop_constraint(op.f("fk_categories_image_id"), type_="foreignkey")
        categories.drop_column("image_id")
    for table, column in reversed(NEW):
        op.drop_column(table, column.name)
