"""Any table by its columns: guessed, mapped, refused where nothing tells that it holds products."""

import pytest

from engine.commerce.catalog.importing.imported import NamedValues
from engine.core.errors import Invalid

ROWS = (
    {"Model": "tee", "Name": "Tee", "Size": "S", "Code": "t1", "Price": "20"},
    {"Model": "mug", "Name": "Mug", "Size": "", "Code": "m1", "Price": "5"},
    {"Model": "tee", "Name": "Tee", "Size": "M", "Code": "t2", "Price": "22"},
)
MAPPING = {"Model": "group", "Size": "option", "Code": "sku"}


class TestGuessing:
    def test_a_german_list_is_understood_without_a_word(self, reading):
        content = (
            "Artikelnummer;Bezeichnung;Preis;Bestand;Gewicht (kg);Farbe;Bild\nA1;Becher;1.299,00;7;0,5;Rot;b.jpg\n"
        )
        becher = reading(content=content, format_="auto", currency="EUR").product
        assert (becher.sku, becher.name, becher.price_minor) == ("A1", "Becher", 129900)
        assert (becher.stock, becher.weight_grams, becher.images) == (7, 500, ("b.jpg",))
        assert becher.details == (NamedValues("Farbe", ("Rot",)),)

    def test_ratings_and_measures_are_not_taken_for_prices(self, reading):
        read = reading(content="SKU,Name,Rating\na,Mug,4.50\nb,Pot,3.25\n", format_="auto")
        assert [(product.price_minor, product.status) for product in read.products] == [(0, "draft"), (0, "draft")]
        assert "“Rating”" in read.said()

    def test_a_list_of_names_alone_is_refused_until_somebody_says_that_it_holds_products(self, reading):
        with pytest.raises(Invalid, match="Nothing tells that these are products"):
            reading(content="name,url_key\nGear,gear\n", format_="auto")
        assert reading(content="name,url_key\nGear,gear\n", format_="auto", mapping={"name": "name"}).product

    def test_lists_are_parted_by_what_the_file_parts_them_by(self, reading):
        content = 'SKU,Name,Keywords\na,Mug,"blue|small, round"\nb,Pot,red|tall\n'
        assert reading(content=content, format_="auto").products[0].tags == ("blue", "small, round")


class TestVariants:
    def test_rows_that_share_a_column_are_variants_of_one_product(self, reading):
        tee, mug = reading(*ROWS, format_="table", mapping=MAPPING).products
        assert tee.options == (NamedValues("Size", ("S", "M")),)
        assert [(variant.sku, variant.price_minor) for variant in tee.variants] == [("t1", 2000), ("t2", 2200)]
        assert (mug.options, mug.sku, mug.price_minor) == ((), "m1", 500)

    def test_without_an_option_the_second_row_is_told(self, reading):
        read = reading(*ROWS, format_="table", mapping={"Model": "group", "Code": "sku"})
        assert len(read.products) == 2
        assert [error.row for error in read.errors] == [4]

    @pytest.mark.parametrize("kind", ["bundle", "configurable", "Grouped"])
    def test_a_kind_that_is_not_known_is_told_and_not_guessed(self, reading, kind):
        read = reading({"sku": "a", "name": "Set", "product_type": kind}, format_="auto")
        assert (read.products, [error.row for error in read.errors]) == ([], [2])
