"""The second step of signing in."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import Json, UtcDateTime

revision = "0027_watch_steps"
down_revision = "0027_watch"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_steps",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(length=300), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("recovery", Json, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_steps_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_steps")),
    )


def downgrade() -> None:
    op.drop_table("second_steps")
