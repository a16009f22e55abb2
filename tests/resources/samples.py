"""Values for any resource, made from what its fields say they are: enough to create one, and to change it."""

from datetime import UTC, date, datetime
from typing import Any

from engine.core.ids import new_id
from engine.core.records.kinds import choices_of, is_required, widget_of, wire_name
from engine.core.resource import Field, Resource, Widget

#: Values that a domain's own verbs ask for, by noun and wire name.
OWN: dict[tuple[str, str], Any] = {
    ("redirect", "sourcePath"): "/old-{n}",
    ("redirect", "targetUrl"): "/new-{n}",
    ("redirect", "statusCode"): 301,
    ("email_template", "purpose"): "order_shipped",
}


def new(resource: Resource, number: int) -> dict[str, Any]:
    """Return the wire body that makes a thing; another number makes another thing."""
    return {
        wire_name(field): value(resource, field, number)
        for field in resource.written
        if is_required(field) or (resource.noun, wire_name(field)) in OWN
    }


def changed_field(resource: Resource) -> Field:
    """Return a field that a test can change: a text that is shown in the title where there is one."""
    texts = (Widget.TEXT, Widget.TEXTAREA, Widget.URL, Widget.RICHTEXT)
    return next(field for field in resource.written if widget_of(field) in texts and not field.once)


def value(resource: Resource, field: Field, number: int) -> Any:
    """Return a value that the field takes."""
    name = wire_name(field)
    if (resource.noun, name) in OWN:
        found = OWN[resource.noun, name]
        return found.format(n=number) if isinstance(found, str) else found
    choices = choices_of(field)
    plain: dict[Widget, Any] = {
        Widget.NUMBER: number,
        Widget.DECIMAL: f"{number}.5",
        Widget.MONEY: {"amount": number, "currency": "USD"},
        Widget.SWITCH: True,
        Widget.DATE: date(2026, 5, 1).isoformat(),
        Widget.DATETIME: datetime(2026, 5, 1, 18, tzinfo=UTC).isoformat(),
        Widget.EMAIL: f"one-{number}@example.org",
        Widget.URL: f"/somewhere/{number}",
        Widget.TEL: f"+44 20 7946 09{number:02}",
        Widget.SLUG: f"slug-{number}",
        Widget.COLOUR: "#0f6b70",
        Widget.TAGS: ["one", "two"],
        Widget.RELATION: str(new_id()),
        Widget.JSON: {"n": number},
        Widget.ROWS: [],
    }
    if choices:
        return [choices[0][0]] if widget_of(field) is Widget.TAGS else choices[0][0]
    return plain.get(widget_of(field), f"{field.name.replace('_', ' ')} {number}")
