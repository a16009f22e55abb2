"""Long lists of records: what waits in them is found by an index, and no list is read whole for one page."""

import sqlalchemy as sa
from alembic import op

revision = "0037_records"
down_revision = "0035_shop_lists"
branch_labels = None
depends_on = None

UNERASED = "holds_secret{} AND erased_at IS NULL"


def upgrade() -> None:
    op.create_index(
        "ix_messages_secrets",
        "messages",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text(UNERASED.format(" = 1")),
        postgresql_where=sa.text(UNERASED.format("")),
    )


def downgrade() -> None:
    op.drop_index("ix_messages_secrets", table_name="messages")
