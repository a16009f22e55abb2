"""Headers: known, renamed, repeated, foreign."""

import pytest

from engine.core.errors import Invalid


class TestHeaders:
    def test_case_spaces_and_other_programs_names_are_understood(self, reading):
        read = reading(content=' PRODUCT  TITLE ,price,Quantity\nMug,"12,50",3\n')
        assert (read.product.name, read.product.price_minor, read.product.stock) == ("Mug", 1250, 3)

    def test_translated_headers_are_refused_by_naming_them(self, reading):
        with pytest.raises(Invalid, match="Artikelnummer"):
            reading(content="Artikelnummer;Bezeichnung;Preis\nA1;Becher;12,50\n")

    def test_translated_headers_are_read_with_a_mapping(self, reading):
        mapping = {"Artikelnummer": "sku", "Bezeichnung": "name", "Preis": "price"}
        read = reading(content="Artikelnummer;Bezeichnung;Preis\nA1;Becher;12,50\n", mapping=mapping)
        assert (read.product.sku, read.product.name, read.product.price_minor) == ("A1", "Becher", 1250)
        assert read.problems == []

    @pytest.mark.parametrize("mapping", [{"Nothing": "name"}, {"Name": "colour"}])
    def test_a_mapping_of_unknown_columns_or_fields_is_refused(self, reading, mapping):
        with pytest.raises(Invalid):
            reading({"Name": "Mug"}, mapping=mapping)

    def test_of_two_columns_that_mean_the_same_the_first_counts_and_the_other_is_told(self, reading):
        read = reading(content="Name,Title,Price\nMug,Other,5\n")
        assert read.product.name == "Mug"
        assert "“Name” and “Title”" in read.said()

    def test_a_column_without_a_place_is_listed_once_with_its_number_of_rows(self, reading):
        row = {"Name": "Mug", "Price": "5", "Purchase note": "thanks", "Tax status": "taxable", "Position": "0"}
        read = reading(row, row, row | {"Purchase note": ""})
        (note,) = read.problems
        assert (note.row, note.column, str(note.severity)) == (1, "Purchase note", "note")
        assert "2 rows" in str(note.message)

    def test_a_nameless_column_is_called_by_its_letter(self, reading):
        assert "“Column B”" in reading(content="Name,,Price\nMug,lost,5\n").said()

    def test_a_weight_without_a_unit_is_not_guessed(self, reading):
        read = reading({"Name": "Mug", "Price": "5", "Weight": "2"})
        assert read.product.weight_grams is None
        assert "unit" in read.said()
