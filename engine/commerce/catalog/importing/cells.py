"""One row's cells by field, as WooCommerce writes texts, lists, paths and yes-or-no; and the problems found in them."""

import html
import re
from datetime import date

from engine.commerce.catalog.importing.columns import Columns
from engine.commerce.catalog.importing.imported import NamedValues
from engine.core.html import clean_html
from engine.core.i18n import Message, _
from engine.core.tabular.problems import Problem, Severity
from engine.core.tabular.table import Row

MAX_NAME = 200
MAX_SKU = 100
MAX_TERM = 100
MAX_IMAGES = 50
_ESCAPED_COMMA = "\\,"
_STAND_IN = "\x1f"
_space = re.compile(r"\s+")
_escape = re.compile(r"'(?=[=+\-@])")
_address = re.compile(r"(?i)https?://[^\s/]+\S*")
_block = re.compile(r"(?i)<(p|div|ul|ol|table|h[1-6]|blockquote|pre|dl|figure|section|article)\b")
_active = re.compile(r"(?i)<(script|iframe|object|embed|form|style|svg)\b")
_shortcode = re.compile(r"\[/?[a-z][\w-]*(?:\s+[\w-]+=[^\]]*)?/?\]", re.IGNORECASE)
_gtin = re.compile(r"[0-9][0-9 -]{6,20}[0-9Xx]")
_date = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][\d:]+)?")


