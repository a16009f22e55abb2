"""One row's cells by field: texts, lists, paths, dates, HTML; and the problems found in them."""

import html
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from engine.commerce.catalog.importing.columns import Columns
from engine.core.html import clean_html
from engine.core.i18n import Message, _
from engine.core.tabular.problems import Problem, Severity
from engine.core.tabular.table import Row

MAX_NAME = 200
MAX_SKU = 100
MAX_SEO_TITLE = 200
MAX_SEO_DESCRIPTION = 500
MAX_TERM = 100
MAX_IMAGES = 50
MAX_DEPTH = 6
MAX_ALT = 300
MAX_DETAIL = 500
_ESCAPED_COMMA = "\\,"
_STAND_IN = "\x1f"
_space = re.compile(r"\s+")
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
    def is_refused(self) -> bool:
        """Whether something in the row keeps it from being taken at all."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def columns(self) -> Columns:
        return self._columns

    def at(self, place: int | None) -> str:
        """Return the cell at a place, trimmed; "" for no place."""
        return "" if place is None else self._cells[place].strip()

    def text_at(self, place: int | None) -> str:
        """Return the cell at a place as one line; "" for no place."""
        return _space.sub(" ", self.at(place))

    def ready_html(self, field: str) -> str:
        """Return a field that is HTML already, made safe and else as it is."""
        text = self.whole(field)
        if _active.search(text):
            self.report(field, _("Scripts, frames, forms or styles in the text were left out."))
        return clean_html(text)

    def whole(self, field: str) -> str:
        """Return a field's cell with the spaces at its ends."""
        place = self._columns.places.get(field)
        return "" if place is None else self._cells[place]

    def as_row(self) -> Row:
        """Return the row itself, to be put aside."""
        return Row(self.row, self._cells)

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

    def short(self, field: str, limit: int) -> str:
        """Return a field as one line, cut where it is too long, which is told."""
        line = self.line(field)
        if len(line) > limit:
            self.report(field, _("The text was cut to {limit} characters.").having(limit=limit))
        return line[:limit].rstrip()

    def found_as(self) -> dict[str, Any]:
        """Return what search engines are to show."""
        return {
            "seo_title": self.short("seo_title", MAX_SEO_TITLE),
            "seo_description": self.short("seo_description", MAX_SEO_DESCRIPTION),
        }

    def parts(self, field: str, separator: str = "") -> tuple[str, ...]:
        """Return the parts of a cell, each once; a comma inside a part is written as backslash and comma.

        separator: where it is not a comma, or, in a file that does not say, whatever parts this column's lists.
        """
        place = self._columns.places.get(field)
        if place is None:
            return ()
        return parts_of(self.at(place), separator or self._columns.separator(place))

    def tags(self) -> tuple[str, ...]:
        """Return the tags, without those that are too long."""
        found = [one_line(tag) for tag in (*self.parts("tags"), *self.parts("tags_by_space", " "))]
        return tuple(dict.fromkeys(tag for tag in found if self._fits("tags", tag)))

    def category_paths(self, level: str = ">") -> tuple[tuple[str, ...], ...]:
        """Return each category as its names from the root down. level: what parts the levels of one."""
        paths: dict[tuple[str, ...], None] = {}
        for written in self.parts("categories"):
            path = tuple(name for part in written.split(level) if (name := one_line(part)))
            if path and all(self._fits("categories", name) for name in path):
                if len(path) > MAX_DEPTH:
                    message = _("Categories go {limit} levels deep; what is below was not taken.")
                    self.report("categories", message.having(limit=MAX_DEPTH), value=written)
                paths[path[:MAX_DEPTH]] = None
        return tuple(paths)

    def images(self) -> tuple[str, ...]:
        """Return web addresses and file names, the main one first."""
        places = self._columns.many.get("images", ())
        named = [part for place in places for part in parts_of(self.at(place), self._columns.separator(place))]
        return self.pictures(named)

    def pictures(self, named: Iterable[str]) -> tuple[str, ...]:
        """Return those of the addresses and file names by which a picture can be had, each once."""
        found: dict[str, None] = {}
        for image in named:
            if "://" in image:
                address = image.replace(" ", "%20")
                if _address.fullmatch(address):
                    found[address] = None
                    continue
                self.report("images", _("“{value}” is no web address of a picture.").having(value=image), value=image)
            elif image.lower().startswith(("data:", "javascript:")):
                self.report("images", _("Pictures written into the file are not taken; give an address."), value=image)
            else:
                found[image] = None
        if len(found) > MAX_IMAGES:
            self.report("images", _("Only the first {limit} pictures were taken.").having(limit=MAX_IMAGES))
        return tuple(found)[:MAX_IMAGES]

    def html(self, field: str) -> str:
        """Return a description as clean HTML, its plain line breaks made paragraphs."""
        text = self.text(field)
        if not text:
            return ""
        text = text.replace("\\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
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

    def _fits(self, field: str, term: str) -> bool:
        if len(term) <= MAX_TERM:
            return bool(term)
        self.report(field, TOO_LONG.having(value=term[:40], limit=MAX_TERM), value=term)
        return False


TOO_LONG = _("“{value}” is longer than {limit} characters and was left out.")


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
