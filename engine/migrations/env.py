"""Alembic's environment: online only, on the connection that `migrate` hands over."""

import importlib
import pkgutil
import warnings
from typing import Any

from alembic import context
from sqlalchemy.exc import SAWarning

import engine
from engine.core.tables import Base, EnumText, Json, UtcDateTime

for _found in pkgutil.walk_packages(engine.__path__, "engine."):
    if _found.name.endswith(".models"):
        importlib.import_module(_found.name)

#: Made by hand in a migration: for one kind of database only, or of expressions, which cannot be compared.
BY_HAND = ("search_fts", "ix_search_documents_text", "ix_products_folded")


def rendered(kind: str, item: Any, _context: Any) -> Any:
    """Return our own column types as migrations write them."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, EnumText):
        return "sa.String(40)"
    if kind == "type" and item is Json:
        return "Json"
    return False


def is_ours(_object: Any, name: str | None, _kind: str, _reflected: bool, _compared: Any) -> bool:
    """Return whether the models say what this should be."""
    return not (name or "").startswith(BY_HAND)


def compared(_context: Any, _inspected: Any, _column: Any, _found: Any, wanted: Any) -> bool | None:
    """Return False where the two are the same to Agora though the database names them otherwise."""
    return False if isinstance(wanted, (EnumText, UtcDateTime)) or wanted is Json else None


warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", SAWarning)
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=compared,
    render_item=rendered,
    include_object=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
