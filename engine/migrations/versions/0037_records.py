"""Who stands in the audit log is known beside it, and which letters hold a secret: neither is read whole for it."""

import sqlalchemy as sa
from alembic import op

revision = "0037_records"
down_revision = "0036_long_shelves"
branch_labels = None
depends_on = None

UNERASED = "holds_secret{} AND erased_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "audit_actors",
        sa.Column("actor", sa.String(320), nullable=False),
        sa.PrimaryKeyConstraint("actor", name=op.f("pk_audit_actors")),
    )
    op.execute("INSERT INTO audit_actors (actor) SELECT DISTINCT actor FROM audit_logs")
    op.create_index(
        "ix_messages_secrets",
        "messages",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text(UNERASED.format(" = 1")),
        postgresql_where=sa.text(UNERASED.format("")),
    )


def downgrade() -> None:
    op.drop_table("audit_actors")
    op.drop_index("ix_messages_secrets", table_name="messages")
