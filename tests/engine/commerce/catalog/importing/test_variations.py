"""Variable products and their variations, in any order."""

import random

from engine.commerce.catalog.importing.imported import NamedValues

TEE = {
    "ID": "1",
    "Type": "variable",
    "SKU": "tee",
    "Name": "Tee",
    "Published": "1",
    "Regular price": "",
    "Parent": "",
    "Stock": "",
    "Weight (kg)": "0.2",
    "Images": "tee.jpg",
    "Position": "0",
    "Attribute 1 name": "Colour",
    "Attribute 1 value(s)": "Red, Blue",
    "Attribute 2 name": "Size",
    "Attribute 2 value(s)": r"S, M, L\, tall",
}


def variation(number: int, colour: str, size: str, **changes: str) -> dict[str, str]:
    named = {name.replace("_", " "): value for name, value in changes.items()}
    return {
        "ID": str(number),
        "Type": "variation",
        "SKU": f"tee-{number}",
        "Name": "Tee",
        "Published": "1",
        "Regular price": "20",
        "Parent": "tee",
        "Attribute 1 name": "colour",
        "Attribute 1 value(s)": colour,
        "Attribute 2 name": "Size",
        "Attribute 2 value(s)": size,
        **named,
    }


class TestFamilies:
    def test_variations_come_with_their_product_wherever_they_stand(self, reading):
        rows = [TEE, variation(2, "Red", "S"), variation(3, "Blue", "M", Parent="id:1"), variation(4, "Red", "L, tall")]
        for seed in range(5):
            random.Random(seed).shuffle(rows)
            read = reading(*rows)
            tee = read.product
            assert read.problems == []
            assert {variant.sku: dict(variant.options) for variant in tee.variants} == {
                "tee-2": {"Colour": "Red", "Size": "S"},
                "tee-3": {"Colour": "Blue", "Size": "M"},
                "tee-4": {"Colour": "Red", "Size": "L, tall"},
            }
            assert tee.options == (NamedValues("Colour", ("Red", "Blue")), NamedValues("Size", ("S", "M", "L, tall")))
            assert (tee.price_minor, tee.status) == (2000, "active")

    def test_variants_stand_in_the_other_shops_order_and_take_weight_from_the_product(self, reading):
        rows = [variation(2, "Red", "S", Position="2"), variation(3, "Blue", "S", Position="1"), TEE]
        variants = reading(*rows).product.variants
        assert [variant.sku for variant in variants] == ["tee-3", "tee-2"]
        assert {variant.weight_grams for variant in variants} == {200}

    def test_an_option_that_no_variation_fixes_is_a_detail_and_told(self, reading):
        read = reading(TEE, variation(2, "Red", ""), variation(3, "Blue", ""))
        assert read.product.options == (NamedValues("Colour", ("Red", "Blue")),)
        assert read.product.details == (NamedValues("Size", ("S", "M", "L, tall")),)
        assert [(problem.row, problem.column) for problem in read.problems] == [(2, "Attribute 2 value(s)")]

    def test_a_variation_that_leaves_open_what_others_fix_is_told(self, reading):
        read = reading(TEE, variation(2, "Red", "S"), variation(3, "Blue", ""))
        assert [variant.sku for variant in read.product.variants] == ["tee-2"]
        assert [error.row for error in read.errors] == [4]

    def test_the_same_choice_twice_and_a_choice_without_price_are_told(self, reading):
        rows = [TEE, variation(2, "Red", "S"), variation(3, "red", "S"), variation(4, "Blue", "S", Regular_price="")]
        read = reading(*rows)
        assert [variant.sku for variant in read.product.variants] == ["tee-2"]
        assert [error.row for error in read.errors] == [4, 5]

    def test_a_shared_stock_is_told_and_not_sold_twice(self, reading):
        rows = [
            TEE | {"Stock": "5"},
            variation(2, "Red", "S", Stock="parent"),
            variation(3, "Blue", "S", Stock="parent"),
        ]
        read = reading(*rows)
        assert [variant.stock for variant in read.product.variants] == [0, 0]
        assert "share a stock of 5" in read.said()

    def test_a_product_without_any_variation_is_a_draft(self, reading):
        read = reading(TEE)
        assert (read.product.status, read.product.variants, read.product.options) == ("draft", (), ())
        assert "nothing to buy" in read.said()

    def test_virtual_variations_make_a_virtual_product(self, reading):
        rows = [
            TEE,
            variation(2, "Red", "S", Type="variation, virtual"),
            variation(3, "Blue", "S", Type="virtual, variation"),
        ]
        assert reading(*rows).product.type == "virtual"


class TestOrphans:
    def test_a_variation_whose_parent_is_not_there_is_told(self, reading):
        read = reading(variation(2, "Red", "S", Parent="gone"), variation(3, "Red", "S", Parent=""))
        assert read.products == []
        assert [(error.row, error.column, error.value) for error in read.errors] == [
            (2, "Parent", "gone"),
            (3, "Parent", ""),
        ]

    def test_a_parent_that_is_no_variable_product_is_told(self, reading):
        read = reading(TEE | {"Type": "simple", "Regular price": "5"}, variation(2, "Red", "S"))
        assert "not a variable product" in read.said()

    def test_a_number_for_a_parent_gets_the_hint_to_write_id(self, reading):
        assert "id:1" in reading(TEE, variation(2, "Red", "S", Parent="1")).said()

    def test_when_the_product_is_refused_each_of_its_variations_is_told(self, reading):
        read = reading(TEE | {"Name": ""}, variation(2, "Red", "S"), variation(3, "Blue", "S"))
        assert read.products == []
        assert sorted(error.row for error in read.errors) == [2, 3, 4]

    def test_every_row_of_any_file_is_either_taken_or_told(self, reading):
        chance = random.Random(7)
        rows = []
        for number in range(1, 120):
            kind = chance.choice(["simple", "variable", "variation", "grouped", ""])
            rows.append(
                variation(
                    number,
                    chance.choice(["Red", "Blue", ""]),
                    chance.choice(["S", "M", ""]),
                    Type=kind,
                    SKU=chance.choice(["", f"s{number % 40}"]),
                    Parent=chance.choice(["s1", "s2", "id:3", "id:9", ""]),
                    Name=chance.choice(["Tee", "Tee", ""]),
                )
            )
        read = reading(*rows)
        taken = {product.row for product in read.products} | {v.row for p in read.products for v in p.variants}
        assert taken.isdisjoint(error.row for error in read.errors)
        assert taken | {error.row for error in read.errors} == set(range(2, 121))
