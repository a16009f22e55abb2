"""The letters about money that forms ask for: their rows, in their own words."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from engine.core.ids import new_id
from engine.core.tables import UtcDateTime

revision = "0028_form_letters"
down_revision = "0027_watch_with_passkeys"
branch_labels = None
depends_on = None
LETTERS = (
    ("form_bill", "How to pay what a form asks for", "payments"),
    ("form_receipt", "Receipt of what a form asks for", "payments"),
)


def upgrade() -> None:
    now = datetime.now(UTC)
    texts = dict.fromkeys(("subject", "preheader", "body", "trouble"), "")
    columns = (
        sa.column("id", sa.Uuid()),
        *(sa.column(name, UtcDateTime()) for name in ("created_at", "updated_at")),
        *(sa.column(name, sa.Boolean()) for name in ("is_own", "is_active")),
        *(sa.column(name, sa.String()) for name in ("purpose", "name", "category", *texts)),
    )
    usual = {**texts, "is_own": False, "is_active": True, "created_at": now, "updated_at": now}
    rows = [
        {**usual, "id": new_id(), "purpose": key, "name": name, "category": category} for key, name, category in LETTERS
    ]
    op.bulk_insert(sa.table("email_templates", *columns), rows)


def downgrade() -> None:
    templates = sa.table("email_templates", sa.column("purpose", sa.String()))
    op.execute(templates.delete().where(templates.c.purpose.in_([key for key, _name, _category in LETTERS])))
