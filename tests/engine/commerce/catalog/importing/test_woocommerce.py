"""WooCommerce's rows: what becomes a product, and what is told instead."""

import pytest

from engine.commerce.catalog.importing.imported import NamedValues

MUG = {"ID": "7", "Type": "simple", "SKU": "mug", "Name": "Mug", "Published": "1", "Regular price": "12.50"}


class TestSimpleProducts:
    def test_a_full_row_is_taken_whole(self, reading):
        row = MUG | {
            "GTIN, UPC, EAN, or ISBN": "4006381333931",
            "Is featured?": "1",
            "Visibility in catalog": "search",
            "Short description": "Holds tea.",
            "Description": "First.\n\nSecond\nline.",
            "Stock": "5",
            "Weight (lbs)": "1",
            "Sale price": "10",
            "Length (in)": "4",
            "Width (cm)": "8,5",
            "Height (cm)": "",
            "Low stock amount": "2",
            "Categories": r"Home > Kitchen, Gifts\, small, Home > Kitchen",
            "Tags": "red, new",
            "Images": "https://shop.example/a b.jpg, mug-2.jpg",
            "Attribute 1 name": "Material",
            "Attribute 1 value(s)": "Clay, Glaze",
            "Attribute 1 visible": "1",
        }
        read = reading(row)
        mug = read.product
        assert read.problems == []
        assert (mug.row, mug.source_id, mug.sku, mug.gtin, mug.type) == (2, "7", "mug", "4006381333931", "physical")
        assert (mug.status, mug.visibility, mug.is_featured) == ("active", "search", True)
        assert (mug.price_minor, mug.compare_at_minor, mug.stock, mug.weight_grams) == (1000, 1250, 5, 454)
        assert (dict(mug.measures), mug.low_stock) == ({"length_mm": 102, "width_mm": 85}, 2)
        assert mug.category_paths == (("Home", "Kitchen"), ("Gifts, small",))
        assert mug.tags == ("red", "new")
        assert mug.images == ("https://shop.example/a%20b.jpg", "mug-2.jpg")
        assert mug.details == (NamedValues("Material", ("Clay", "Glaze")),)
        assert mug.summary_html == "<p>Holds tea.</p>"
        assert mug.description_html == "<p>First.</p>\n<p>Second<br>line.</p>"

    @pytest.mark.parametrize(
        ("published", "status"), [("1", "active"), ("0", "draft"), ("-1", "draft"), ("'-1", "draft"), ("", "active")]
    )
    def test_only_what_is_published_is_active(self, reading, published, status):
        read = reading(MUG | {"Published": published})
        assert read.product.status == status
        assert read.problems == []

    def test_stock_is_not_counted_unless_the_file_counts_it(self, reading):
        assert reading(MUG | {"In stock?": "1", "Stock": ""}).product.stock is None
        assert reading(MUG | {"In stock?": "0", "Stock": ""}).product.stock == 0
        assert reading(MUG | {"In stock?": "1", "Stock": "0"}).product.stock == 0

    @pytest.mark.parametrize(("stock", "taken"), [("-4", 0), ("many", 0), ("2.5", 2), ("99999999999", 1_000_000_000)])
    def test_stock_that_cannot_be_is_told_and_never_sells_more_than_there_is(self, reading, stock, taken):
        read = reading(MUG | {"Stock": stock})
        assert read.product.stock == taken
        assert [(p.row, p.column, p.value) for p in read.problems] == [(2, "Stock", stock)]

    @pytest.mark.parametrize("price", ["", "free", "-1", "12 EUR", "€12", "1E+5", "123456789012345"])
    def test_without_a_usable_price_the_product_is_a_draft_and_told(self, reading, price):
        read = reading(MUG | {"Regular price": price})
        assert (read.product.status, read.product.price_minor) == ("draft", 0)
        assert any(problem.column == "Regular price" for problem in read.problems)

    def test_text_that_a_spreadsheet_would_run_stays_text(self, reading):
        read = reading(MUG | {"Name": '\'=HYPERLINK("http://x")', "SKU": "=1+1", "Tags": "@cmd, +1"})
        assert read.product.name == '=HYPERLINK("http://x")'
        assert (read.product.sku, read.product.tags) == ("=1+1", ("@cmd", "+1"))

    def test_names_lose_their_entities_and_their_excess(self, reading):
        read = reading(MUG | {"Name": "Fish &amp; Chips " + "x" * 300, "Categories": "Food &amp; Drink > A &gt; B"})
        assert read.product.name.startswith("Fish & Chips xx")
        assert len(read.product.name) == 200
        assert read.product.category_paths == (("Food & Drink", "A > B"),)
        assert "cut" in read.said()

    def test_descriptions_are_cleaned_and_the_loss_is_told(self, reading):
        html = '<p onclick="x()">Hi <a href="javascript:x()">there</a></p><script>alert(1)</script>[gallery ids="1"]'
        read = reading(MUG | {"Description": html})
        assert "script" not in read.product.description_html
        assert "onclick" not in read.product.description_html
        assert [problem.column for problem in read.problems] == ["Description", "Description"]

    def test_pictures_that_are_no_addresses_are_told(self, reading):
        read = reading(MUG | {"Images": "ftp://x/a.jpg, data:image/png;base64;AAA, ok.png"})
        assert read.product.images == ("ok.png",)
        assert len(read.problems) == 2


