"""The furniture of the site: menus, redirects that say gone, and addresses that visitors found empty."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from engine.core.ids import new_id
from engine.core.tables import Json, UtcDateTime

revision = "0016_furniture"
down_revision = "0015_product_details"
branch_labels = None
depends_on = None

#: (location, name) of the menus that every site has.
MENUS = (("header", "Main menu"), ("footer", "Footer"), ("legal", "Small print"))


def upgrade() -> None:
    op.create_table(
        "missing_pages",
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("referrer", sa.String(length=500), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("is_dismissed", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missing_pages")),
        sa.UniqueConstraint("path", name=op.f("uq_missing_pages_path")),
    )
    op.create_index(op.f("ix_missing_pages_created_at"), "missing_pages", ["created_at"], unique=False)
    op.create_index(op.f("ix_missing_pages_hits"), "missing_pages", ["hits"], unique=False)
    op.create_index(op.f("ix_missing_pages_last_seen_at"), "missing_pages", ["last_seen_at"], unique=False)
    menus = op.create_table(
        "navigation",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("location", sa.String(length=60), nullable=False),
        sa.Column("items", Json, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_navigation")),
        sa.UniqueConstraint("location", name=op.f("uq_navigation_location")),
    )
    op.create_index(op.f("ix_navigation_created_at"), "navigation", ["created_at"], unique=False)
    now = datetime.now(UTC)
    op.bulk_insert(
        menus,
        [
            {"id": new_id(), "location": location, "name": name, "items": [], "created_at": now, "updated_at": now}
            for location, name in MENUS
        ],
    )
    op.add_column("redirects", sa.Column("last_hit_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("redirects", "last_hit_at")
    op.drop_table("navigation")
    op.drop_table("missing_pages")
