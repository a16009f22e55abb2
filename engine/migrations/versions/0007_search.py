"""Search with facets, numbers and codes; what was searched. The index is built anew at the next start."""

import sqlalchemy as sa
from alembic import op

from engine.core.tables import Json, UtcDateTime

revision = "0007_search"
down_revision = "0006_records"
branch_labels = None
depends_on = None

WORDS = ("title_words", "keyword_words", "body_words")


def upgrade() -> None:
    _drop_documents()
    op.create_table(
        "search_documents",
        sa.Column("row", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in WORDS),
        sa.Column("known", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_search_documents")),
    )
    op.create_index(
        "uq_search_documents_generation_type_id", "search_documents", ["generation", "type", "id"], unique=True
    )
    op.create_index(op.f("ix_search_documents_generation_visibility"), "search_documents", ["generation", "visibility"])
    for table, kind, key in (
        ("search_facets", sa.String(length=200), ("document", "name", "value")),
        ("search_numbers", sa.BigInteger(), ("document", "name")),
    ):
        op.create_table(
            table,
            sa.Column("document", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(length=120), nullable=False),
            sa.Column("value", kind, nullable=False),
            sa.ForeignKeyConstraint(
                ["document"], ["search_documents.row"], name=op.f(f"fk_{table}_document"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_name_value"), table, ["name", "value"])
    op.create_table(
        "search_states",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_states")),
    )
    op.create_table(
        "search_questions",
        sa.Column("question", sa.String(length=100), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("question", name=op.f("pk_search_questions")),
    )
    op.create_index(op.f("ix_search_questions_asked_at"), "search_questions", ["asked_at"])
    op.create_index(op.f("ix_search_questions_found_asked"), "search_questions", ["found", "asked"])
    _index_words(WORDS)


def downgrade() -> None:
    for table in ("search_questions", "search_states", "search_numbers", "search_facets"):
        op.drop_table(table)
    _drop_documents()
    op.create_table(
        "search_documents",
        sa.Column("row", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("facets", Json, nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_search_documents")),
    )
    op.create_index("uq_search_documents_type_id", "search_documents", ["type", "id"], unique=True)
    _index_words(("title_words", "words"))


def _drop_documents() -> None:
    """Drop the documents, with the triggers and indexes that are theirs: they are built anew from the tables."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    op.drop_table("search_documents")


def _index_words(columns: tuple[str, ...]) -> None:
    if op.get_context().dialect.name != "sqlite":
        joined = " || ' ' || ".join(columns)
        op.execute(
            f"CREATE INDEX ix_search_documents_text ON search_documents USING gin (to_tsvector('simple', {joined}))"
        )
        return
    names = ", ".join(columns)
    op.execute(
        f"CREATE VIRTUAL TABLE search_fts USING fts5({names}, content='search_documents', content_rowid='row', "
        "tokenize='unicode61', prefix='2 3')"
    )
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("new", "old"))
    insert = f"INSERT INTO search_fts(rowid, {names}) VALUES (new.row, {new});"  # noqa: S608 - our own names
    remove = f"INSERT INTO search_fts(search_fts, rowid, {names}) VALUES ('delete', old.row, {old});"  # noqa: S608
    for name, when, body in (("ai", "INSERT", insert), ("ad", "DELETE", remove), ("au", "UPDATE", remove + insert)):
        op.execute(f"CREATE TRIGGER search_documents_{name} AFTER {when} ON search_documents BEGIN {body} END")