class TestTypes:
    def test_virtual_is_a_type_and_downloads_are_told(self, reading):
        read = reading(MUG | {"Type": "simple, downloadable, virtual"})
        assert read.product.type == "virtual"
        assert "Downloads" in read.said()

    @pytest.mark.parametrize("kind", ["grouped", "external", "subscription", "bundle", "simple, bundle", "Einfach"])
    def test_a_type_that_is_not_known_is_told_and_not_guessed(self, reading, kind):
        read = reading(MUG | {"Type": kind})
        assert read.products == []
        (error,) = read.errors
        assert (error.row, error.column, error.value) == (2, "Type", kind)


class TestSales:
    @pytest.mark.parametrize(
        ("sale", "starts_ends", "paid", "before"),
        [
            ("10", ("", ""), 1000, 1250),
            ("10", ("", "2026-02-28"), 1250, None),
            ("10", ("2026-03-02", ""), 1250, None),
            ("10", ("2026-02-01", "2026-03-01 23:59:59"), 1000, 1250),
            ("12.50", ("", ""), 1250, None),
            ("13", ("", ""), 1250, None),
            ("0", ("", ""), 0, 1250),
        ],
    )
    def test_the_sale_price_counts_while_the_sale_is_on(self, reading, sale, starts_ends, paid, before):
        starts, ends = starts_ends
        row = MUG | {"Sale price": sale, "Date sale price starts": starts, "Date sale price ends": ends}
        product = reading(row).product
        assert (product.price_minor, product.compare_at_minor) == (paid, before)


class TestNumbers:
    def test_a_whole_column_decides_what_one_cell_does_not_tell(self, reading):
        rows = [MUG | {"ID": str(n), "SKU": f"m{n}", "Regular price": p} for n, p in enumerate(("1.299", "12,50", "7"))]
        assert [product.price_minor for product in reading(*rows, currency="EUR").products] == [129900, 1250, 700]

    def test_a_column_written_both_ways_leaves_only_the_doubtful_cell_out(self, reading):
        prices = ("1,299.00", "1.299,00", "1,299")
        rows = [MUG | {"ID": str(n), "SKU": f"m{n}", "Regular price": p} for n, p in enumerate(prices)]
        read = reading(*rows)
        assert [product.price_minor for product in read.products] == [129900, 129900, 0]
        assert "two ways" in read.said()

    def test_currencies_have_their_own_number_of_decimals(self, reading):
        assert reading(MUG | {"Regular price": "1,299"}, currency="JPY").product.price_minor == 1299
        assert reading(MUG | {"Regular price": "1.299"}, currency="KWD").product.price_minor == 1299
        assert reading(MUG | {"Regular price": "8.4034"}).product.price_minor == 840

    @pytest.mark.parametrize(
        ("header", "text", "grams"),
        [
            ("Weight (kg)", "1.250", 1250),
            ("Weight (kg)", "0,5", 500),
            ("Weight (g)", "1,250", 1250),
            ("Weight (oz)", "2", 57),
        ],
    )
    def test_weights_become_grams(self, reading, header, text, grams):
        assert reading(MUG | {header: text}).product.weight_grams == grams


class TestRepetition:
    def test_a_second_row_with_the_same_sku_or_id_is_told(self, reading):
        read = reading(MUG, MUG | {"ID": "8", "SKU": "MUG"}, MUG | {"SKU": "other"}, MUG | {"ID": "", "SKU": ""})
        assert [product.row for product in read.products] == [2, 5]
        assert [(error.row, error.column) for error in read.errors] == [(3, "SKU"), (4, "ID")]

    def test_a_row_without_a_name_is_told(self, reading):
        read = reading(MUG | {"Name": "  "})
        assert read.products == []
        assert read.errors[0].column == "Name"
