"""Widgets: each a trio of templates, in a list (`cell.html`), shown (`show.html`) and in a form (`form.html`).

A template draws from a `FieldView`; `parsing` reads a posted form back into the values that the API takes; `drawing`
lets a page write `widget.form(view, value)`. Wire values everywhere: ids as text, moments as ISO text in UTC, money as
`{"amount": 1999, "currency": "USD"}`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.core.i18n import Message

Text = Message | str


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as a widget needs it, whatever it belongs to.

    name: its wire name. nullable: empty is null, not "". options: (value, label) or (value, label, help), or groups
    {"label", "options"}. rows: the columns of nested rows. currency: ISO 4217; none lets people choose. timezone: in
    which a moment is read and shown. search_url: answers `?q=` with JSON `[{"id", "title", "text"}]`. from_field: what
    a slug is made from. published: the address is known to others, so a change is pointed out. minimum, maximum: of a
    number, of money in minor units, of how many may be chosen. tones: option -> what its badge means.
    """

    name: str
    label: Text
    widget: str
    help: Text = ""
    required: bool = False
    nullable: bool = False
    options: Sequence[Any] = ()
    multiple: bool = False
    rows: Sequence["FieldView"] = ()
    currency: str = ""
    timezone: str = "UTC"
    accept: str = ""
    search_url: str = ""
    from_field: str = ""
    published: bool = False
    prefix: str = ""
    suffix: str = ""
    placeholder: str = ""
    max_length: int | None = None
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    step: Decimal | None = None
    tones: Mapping[str, str] = field(default_factory=dict)
