"""Find a variant by the code that stands on it.

Revision ID: 0034_variant_codes
Revises: 0032_sums
"""

from alembic import op

revision = "0034_variant_codes"
down_revision = "0032_sums"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_product_variants_barcode", "product_variants", ["barcode"])


def downgrade() -> None:
    op.drop_index("ix_product_variants_barcode", "product_variants")
