"""Records as the wire shows them."""

from typing import Any

from engine.core.money import MAX_MINOR
from engine.core.paging import Page
from engine.core.records.kinds import widget_of
from engine.core.records.reading import Record
from engine.core.records.shapes import MoneyShape, RecordShape, shapes_of
from engine.core.resource import Resource, Widget


def shown(resource: Resource, record: Record, currency: str) -> dict[str, Any]:
    """Return one thing as JSON."""
    return _dumped(_shape(resource, record.values, record.title, currency))


def page_of(resource: Resource, page: Page[Record], currency: str) -> dict[str, Any]:
    """Return one page of a list as JSON."""
    items = [shown(resource, record, currency) for record in page.items]
    return {"items": items, "total": page.total, "page": page.page, "limit": page.limit}


def _shape(resource: Resource, values: Any, title: str, currency: str) -> RecordShape:
    shape = shapes_of(resource).read
    known = {name: values[name] for name in shape.model_fields if name in values}
    for field in resource.fields:
        if widget_of(field) is Widget.MONEY and known.get(field.name) is not None:
            amount = max(-MAX_MINOR, min(known[field.name], MAX_MINOR))
            known[field.name] = MoneyShape.model_construct(amount=amount, currency=currency)
    return shape.model_construct(**{**known, "title": known.get("title", title)})


def _dumped(shape: RecordShape) -> dict[str, Any]:
    dumped: dict[str, Any] = shape.model_dump(mode="json", by_alias=True, warnings=False)
    return dumped
