"""Alerts, and the letter about them."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from engine.core.ids import new_id
from engine.core.tables import UtcDateTime

revision = "0027_watch"
down_revision = "0024_form_payments"
branch_labels = None
depends_on = None
LETTER = ("alert", "Something needs you")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("allowed", sa.Float(), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("over_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("told_over_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_raised_at"), "alerts", ["raised_at"], unique=False)
    op.create_index(
        "uq_alerts_open",
        "alerts",
        ["rule"],
        unique=True,
        sqlite_where=sa.text("over_at IS NULL"),
        postgresql_where=sa.text("over_at IS NULL"),
    )
    _letter()


def _letter() -> None:
    """Give the new message its row, in its own words."""
    now = datetime.now(UTC)
    texts = dict.fromkeys(("subject", "preheader", "body", "trouble"), "")
    columns = (
        sa.column("id", sa.Uuid()),
        *(sa.column(name, UtcDateTime()) for name in ("created_at", "updated_at")),
        *(sa.column(name, sa.Boolean()) for name in ("is_own", "is_active")),
        *(sa.column(name, sa.String()) for name in ("purpose", "name", "category", *texts)),
    )
    key, name = LETTER
    row = {"id": new_id(), "purpose": key, "name": name, "category": "house", "is_own": False, "is_active": True}
    op.bulk_insert(sa.table("email_templates", *columns), [{**texts, **row, "created_at": now, "updated_at": now}])


def downgrade() -> None:
    templates = sa.table("email_templates", sa.column("purpose", sa.String()))
    op.execute(templates.delete().where(templates.c.purpose == LETTER[0]))
    op.drop_index("uq_alerts_open", table_name="alerts")
    op.drop_index(op.f("ix_alerts_raised_at"), table_name="alerts")
    op.drop_table("alerts")
