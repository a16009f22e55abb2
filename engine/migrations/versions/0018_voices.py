"""Comments, reviews, and what keeps spam out of them."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import UtcDateTime

revision = "0018_voices"
down_revision = "0013_email_templates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spam_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("spam", sa.Integer(), nullable=False),
        sa.Column("fine", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_spam_words")),
    )
    op.create_table(
        "spam_traces",
        *(sa.Column(name, sa.String(length=22), nullable=False) for name in ("address", "author", "words")),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spam_traces")),
    )
    for name in ("address", "author", "created_at", "words"):
        op.create_index(op.f(f"ix_spam_traces_{name}"), "spam_traces", [name])


def downgrade() -> None:
    op.drop_table("spam_traces")
    op.drop_table("spam_words")
