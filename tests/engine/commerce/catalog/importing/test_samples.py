"""Real files and hostile strings, where the folder of samples is at hand; and a file of ten thousand rows."""

import json
import os
import tracemalloc
from pathlib import Path

import pytest

from engine.commerce.catalog.importing.imported import ImportedProduct
from engine.core.errors import Invalid
from engine.core.tabular.table import Row
from tests.engine.commerce.catalog.importing.files import opened, read

SAMPLES = os.environ.get("AGORA_SAMPLES", "")
MAGENTO = "01-products/magento2"
GEAR = f"{MAGENTO}/CatalogSampleData/fixtures/SimpleProduct"
needs_samples = pytest.mark.skipif(not SAMPLES, reason="AGORA_SAMPLES is not set")


def accounted(found) -> None:
    """Every row is in a product or told as not taken; every column is used, or told with what it holds."""
    assert sum(product.rows for product in found.products) + len({e.row for e in found.errors}) == found.file.total
    told = {problem.column for problem in found.problems if problem.row == 1}
    uses = found.file.columns.uses()
    rows = [row for row in found.table.rows() if isinstance(row, Row)]
    for place, column in enumerate(found.table.columns):
        nothing = found.file.columns.unplaced.get(place, frozenset())
        says = any(row.cells[place].strip() and row.cells[place].strip().lower() not in nothing for row in rows)
        assert uses[column] or not says or column in told, column


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

    @pytest.mark.parametrize(
        ("name", "format_", "products", "variants"),
        [
            ("01-products/shopify-partners/apparel.csv", "shopify", 20, 3),
            ("01-products/shopify-partners/home-and-garden.csv", "shopify", 20, 2),
            ("01-products/shopify-packt/Product-data.csv", "shopify", 20, 2),
            ("01-products/prestashop/products_import.csv", "table", 2, 0),
            (f"{GEAR}/products_gear_bags.csv", "table", 14, 0),
            (f"{GEAR}/products_gear_fitness_equipment.csv", "table", 9, 0),
            (
                f"{GEAR}/products_gear_fitness_equipment_ball.csv",
                "table",
                9,
                0,
            ),
            (f"{GEAR}/products_gear_watches.csv", "table", 9, 0),
            (f"{MAGENTO}/DownloadableSampleData/fixtures/products_training_video_download.csv", "table", 6, 0),
            (f"{MAGENTO}/BundleSampleData/fixtures/yoga_bundle.csv", "table", 1, 0),
            (f"{MAGENTO}/GroupedProductSampleData/fixtures/yoga_grouped.csv", "table", 1, 0),
            ("10-scale/goodbooks/books.csv", "table", 10_000, 0),
            ("10-scale/tate/tate-first10k.csv.gz", "table", 10_000, 0),
        ],
    )
    def test_products_of_every_shop_come_in_and_nothing_is_silently_lost(self, name, format_, products, variants):
        found = read(Path(SAMPLES) / name)
        assert found.file.format == format_
        assert (len(found.products), sum(len(product.variants) for product in found.products)) == (products, variants)
        accounted(found)

    def test_each_other_file_comes_in_whole_or_is_refused_with_a_reason(self):
        refused: dict[str, str] = {}
        for path in sorted((Path(SAMPLES) / "01-products").rglob("*.csv")):
            try:
                accounted(read(path))
            except Invalid as refusal:
                refused[path.name] = str(refusal)
        assert {"sales_rules.csv", "customer_profile.csv", "tax_rate.csv", "categories_import.csv"} <= refused.keys()
        assert all("The file has: " in reason for reason in refused.values())
        assert not any(name.startswith("products") for name in refused)

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
