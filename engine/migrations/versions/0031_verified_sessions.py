"""Sessions know whether a passkey opened them: its device asked who holds it, which is as good as a second step."""

import sqlalchemy as sa
from alembic import op

revision = "0031_verified_sessions"
down_revision = "0028_form_letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("is_verified", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("is_verified")
