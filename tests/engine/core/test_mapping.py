"""Meanings of columns: guessed, checked, remembered; and tables written so that they come back as they were."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.tabular.mapping import Field, check_mapping, guess, placed, signature
from engine.core.tabular.reading import read_table
from engine.core.tabular.remembered import recalled, remember
from engine.core.tabular.table import Row
from engine.core.tabular.writing import csv_batches, guarded, json_batches

FIELDS = (
    Field("name", _("Name"), ("title", "bezeichnung", "nom")),
    Field("price", _("Price"), ("preis", "prix"), looks=lambda cell: cell.replace(".", "").isdigit()),
    Field("length", _("Length"), ("länge",)),
    Field("picture", _("Picture"), ("image",), is_many=True),
)


class TestGuess:
    @pytest.mark.parametrize("column", ["Name", "TITLE", "product.name", "Nom*", "nom (obligatoire)", "Bezeichnung"])
    def test_a_column_is_known_by_its_name_in_any_dress(self, column):
        found = guess([column], FIELDS)
        assert found == ({} if column.startswith("product") else {column: "name"})

    def test_accents_do_not_matter(self):
        assert guess(["LANGE (cm)", "Prix"], FIELDS) == {"LANGE (cm)": "length", "Prix": "price"}

    def test_a_column_whose_name_says_nothing_is_known_by_what_is_in_it(self):
        rows = [("Mug", "1.50"), ("Pot", "2"), ("Pan", "")]
        assert guess(["Name", "x7"], FIELDS, rows) == {"Name": "name", "x7": "price"}
        assert guess(["Name", "x7"], FIELDS, [("Mug", "1.50"), ("Pot", "two")]) == {"Name": "name"}

    def test_a_field_comes_once_unless_it_may_come_often(self):
        columns = ["Title", "Name", "Image", "Image (2)"]
        assert guess(columns, FIELDS) == {"Title": "name", "Image": "picture", "Image (2)": "picture"}


class TestCheck:
    @pytest.mark.parametrize(
        ("mapping", "words"),
        [
            ({"Nothing": "name"}, "no column “Nothing”"),
            ({"A": "colour"}, "“colour” is no field"),
            ({"A": "name", "B": "name"}, "cannot both be"),
        ],
    )
    def test_what_cannot_be_is_named_with_the_choices(self, mapping, words):
        with pytest.raises(Invalid, match=words) as caught:
            check_mapping(["A", "B"], FIELDS, mapping)
        assert "mapping" in caught.value.fields

    def test_leaving_a_column_out_and_naming_a_field_often_may_be(self):
        check_mapping(["A", "B", "C"], FIELDS, {"A": "", "B": "picture", "C": "picture"})
        assert placed(["A", "B", "C"], {"A": "", "B": "picture", "C": "picture"}) == {"picture": [1, 2]}


class TestRemember:
    async def test_the_mapping_last_chosen_for_a_header_comes_back(self, db):
        known = signature(["Name", "Price (EUR)"])
        assert known == signature([" name", "PRICE (eur)"]) != signature(["Price (EUR)", "Name"])
        assert await db.query(recalled, "things", known) is None
        for chosen in ({"Name": "name"}, {"Name": "name", "Price (EUR)": "price"}):
            async with db.write() as tx:
                await remember(tx, "things", known, chosen, "table")
        assert await db.query(recalled, "things", known) == ("table", chosen)
        assert await db.query(recalled, "others", known) is None


class TestWriting:
    @pytest.mark.parametrize("cell", ["=1+1", "+x", "@SUM(A1)", "-2+3", "\t=1", "\n=1", "'=x", '=HYPERLINK("x")', "-"])
    def test_what_a_spreadsheet_would_run_is_guarded(self, cell):
        assert guarded(cell) == f"'{cell}"

    @pytest.mark.parametrize("cell", ["\uff1d1", "\uff0bx", "\uff0d5", "\uff20x", "'\uff1dx"])
    def test_the_wide_signs_are_guarded_as_the_narrow_ones(self, cell):
        assert guarded(cell) == f"'{cell}"
        assert list(read_table(b"".join(csv_batches("ab", [[("x", cell)]]))).rows()) == [Row(2, ("x", cell))]

    @pytest.mark.parametrize("cell", ["-5", "+1.5", "it's", "'quoted'", "a=b", ""])
    def test_the_rest_stays_as_it_is(self, cell):
        assert guarded(cell) == cell

    @given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufffd")), min_size=2, max_size=3))
    def test_every_text_comes_back_as_it_was(self, cells):
        cells = ["x", *cells]
        columns = [f"c{place}" for place in range(len(cells))]
        written = b"".join(csv_batches(columns, [[cells]]))
        assert list(read_table(written).rows()) == [Row(2, tuple(cells))]
        record = dict(zip(columns, cells, strict=True))
        as_json = b"".join(json_batches([[record], [record]]))
        assert json.loads(as_json) == [record, record]
        assert list(read_table(as_json).rows()) == [Row(2, tuple(cells)), Row(3, tuple(cells))]