class Cells:
    """A row's values by field name; each reading that goes wrong leaves a problem."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self.row = row.number
        self.problems: list[Problem] = []
        self._cells = row.cells
        self._columns = columns

    @property
    def columns(self) -> Columns:
        return self._columns

    def at(self, place: int | None) -> str:
        """Return the cell at a place, trimmed, without the apostrophe that guards a formula; "" for no place."""
        if place is None:
            return ""
        value = self._cells[place].strip()
        return value[1:] if _escape.match(value) else value

    def text(self, field: str) -> str:
        """Return a field's cell, or "" where the file has no such column."""
        return self.at(self._columns.places.get(field))

    def report(
        self, field: str, message: Message, severity: Severity = Severity.WARNING, value: str | None = None
    ) -> None:
        """Leave a problem with a field's value."""
        place = self._columns.places.get(field)
        self.report_at(place, message, severity, self.text(field) if value is None else value)

    def report_at(self, place: int | None, message: Message, severity: Severity, value: str) -> None:
        """Leave a problem with the cell at a place."""
        column = "" if place is None else self._columns.header[place]
        self.problems.append(Problem.of(self.row, column, value, message, severity))

    def line(self, field: str) -> str:
        """Return a field as one line of plain text: spaces joined, entities such as &amp; resolved."""
        return one_line(self.text(field))

    def gtin(self) -> str:
        """Return the trade number (GTIN, UPC, EAN or ISBN), or "" for one that a spreadsheet has damaged."""
        gtin = self.line("gtin")
        if not gtin or _gtin.fullmatch(gtin):
            return gtin
        self.report("gtin", _("“{value}” is no GTIN, UPC, EAN or ISBN and was not taken.").having(value=gtin[:40]))
        return ""

    def name(self) -> str:
        """Return the product's name, cut where it is too long."""
        name = self.line("name")
        if len(name) > MAX_NAME:
            self.report("name", _("The name was cut to {limit} characters.").having(limit=MAX_NAME))
            name = name[:MAX_NAME].rstrip()
        return name

    def parts(self, field: str, separator: str = ",") -> tuple[str, ...]:
        """Return the parts of a cell, each once; a comma inside a part is written as backslash and comma."""
        return parts_of(self.text(field), separator)

    def tags(self) -> tuple[str, ...]:
        """Return the tags, without those that are too long."""
        found = [one_line(tag) for tag in (*self.parts("tags"), *self.parts("tags_by_space", " "))]
        return tuple(dict.fromkeys(tag for tag in found if self._fits("tags", tag)))

    def category_paths(self) -> tuple[tuple[str, ...], ...]:
        """Return each category as its names from the root down."""
        paths: dict[tuple[str, ...], None] = {}
        for written in self.parts("categories"):
            path = tuple(name for part in written.split(">") if (name := one_line(part)))
            if path and all(self._fits("categories", name) for name in path):
                paths[path] = None
        return tuple(paths)

    def images(self) -> tuple[str, ...]:
        """Return web addresses and file names, the main one first."""
        found: list[str] = []
        for image in self.parts("images"):
            if "://" in image:
                address = image.replace(" ", "%20")
                if _address.fullmatch(address):
                    found.append(address)
                    continue
                self.report("images", _("“{value}” is no web address of a picture.").having(value=image), value=image)
            elif image.lower().startswith(("data:", "javascript:")):
                self.report("images", _("Pictures written into the file are not taken; give an address."), value=image)
            else:
                found.append(image)
        if len(found) > MAX_IMAGES:
            self.report("images", _("Only the first {limit} pictures were taken.").having(limit=MAX_IMAGES))
        return tuple(found[:MAX_IMAGES])

    def html(self, field: str) -> str:
        """Return a description as clean HTML, its plain line breaks made paragraphs as WordPress shows them."""
        text = self.text(field).replace("\\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
        if not text:
            return ""
        if _active.search(text):
            self.report(field, _("Scripts, frames, forms or styles in the text were left out."))
        if shortcode := _shortcode.search(text):
            message = _("“{code}” works in WordPress only and shows as it stands. Edit the text.")
            if "=" in shortcode[0] or shortcode[0].startswith("[/"):
                self.report(field, message.having(code=shortcode[0]), value=shortcode[0])
        return clean_html(text if _block.search(text) else _paragraphs(text)).strip()

    def date(self, field: str) -> date | None:
        """Return a day, or None for an empty or unreadable cell."""
        text = self.text(field)
        if not text:
            return None
        try:
            shaped = _date.fullmatch(text)
            return date.fromisoformat(shaped[1] if shaped else text)
        except ValueError:
            self.report(field, _("“{value}” is not a date. Write it like 2026-12-31.").having(value=text))
            return None

    def attributes(self) -> list[tuple[int, NamedValues, bool]]:
        """Return (place of the values, name with values, shown to shoppers) for each attribute that has a name."""
        found = []
        for columns in self._columns.attributes:
            name = one_line(self.at(columns.name)).removeprefix("pa_")
            if not name:
                continue
            if len(name) > MAX_TERM:
                self.report_at(columns.name, _TOO_LONG.having(value=name, limit=MAX_TERM), Severity.WARNING, name)
                continue
            values = tuple(one_line(value) for value in parts_of(self.at(columns.values)))
            fitting = tuple(value for value in values if len(value) <= MAX_TERM)
            if len(fitting) < len(values):
                long = next(value for value in values if value not in fitting)
                self.report_at(columns.values, _TOO_LONG.having(value=long, limit=MAX_TERM), Severity.WARNING, long)
            shown = self.at(columns.visible) != "0"
            found.append(
                (columns.name if columns.values is None else columns.values, NamedValues(name, fitting), shown)
            )
        return found

    def _fits(self, field: str, term: str) -> bool:
        if len(term) <= MAX_TERM:
            return bool(term)
        self.report(field, _TOO_LONG.having(value=term[:40], limit=MAX_TERM), value=term)
        return False


_TOO_LONG = _("“{value}” is longer than {limit} characters and was left out.")


def parts_of(text: str, separator: str = ",") -> tuple[str, ...]:
    """Return the parts of a list in a cell, each once, in order."""
    parts = text.replace(_ESCAPED_COMMA, _STAND_IN).split(separator)
    trimmed = (part.replace(_STAND_IN, ",").strip() for part in parts)
    return tuple(dict.fromkeys(part for part in trimmed if part))


def one_line(text: str) -> str:
    return _space.sub(" ", html.unescape(text)).strip()


def _paragraphs(text: str) -> str:
    blocks = (block.strip().replace("\n", "<br>") for block in re.split(r"\n\s*\n", text))
    return "\n".join(f"<p>{block}</p>" for block in blocks if block)
