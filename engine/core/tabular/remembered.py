"""Mappings that somebody chose, kept for the next file with the same header."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from engine.core.tabular.models import ImportMapping
from engine.core.transaction import Tx


def recalled(connection: Connection, kind: str, signature: str) -> tuple[str, dict[str, str]] | None:
    """Return (format, mapping) as last chosen for this header; None where nobody has."""
    row = connection.execute(
        select(ImportMapping.format, ImportMapping.mapping).where(
            ImportMapping.kind == kind, ImportMapping.signature == signature
        )
    ).first()
    return (row.format, dict(row.mapping)) if row else None


async def remember(tx: Tx, kind: str, signature: str, mapping: Mapping[str, str], format_: str = "") -> None:
    """Keep a mapping for this header in place of an earlier one."""
    await tx.execute(delete(ImportMapping).where(ImportMapping.kind == kind, ImportMapping.signature == signature))
    tx.add(ImportMapping(kind=kind, signature=signature, format=format_, mapping=dict(mapping)))
    await tx.flush()
