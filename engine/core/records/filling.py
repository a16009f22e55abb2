"""What a record needs before it is kept: a slug made from its name, and values that nothing else bears."""

from typing import Any

from sqlalchemy import UniqueConstraint, func, select

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.records.kinds import column_of, widget_of, wire_name
from engine.core.records.reading import title_of
from engine.core.resource import Field, Resource, Widget
from engine.core.slugs import numbered, slugify
from engine.core.transaction import Tx


async def fill_slugs(tx: Tx, resource: Resource, row: Any) -> None:
    """Give each empty slug the words of its source, with a number where another has them."""
    for field in resource.written:
        if widget_of(field) is not Widget.SLUG or not field.source or getattr(row, field.name, None):
            continue
        base = slugify(str(getattr(row, field.source) or ""), resource.noun.replace("_", "-"))
        slug, number = base, 1
        while await _is_taken(tx, resource, row, field, slug):
            number += 1
            slug = numbered(base, number)
        setattr(row, field.name, slug)


async def check_unique(tx: Tx, resource: Resource, row: Any) -> None:
    """Raise Invalid naming each field whose value another thing of the list has."""
    wrong: dict[str, Message | str] = {}
    for field in resource.fields:
        value = getattr(row, field.name) if field.is_mapped and is_unique(field) else None
        if value is not None and await _is_taken(tx, resource, row, field, value):
            wrong[wire_name(field)] = _("“{value}” belongs to another of the {list} already. Choose another.").having(
                value=str(value)[:80], list=str(resource.plural).lower()
            )
    if wrong:
        raise Invalid(_("“{title}” cannot be saved like this.").having(title=title_of(resource, row)), wrong)


def is_unique(field: Field) -> bool:
    """Return whether no two things may have the same value of the field."""
    column = column_of(field)
    if column is None:
        return False
    table = column.table
    alone = [index for index in table.indexes if index.unique and list(index.columns) == [column]]
    bound = [one for one in table.constraints if isinstance(one, UniqueConstraint) and list(one.columns) == [column]]
    return bool(field.unique or column.unique or alone or bound)


async def _is_taken(tx: Tx, resource: Resource, row: Any, field: Field, value: Any) -> bool:
    model: Any = resource.model
    same = func.lower(field.attribute) == value.lower() if isinstance(value, str) else field.attribute == value
    return await tx.scalar(select(model.id).where(same, model.id != row.id).limit(1)) is not None
