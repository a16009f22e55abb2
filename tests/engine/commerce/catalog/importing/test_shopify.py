"""Shopify's rows: variants, pictures and metafields of one handle."""

import pytest

from engine.commerce.catalog.importing.imported import NamedValues

TEE = {
    "Handle": "tee",
    "Title": "Tee",
    "Body (HTML)": "<p>Soft.</p><script>alert(1)</script>",
    "Vendor": "Acme",
    "Type": "Shirts",
    "Tags": "new, soft",
    "Published": "true",
    "Option1 Name": "Size",
    "Option1 Value": "S",
    "Variant SKU": "tee-s",
    "Variant Grams": "200",
    "Variant Inventory Tracker": "shopify",
    "Variant Inventory Qty": "3",
    "Variant Inventory Policy": "deny",
    "Variant Price": "20.00",
    "Variant Compare At Price": "25.00",
    "Variant Requires Shipping": "true",
    "Image Src": "https://x.example/2.jpg",
    "Image Position": "2",
    "Image Alt Text": "Side",
    "Material (product.metafields.custom.material)": '["Cotton","Wool"]',
    "Gift Card": "false",
    "SEO Title": "Buy",
    "SEO Description": "Soft",
    "Cost per item": "8.40",
    "Variant Image": "https://x.example/1.jpg",
    "Status": "active",
}
LATER = {"Handle": "tee", "Option1 Value": "M", "Variant SKU": "tee-m", "Variant Price": "21"}
PICTURE = {"Handle": "tee", "Image Src": "https://x.example/1.jpg", "Image Position": "1", "Image Alt Text": "Front"}
SINGLE = {"Handle": "pot", "Title": "Pot", "Option1 Name": "Title", "Option1 Value": "Default Title"}
SINGLE |= {"Variant Price": "9.50", "Published": "true"}


class TestShopify:
    def test_rows_of_one_handle_are_one_product_wherever_they_stand(self, reading):
        read = reading(TEE, SINGLE, PICTURE, LATER, format_="auto")
        tee, pot = read.products
        assert (tee.slug, tee.name, tee.status, tee.rows, pot.rows) == ("tee", "Tee", "active", 3, 1)
        assert tee.options == (NamedValues("Size", ("S", "M")),)
        assert [(v.sku, v.price_minor, v.compare_at_minor, v.stock, v.weight_grams) for v in tee.variants] == [
            ("tee-s", 2000, 2500, 3, 200),
            ("tee-m", 2100, None, None, None),
        ]
        assert tee.images == ("https://x.example/1.jpg", "https://x.example/2.jpg")
        assert tee.alts == ("Front", "Side")
        assert tee.variants[0].image == "https://x.example/1.jpg"
        assert tee.details == (NamedValues("Vendor", ("Acme",)), NamedValues("Material", ("Cotton", "Wool")))
        assert (tee.category_paths, tee.tags) == ((("Shirts",),), ("new", "soft"))
        assert "script" not in tee.description_html
        assert (pot.options, pot.price_minor, pot.stock) == ((), 950, None)
        assert (tee.seo_title, tee.seo_description, tee.variants[0].measures) == ("Buy", "Soft", (("cost_minor", 840),))
        assert [(p.column, str(p.severity)) for p in read.problems] == [("Body (HTML)", "warning")]

    def test_stock_that_shopify_does_not_count_is_not_counted_and_told_once(self, reading):
        rows = [
            SINGLE | {"Handle": f"h{n}", "Variant Inventory Qty": "5", "Variant Inventory Tracker": ""} for n in "ab"
        ]
        read = reading(*rows, format_="shopify")
        assert [product.stock for product in read.products] == [None, None]
        (note,) = read.problems
        assert "2 rows" in str(note.message)

    @pytest.mark.parametrize(
        ("status", "published", "kept"),
        [
            ("archived", "true", "archived"),
            ("draft", "true", "draft"),
            ("active", "false", "draft"),
            ("", "", "active"),
        ],
    )
    def test_only_what_is_published_and_active_is_active(self, reading, status, published, kept):
        read = reading(SINGLE | {"Status": status, "Published": published}, format_="shopify")
        assert read.product.status == kept

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"Variant SKU": "TEE-S"}, "Row 2 has the same Variant SKU already"),
            ({"Option1 Value": "s"}, "Row 2 is the same choice already"),
            ({"Option1 Value": ""}, "has no Size"),
            ({"Variant Price": "free"}, "no price"),
        ],
    )
    def test_a_variant_that_cannot_be_is_told_and_the_rest_is_taken(self, reading, change, words):
        read = reading(TEE, LATER | change, format_="shopify")
        assert [variant.sku for variant in read.product.variants] == ["tee-s"]
        assert words in " ".join(str(error.message) for error in read.errors)
        assert {error.row for error in read.errors} == {3}

    def test_rows_of_a_product_that_is_not_taken_are_each_told(self, reading):
        read = reading(TEE | {"Title": ""}, LATER, SINGLE | {"Gift Card": "true"}, format_="shopify")
        assert read.products == []
        assert [error.row for error in read.errors] == [2, 3, 4]
