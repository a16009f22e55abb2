"""Comments, reviews, and what keeps spam out of them."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from engine.core.ids import new_id
from engine.core.tables import Json, UtcDateTime

revision = "0018_voices"
down_revision = "0017_forms"
branch_labels = None
depends_on = None

#: (key, name) of the messages that come with this revision.
MESSAGES = (
    ("comment_received", "New comment, for you"),
    ("comment_reply", "Answer to a comment"),
    ("comment_confirm", "Do you want to hear of answers?"),
    ("review_received", "New review, for you"),
    ("review_invitation", "What do you think of it?"),
)
TABLES = ("review_photos", "reviews", "comments", "review_invitations", "ratings", "mail_wishes", "comment_counts")


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
    _speech()
    _email_templates()


def _speech() -> None:
    op.create_table(
        "comment_counts",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", name=op.f("pk_comment_counts")),
    )
    op.create_table(
        "mail_wishes",
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address", "topic", name=op.f("pk_mail_wishes")),
    )
    op.create_table(
        "ratings",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("shown", Json, nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", name=op.f("pk_ratings")),
    )
    op.create_table(
        "review_invitations",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_invitations")),
    )
    op.create_index(op.f("ix_review_invitations_created_at"), "review_invitations", ["created_at"], unique=False)
    op.create_index(
        "uq_review_invitations_subject", "review_invitations", ["kind", "subject_id", "reference"], unique=True
    )
    op.create_table(
        "comments",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("lesson", sa.String(40), nullable=True),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column("wants_replies", sa.Boolean(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("external_key", sa.String(length=160), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["comments.id"], name=op.f("fk_comments_branch_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_comments_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_branch_id"), "comments", ["branch_id"], unique=False)
    op.create_index(op.f("ix_comments_created_at"), "comments", ["created_at"], unique=False)
    op.create_index(op.f("ix_comments_email"), "comments", ["email"], unique=False)
    op.create_index(
        op.f("ix_comments_kind_subject_id_status"), "comments", ["kind", "subject_id", "status"], unique=False
    )
    op.create_index(op.f("ix_comments_parent_id"), "comments", ["parent_id"], unique=False)
    op.create_index(op.f("ix_comments_status_created_at"), "comments", ["status", "created_at"], unique=False)
    op.create_index(op.f("ix_comments_user_id"), "comments", ["user_id"], unique=False)
    op.create_index("uq_comments_source_external_key", "comments", ["source", "external_key"], unique=True)
    op.create_table(
        "reviews",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("lesson", sa.String(40), nullable=True),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=100), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("external_key", sa.String(length=160), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_reviews_stars_one_to_five")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reviews_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_created_at"), "reviews", ["created_at"], unique=False)
    op.create_index(op.f("ix_reviews_email"), "reviews", ["email"], unique=False)
    op.create_index(
        op.f("ix_reviews_kind_subject_id_status_created_at"),
        "reviews",
        ["kind", "subject_id", "status", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_reviews_status_created_at"), "reviews", ["status", "created_at"], unique=False)
    op.create_index(op.f("ix_reviews_user_id"), "reviews", ["user_id"], unique=False)
    op.create_index("uq_reviews_kind_subject_id_email", "reviews", ["kind", "subject_id", "email"], unique=True)
    op.create_index("uq_reviews_source_external_key", "reviews", ["source", "external_key"], unique=True)
    op.create_table(
        "review_photos",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_review_photos_media_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_photos_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "media_id", name=op.f("pk_review_photos")),
    )
    op.create_index(op.f("ix_review_photos_media_id"), "review_photos", ["media_id"], unique=False)


def _email_templates() -> None:
    """Give each new message its row, in its own words."""
    now = datetime.now(UTC)
    own = {"subject": "", "preheader": "", "body": "", "trouble": "", "category": "voices"}
    own |= {"is_own": False, "is_active": True, "created_at": now, "updated_at": now}
    columns = (
        sa.column("id", sa.Uuid()),
        *(sa.column(name, UtcDateTime()) for name in ("created_at", "updated_at")),
        *(sa.column(name, sa.Boolean()) for name in ("is_own", "is_active")),
        *(sa.column(name, sa.String()) for name in ("purpose", "name", "category", "subject", "preheader", "body")),
        sa.column("trouble", sa.String()),
    )
    rows = [{**own, "id": new_id(), "purpose": key, "name": name} for key, name in MESSAGES]
    op.bulk_insert(sa.table("email_templates", *columns), rows)


def downgrade() -> None:
    templates = sa.table("email_templates", sa.column("purpose", sa.String()))
    op.execute(templates.delete().where(templates.c.purpose.in_([key for key, _name in MESSAGES])))
    for table in TABLES:
        op.drop_table(table)
    op.drop_table("spam_traces")
    op.drop_table("spam_words")
