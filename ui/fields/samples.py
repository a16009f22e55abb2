"""Every widget in its states, for the style guide: empty, filled in, refused, locked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.fields import FieldView
from ui.fields.parsing import shown

LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
IDS = ("0192f3c1-0000-7000-8000-000000000001", "0192f3c1-0000-7000-8000-000000000002")
STATUS = (("draft", "Draft"), ("active", "Active"), ("archived", "Archived"))
COUNTRIES = (
    {"label": "Near", "options": (("DE", "Germany"), ("SE", "Sweden"))},
    {"label": "Far", "options": (("JP", "Japan"),)},
)
RICH = (
    "<h2>From clay to cup</h2>\n<p>We throw on <strong>three wheels</strong> and fire <em>twice</em> a week. "
    '<a href="https://example.org" rel="noopener noreferrer">How it is done</a>.</p>\n'
    "<ul><li>Stoneware</li><li>Lead-free glaze</li></ul>\n<blockquote><p>It holds a generous coffee.</p></blockquote>"
)
TABLE = "<table><tbody><tr><th>Size</th><td>350 ml</td></tr></tbody></table>"
LINES = (
    FieldView("title", "What", "text", required=True),
    FieldView("quantity", "How many", "number", minimum=1),
    FieldView("price", "Price", "money", currency="EUR"),
)
PEOPLE = (
    FieldView("name", "Name", "text", required=True),
    FieldView("since", "Since", "date"),
    FieldView("lead", "Leads", "switch"),
    FieldView("role", "Role", "choice", options=STATUS),
    FieldView("colour", "Colour", "colour"),
)
ADDRESS = {
    "name": "Ada Lindqvist", "line1": "Söder Mälarstrand 29", "line2": "", "postalCode": "118 25", "city": "Stockholm",
    "region": "", "country": "SE", "phone": "+46 8 123 456",
}  # fmt: skip
PICTURE = {"id": IDS[0], "url": "/picture-1.svg", "alt": "A blue mug on oak"}


@dataclass(frozen=True)
class Sample:
    """One widget with a wire value, and what is wrong with it."""

    view: FieldView
    value: Any = None
    errors: Mapping[str, str] | None = None
    disabled: bool = False

    @property
    def text(self) -> Any:
        """What the form shows."""
        return shown(self.view, self.value, "en")


def samples() -> tuple[tuple[str, tuple[Sample, ...]], ...]:
    """Return the samples under headings."""
    return (
        (
            "Words",
            (
                *_words(),
                _wrong("email", "E-mail", "ada@", "“ada@” is not an e-mail address. Write it like ada@example.com."),
            ),
        ),
        ("Rich text", _rich()),
        ("Numbers", _numbers()),
        ("Time", _times()),
        ("Choices", _choices()),
        ("Records", _records()),
        ("Pictures and files", _files()),
        ("Structures", _structures()),
        ("Rows", _rows()),
        (
            "Address",
            (
                Sample(
                    FieldView("address", "Where it goes", "address", required=True),
                    ADDRESS,
                    {"address.postalCode": "“118” is not a postal code. Write it like 118 25."},
                ),
            ),
        ),
    )


def _wrong(widget: str, label: str, value: Any, error: str, **more: Any) -> Sample:
    name = f"wrong_{widget}"
    return Sample(FieldView(name, label, widget, **more), value, {name: error})


def _words() -> tuple[Sample, ...]:
    return (
        Sample(FieldView("title", "Title", "text", required=True, help="As shoppers see it."), f"{LONG} 350 ml"),
        Sample(FieldView("teaser", "Teaser", "textarea", placeholder="In two sentences"), None),
        Sample(
            FieldView("slug", "Address", "slug", prefix="/journal/", from_field="title", published=True),
            "from-clay-to-cup",
        ),
        Sample(FieldView("site", "Website", "url"), "https://example.org/a/rather/long/path?with=a&query=1"),
        Sample(FieldView("phone", "Phone", "tel"), "+44 20 7946 0958"),
        Sample(FieldView("key", "Secret key", "secret"), "sk_test••••1234"),
        Sample(FieldView("locked", "Locked", "text", help="The environment sets this."), "production", disabled=True),
    )


def _rich() -> tuple[Sample, ...]:
    return (
        Sample(FieldView("body", "Text", "richtext", help="Shown under the picture."), RICH),
        Sample(FieldView("note", "Note", "richtext", placeholder="What should people know?"), None),
        Sample(FieldView("sizes", "Sizes", "richtext"), TABLE),
        _wrong("richtext", "Answer", "<p>Hm</p>", "This is too short: write at least a sentence."),
    )


def _numbers() -> tuple[Sample, ...]:
    return (
        Sample(FieldView("stock", "In stock", "number", minimum=0, required=True), 12),
        Sample(FieldView("rate", "Rate", "decimal", suffix="%"), "12.5"),
        Sample(FieldView("price", "Price", "money", currency="EUR"), {"amount": 129_900, "currency": "EUR"}),
        Sample(FieldView("prize", "Prize", "money"), {"amount": 5_000, "currency": "JPY"}),
        _wrong("money", "Price before", "", "“12,5o” is not an amount in EUR. Write it like 12.50.", currency="EUR"),
    )


def _times() -> tuple[Sample, ...]:
    berlin = "Europe/Berlin"
    return (
        Sample(FieldView("day", "Opens on", "date"), "2026-11-22"),
        Sample(FieldView("starts", "Starts", "datetime", timezone=berlin, required=True), "2026-05-01T16:00:00Z"),
        Sample(FieldView("night", "The night of change", "datetime", timezone=berlin), "2026-10-25T01:30:00Z"),
        _wrong(
            "datetime",
            "Ends",
            None,
            "“soon” is not a date with a time. Write it like 2026-05-01 18:00.",
            timezone=berlin,
        ),
    )


def _choices() -> tuple[Sample, ...]:
    return (
        Sample(FieldView("status", "Status", "choice", options=STATUS, required=True), "active"),
        Sample(FieldView("country", "Country", "choice", options=COUNTRIES), "SE"),
        Sample(FieldView("shown", "Shown in", "choice", options=STATUS, multiple=True), ["draft", "active"]),
        Sample(FieldView("open", "The shop is open", "switch", help="Anybody on your network can buy."), True),
        Sample(
            FieldView("terms", "I have read the terms", "checkbox", required=True),
            False,
            {"terms": "This is required."},
        ),
        Sample(FieldView("accent", "Accent", "colour"), "#0f6b70"),
        _wrong("colour", "Ground", "teal", "“teal” is not a colour. Write it like #0f6b70."),
    )


def _records() -> tuple[Sample, ...]:
    mug, bowl = ({"id": IDS[0], "title": "Blue mug"}, {"id": IDS[1], "title": LONG})
    return (
        Sample(FieldView("product", "Product", "relation", search_url="/options.json"), mug),
        Sample(FieldView("related", "Goes with", "relation", search_url="/options.json", multiple=True), [mug, bowl]),
        Sample(FieldView("author", "Author", "relation", options=((IDS[0], "Mara"), (IDS[1], "Bo"))), IDS[1]),
        Sample(FieldView("tags", "Tags", "tags", search_url="/options.json"), ["stoneware", "by hand", "blue, dark"]),
        _wrong("relation", "Category", None, "This is required.", search_url="/options.json", required=True),
    )


def _files() -> tuple[Sample, ...]:
    other = {"id": IDS[1], "url": "/picture-2.svg", "alt": ""}
    sheet = {"id": IDS[0], "url": "/sheet.pdf", "name": "care-instructions.pdf"}
    return (
        Sample(FieldView("cover", "Picture", "image"), PICTURE),
        Sample(FieldView("gallery", "More pictures", "image", multiple=True), [PICTURE, other]),
        Sample(FieldView("sheet", "Care sheet", "file"), sheet),
        _wrong("image", "Portrait", None, "This is required.", required=True),
    )


def _structures() -> tuple[Sample, ...]:
    return (
        Sample(FieldView("extra", "More facts", "json"), {"glaze": "blue", "fired": [1240, 1260]}),
        _wrong("json", "Rules", {"a": 1}, "This is not valid JSON: a comma is missing in line 2, column 4."),
    )


def _rows() -> tuple[Sample, ...]:
    lines = [
        {"title": "Blue mug", "quantity": 2, "price": {"amount": 3_400, "currency": "EUR"}},
        {"title": LONG, "quantity": 0, "price": None},
    ]
    people = [{"name": "Mara Okonkwo", "since": "2024-03-01", "lead": True, "role": "active", "colour": "#a3644b"}]
    return (
        Sample(
            FieldView("lines", "Lines", "rows", rows=LINES),
            lines,
            {"lines.1.quantity": "“0” is too small: it must be at least 1."},
        ),
        Sample(FieldView("people", "People", "rows", rows=PEOPLE, help="Who makes it."), people),
        Sample(FieldView("links", "Links", "rows", rows=LINES[:2], maximum=3), []),
    )
