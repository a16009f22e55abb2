"""The mappings of columns that somebody chose for an import."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import Json, UtcDateTime

revision = "0008_import_mappings"
down_revision = "0007_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_mappings",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("mapping", Json, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mappings")),
        sa.UniqueConstraint("kind", "signature", name=op.f("uq_import_mappings_kind_signature")),
    )
    op.create_index(op.f("ix_import_mappings_created_at"), "import_mappings", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_import_mappings_created_at"), table_name="import_mappings")
    op.drop_table("import_mappings")
