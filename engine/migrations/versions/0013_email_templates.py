"""The words of messages, as people have them: a row for each message that comes with Agora."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from engine.core.ids import new_id
from engine.core.tables import UtcDateTime

revision = "0013_email_templates"
down_revision = "0012_addresses"
branch_labels = None
depends_on = None

#: (key, name, category) of the messages that there are at this revision.
MESSAGES = (
    ("order_received", "Order received", "orders"),
    ("order_confirmed", "Order confirmed", "orders"),
    ("order_shipped", "Order shipped", "orders"),
    ("order_cancelled", "Order cancelled", "orders"),
    ("payment_failed", "Payment failed", "payments"),
    ("payment_expired", "Payment did not arrive in time", "payments"),
    ("payment_refunded", "Money returned", "payments"),
    ("welcome", "Welcome, and confirm your address", "accounts"),
    ("verify_email", "Confirm your address", "accounts"),
    ("password_reset", "Choose a new password", "accounts"),
    ("test", "Test e-mail", "house"),
)


def upgrade() -> None:
    table = op.create_table(
        "email_templates",
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("preheader", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_templates")),
    )
    op.create_index(op.f("ix_email_templates_created_at"), "email_templates", ["created_at"], unique=False)
    op.create_index(op.f("ix_email_templates_purpose"), "email_templates", ["purpose"], unique=False)
    op.create_index(
        "uq_email_templates_active",
        "email_templates",
        ["purpose"],
        unique=True,
        sqlite_where=sa.text("is_active"),
        postgresql_where=sa.text("is_active"),
    )
    now = datetime.now(UTC)
    own = {"subject": "", "preheader": "", "body": "", "trouble": "", "is_own": False, "is_active": True}
    op.bulk_insert(
        table,
        [
            {
                **own,
                "id": new_id(),
                "purpose": key,
                "name": name,
                "category": category,
                "created_at": now,
                "updated_at": now,
            }
            for key, name, category in MESSAGES
        ],
    )
    op.add_column("messages", sa.Column("tries", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "tries")
    op.drop_table("email_templates")
