"""Real files and hostile strings, where the folder of samples is at hand; and a file of ten thousand rows."""

import json
import os
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.core.errors import Invalid
from tests.engine.commerce.catalog.importing.files import opened, read

SAMPLES = os.environ.get("AGORA_SAMPLES", "")
needs_samples = pytest.mark.skipif(not SAMPLES, reason="AGORA_SAMPLES is not set")


@needs_samples
class TestRealFiles:
    def test_the_sample_shop_is_taken_but_for_its_grouped_and_external_product(self):
        found = read(Path(SAMPLES) / "01-products/woocommerce/sample_products.csv")
        assert len(found.products) == 13
        assert {product.name: len(product.variants) for product in found.products if product.variants} == {
            "T-Shirt": 3,
            "Hoodie": 6,
        }
        assert [(error.column, error.value) for error in found.errors] == [("Type", "grouped"), ("Type", "external")]
        assert {product.sku for product in found.products if product.type == "virtual"} == {"cc-album", "cc-single"}

    def test_a_file_of_tax_rates_is_refused_by_naming_its_columns(self):
        with pytest.raises(Invalid, match="Tax Name"):
            read(Path(SAMPLES) / "01-products/woocommerce/sample_tax_rates.csv")

    @pytest.mark.parametrize("name", ["prestashop", "shopify-partners", "shopify-packt", "magento2"])
    def test_files_of_other_shops_never_break_it(self, name):
        for path in (Path(SAMPLES) / "01-products" / name).rglob("*.csv"):
            with suppress(Invalid):
                read(path)

    def test_hostile_strings_in_every_column_stay_text(self, reading):
        strings = json.loads((Path(SAMPLES) / "06-security/blns/blns.json").read_text("utf-8"))
        names = ("Description", "Regular price", "Stock", "Categories", "Tags", "Images", "Parent", "Weight (kg)")
        rows = [{"Name": f"x{text}", "SKU": f"s{n}", **dict.fromkeys(names, text)} for n, text in enumerate(strings)]
        found = reading(*rows)
        assert len(found.products) == len(rows)
        assert not any("<script" in product.description_html.lower() for product in found.products)


class TestMemory:
    def test_ten_thousand_rows_pass_through_without_piling_up(self, tmp_path):
        path = tmp_path / "large.csv"
        text = "Lorem ipsum dolor sit amet, consectetur adipiscing elit. " * 20
        with path.open("w", encoding="utf-8") as out:
            out.write("ID,Type,SKU,Name,Regular price,Description,Parent,Attribute 1 name,Attribute 1 value(s)\n")
            for number in range(10_000):
                child = number % 5
                kind, parent = ("variation", f"p{number - child}") if child else ("variable", "")
                out.write(f'{number},{kind},p{number},Product {number},9.99,"{text}",{parent},Size,{child}\n')
        tracemalloc.start()
        with opened(path, "woocommerce") as file:
            products = sum(isinstance(item, ImportedProduct) for item in file)
            assert (file.total, file.rows_read, products) == (10_000, 10_000, 2_000)
        _current, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < path.stat().st_size / 2
