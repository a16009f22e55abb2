"""What a screen in the shop answers to the code on a thing."""

import pytest

from engine.commerce.catalog.drafts import NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import ProductStatus
from engine.commerce.catalog.price_checks import price_tag

ACTIVE = ProductStatus.ACTIVE
EAN, UPC = "4006381333931", "036000291452"


@pytest.fixture
def ask(db):
    async def asking(code):
        return await db.query(price_tag, code)

    return asking


@pytest.fixture
async def mug(shelf):
    blue = VariantDraft(sku="MUG-BLUE", barcode=EAN, option_values={"Colour": "Blue"}, price_minor=1800)
    red = VariantDraft(
        sku="MUG-RED",
        barcode=UPC,
        option_values={"Colour": "Red"},
        price_minor=2400,
        compare_at_minor=3000,
        stock=3,
    )
    options = (NamedList(name="Colour", values=("Blue", "Red")),)
    return await shelf.add(ProductDraft(name="Mug", sku="MUG", status=ACTIVE, options=options, variants=(blue, red)))


@pytest.mark.usefixtures("mug")
async def test_a_barcode_names_its_variant_however_its_zeros_were_stored(ask):
    blue = await ask(f" {EAN} ")
    assert (blue.name, blue.variant_title, blue.price_minor, blue.stock) == ("Mug", "Blue", 1800, None)
    for written in (UPC, f"0{UPC}", f"00{UPC}", UPC.lstrip("0")):
        red = await ask(written)
        assert (red.variant_title, red.stock, red.is_reduced, red.is_available) == ("Red", 3, True, True)


@pytest.mark.usefixtures("mug")
async def test_a_sku_is_taken_in_either_case_and_a_products_own_says_from(ask):
    assert (await ask("mug-red")).variant_title == "Red"
    whole = await ask("Mug")
    assert (whole.variant_title, whole.price_minor, whole.highest_price_minor, whole.has_range) == (
        "",
        1800,
        2400,
        True,
    )


@pytest.mark.usefixtures("mug")
@pytest.mark.parametrize("code", ["", "   ", "0", "000000000000", "9" * 500, "'; --", "%", "４００６"])
async def test_nonsense_is_nothing(ask, code):
    assert await ask(code) is None


async def test_what_is_not_for_sale_has_no_price(ask, mug, shelf):
    await shelf.change(mug.id, status=ProductStatus.ARCHIVED)
    assert await ask(EAN) is None
