"""How often a job's process ended hard while it ran is counted: what ends Agora is not begun again for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0038_interrupted"
down_revision = "0037_records"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("jobs", sa.Column("interrupted", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("jobs", "interrupted")
