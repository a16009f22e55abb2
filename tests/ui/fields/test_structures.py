"""JSON, addresses and nested rows: whole or refused, with the place of what is wrong."""

from typing import ClassVar

import pytest

from engine.core.addresses import checked
from engine.core.ids import new_id
from engine.core.plaintext import is_blank
from tests.security.values import TEXTS
from tests.ui.fields.posting import field, form, read, refused
from ui.fields import FieldView
from ui.fields.parsing import parse, shown, typed

COLUMNS = (
    FieldView("title", "Title", "text", required=True),
    FieldView("quantity", "How many", "number", minimum=1),
    FieldView("unit", "Unit", "choice", options=(("kg", "kg"), ("l", "l"))),
)
ROWS = FieldView("lines", "Lines", "rows", rows=COLUMNS)


def rows(*texts: dict[str, str], step: int = 1) -> list[tuple[str, str]]:
    return [(f"lines.{place * step}.{name}", text) for place, row in enumerate(texts) for name, text in row.items()]


class TestJson:
    @pytest.mark.parametrize("text", ["{}", "[1, 2.5, null]", '"text"', "0", "true", '{"a": {"b": ["ü"]}}'])
    def test_any_json_survives_the_form(self, text):
        value = read(field("json"), text)
        assert read(field("json"), shown(field("json"), value)) == value

    @pytest.mark.parametrize(
        ("text", "place", "problem"),
        [
            ('{"a": 1,\n "b" 2}', "line 2, column 6", "a colon is missing"),
            ("[1,\n2", "line 2, column 2", "a comma is missing"),
            ("{'a': 1}", "line 1, column 2", "a name in double quotes is missing"),
            ('{"a": "x', "line 1, column 7", "a text has no end"),
            ("[1] 2", "line 1, column 5", "something follows after the end"),
        ],
    )
    def test_what_is_wrong_is_told_with_its_place(self, text, place, problem):
        said = refused(field("json"), text)
        assert place in said
        assert problem in said

    @pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}'])
    def test_numbers_that_are_none_are_refused(self, text):
        assert "JSON has no" in refused(field("json"), text)

    def test_a_name_that_comes_twice_is_refused(self):
        assert "“a” stands twice" in refused(field("json"), '{"a": 1, "a": 2}')

    @pytest.mark.parametrize("text", ["[" * 51 + "]" * 51, "[" * 100_000, '{"a":' * 60 + "1" + "}" * 60])
    def test_what_is_too_deep_is_refused(self, text):
        said = refused(field("json"), text)
        assert "nested too deep" in said or "is missing" in said

    def test_a_number_of_thousands_of_figures_is_refused(self):
        assert "too long" in refused(field("json"), "9" * 5_000)

    def test_empty_is_nothing(self):
        assert read(field("json"), " ") is None
        assert shown(field("json"), None) == ""


class TestAddress:
    whole: ClassVar = {"name": "Ada", "line1": "Torstr. 1", "postalCode": "10119", "city": "Berlin", "country": "de"}

    def sent(self, **more):
        return form(*((f"it.{part}", text) for part, text in {**self.whole, **more}.items()))

    def test_it_is_brought_into_its_countrys_form(self):
        found = parse(field("address"), self.sent(phone="030 901820"))
        assert found["country"] == "DE"
        assert found["phone"] == "+49 30 901820"
        assert (
            parse(field("address"), form(*((f"it.{k}", v) for k, v in shown(field("address"), found).items()))) == found
        )

    def test_every_part_that_is_wrong_is_named(self):
        assert "“1” is not a" in refused(field("address"), self.sent(postalCode="1"), "it.postalCode")

    def test_a_country_alone_is_no_address(self):
        assert parse(field("address"), form(("it.country", "DE"))) is None

    def test_an_address_of_the_engine_is_shown_by_its_wire_names(self):
        address = checked({**self.whole, "postal_code": "10119"})
        assert shown(field("address"), address)["postalCode"] == "10119"
        assert set(shown(field("address"), None).values()) == {""}


class TestRows:
    def test_they_come_in_the_order_of_their_numbers(self):
        data = form(*rows({"title": "Flour", "quantity": "2", "unit": "kg"}, {"title": "Milk", "quantity": ""}, step=7))
        assert parse(ROWS, data) == [
            {"title": "Flour", "quantity": 2, "unit": "kg"},
            {"title": "Milk", "quantity": None, "unit": None},
        ]

    def test_ten_stands_after_nine(self):
        data = form(*rows(*({"title": str(n)} for n in range(12))))
        assert [row["title"] for row in parse(ROWS, data)] == [str(n) for n in range(12)]

    def test_empty_ones_and_removed_ones_are_left_out(self):
        data = form(*rows({"title": " ", "unit": "kg"}, {"title": "Milk", "remove": "true"}, {"title": "Salt"}))
        assert [row["title"] for row in parse(ROWS, data)] == ["Salt"]

    def test_one_that_was_kept_keeps_its_id(self):
        id_ = str(new_id())
        data = form(*rows({"id": id_, "title": "Salt"}))
        assert parse(ROWS, data)[0]["id"] == id_
        assert typed(ROWS, data)[0]["id"] == id_

    def test_what_is_wrong_is_named_by_the_place_where_it_is_shown_again(self):
        data = form(*rows({"title": ""}, {"title": "Salt", "quantity": "0"}, step=5))
        assert "at least 1" in refused(ROWS, data, "lines.0.quantity")
        assert [row["quantity"] for row in typed(ROWS, data)] == ["0"]

    def test_how_many_there_may_be(self):
        data = form(*rows({"title": "a"}, {"title": "b"}))
        assert refused(FieldView("lines", "L", "rows", rows=COLUMNS, maximum=1), data, "lines").startswith(
            "These are 2"
        )
        assert (
            refused(FieldView("lines", "L", "rows", rows=COLUMNS, required=True), form(), "lines") == "Add at least 1."
        )

    def test_rows_stand_in_rows(self):
        view = FieldView("groups", "G", "rows", rows=(FieldView("name", "N", "text"), ROWS))
        data = form(("groups.0.name", "Dry"), *((f"groups.0.{name}", text) for name, text in rows({"title": "Flour"})))
        assert parse(view, data) == [{"name": "Dry", "lines": [{"title": "Flour", "quantity": None, "unit": None}]}]

    @pytest.mark.parametrize(
        "name", ["lines.x.title", "lines.-1.title", "lines.99999.title", "lines.0", "lines..title", *TEXTS]
    )
    def test_names_that_are_no_rows_count_for_nothing(self, name):
        assert parse(ROWS, form((name, "x"))) == []

    @pytest.mark.parametrize("text", [text for text in TEXTS if not is_blank(text)])
    def test_what_is_shown_reads_the_same_again(self, text):
        found = parse(ROWS, form(*rows({"title": text, "quantity": "3", "unit": "l"})))
        again = shown(ROWS, found)
        assert parse(ROWS, form(*rows(*again))) == found
