"""Forms and what comes in by them; letters whose answers go to who wrote."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from engine.core.ids import new_id
from engine.core.tables import Json, UtcDateTime

revision = "0017_forms"
down_revision = "0016_furniture"
branch_labels = None
depends_on = None

MESSAGES = (("form_notice", "Somebody sent a form"), ("form_reply", "Answer to who sent a form"))


def upgrade() -> None:
    op.add_column("messages", sa.Column("reply_to", sa.String(length=320), nullable=False, server_default=""))
    op.create_table(
        "forms",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("submit_label", sa.String(length=80), nullable=False),
        sa.Column("after", sa.String(40), nullable=False),
        sa.Column("confirmation", sa.Text(), nullable=False),
        sa.Column("confirmation_url", sa.String(length=2000), nullable=False),
        sa.Column("closed_text", sa.String(length=1000), nullable=False),
        sa.Column("notify", Json, nullable=False),
        sa.Column("reply_subject", sa.String(length=300), nullable=False),
        sa.Column("reply_text", sa.Text(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
        sa.UniqueConstraint("slug", name=op.f("uq_forms_slug")),
    )
    op.create_index(op.f("ix_forms_created_at"), "forms", ["created_at"], unique=False)
    op.create_table(
        "form_entries",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("lesson", sa.String(40), nullable=True),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_entries_form_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_form_entries_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_entries")),
    )
    op.create_index(op.f("ix_form_entries_form_id"), "form_entries", ["form_id", "status", "created_at"], unique=False)
    for name in ("created_at", "email", "status", "user_id"):
        op.create_index(op.f(f"ix_form_entries_{name}"), "form_entries", [name], unique=False)
    op.create_table(
        "form_entry_notes",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author", sa.String(length=320), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["form_entries.id"], name=op.f("fk_form_entry_notes_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_form_entry_notes_author_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_entry_notes")),
    )
    for name in ("author_id", "created_at", "entry_id"):
        op.create_index(op.f(f"ix_form_entry_notes_{name}"), "form_entry_notes", [name], unique=False)
    op.create_table(
        "form_uploads",
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_uploads")),
        sa.UniqueConstraint("digest", name=op.f("uq_form_uploads_digest")),
    )
    for name in ("created_at", "entry_id", "form_id"):
        op.create_index(op.f(f"ix_form_uploads_{name}"), "form_uploads", [name], unique=False)
    _add_letters()


def _add_letters() -> None:
    names = ("purpose", "name", "category", "subject", "preheader", "body", "trouble")
    table = sa.table(
        "email_templates",
        *(sa.column(name, sa.Text()) for name in names),
        *(sa.column(name, sa.Boolean()) for name in ("is_own", "is_active")),
        sa.column("id", sa.Uuid()),
        *(sa.column(name, UtcDateTime()) for name in ("created_at", "updated_at")),
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
                "category": "house",
                "created_at": now,
                "updated_at": now,
            }
            for key, name in MESSAGES
        ],
    )


def downgrade() -> None:
    op.execute("DELETE FROM email_templates WHERE purpose IN ('form_notice', 'form_reply')")
    for table in ("form_uploads", "form_entry_notes", "form_entries", "forms"):
        op.drop_table(table)
    op.drop_column("messages", "reply_to")
