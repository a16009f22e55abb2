"""The style guide as files: `python -m ui.components.preview FOLDER` writes every component in all its states."""

import json
import shutil
import sys
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from markupsafe import Markup

from engine.commerce.catalog.price_checks import PriceTag
from engine.content.comments.public import CommentView
from engine.content.reviews.public import RatingView, ReviewView
from engine.core.money import Money
from engine.core.paging import Page
from engine.media.public import MediaUrls
from ui.assets import FOLDER as BUNDLE
from ui.charts import BarChart, Point, bar_chart
from ui.components.form_samples import sample_cards, sample_form
from ui.fields import samples as field_samples
from ui.page import Flash, Link, NavSection, PageContext, Viewer
from ui.templates import render
from ui.theme import ThemeChoices, theme_css

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz-Kaffeebecher, handglasiert, 350 ml"
TAKINGS = (312, 480, 455, 720, 1130, 980, 640, 520, 610, 505, 890, 1420, 1290, 760)
BEFORE = (280, 390, 500, 610, 880, 940, 700, 430, 520, 610, 700, 1010, 1180, 690)
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 1000" width="800" height="1000">
<rect width="800" height="1000" fill="{ground}"/><ellipse cx="400" cy="760" rx="230" ry="40" opacity=".12"/>
<path d="M230 360h340l-30 370q-4 40-44 40H304q-40 0-44-40z" fill="{mark}"/>
<ellipse cx="400" cy="360" rx="170" ry="34" fill="#fff" opacity=".35"/></svg>
"""
OPTIONS = json.dumps(
    [{"id": "a", "title": "Blue mug", "text": "350 ml"}, {"id": "b", "title": "Oak board"}, {"id": "c", "title": LONG}]
)
PATTERN = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 9 9"><path d="M0 0h3v3H0zm6 '
) + Markup('0h3v3H6zM4 1h1v3H4zM0 6h3v3H0zm4-1h2v2H4zm3 0h1v3H7z"></path></svg>')


PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAALOtoP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


@dataclass(frozen=True)
class Samples:
    """What the pages of the style guide show."""

    now: datetime = NOW
    long: str = LONG
    total: Money = Money(128_450, "EUR")
    price: Money = Money(3_400, "EUR")
    before: Money = Money(4_200, "EUR")
    chart: BarChart | None = None
    pattern: Markup = PATTERN
    list_page: Page[object] = field(default_factory=lambda: Page([], total=137, page=2, limit=20))
    tag: PriceTag = PriceTag(LONG, "Blue, 350 ml", 3_400, 3_900, 4_200, is_available=True, stock=3, image_url=None)
    orders: tuple[Any, ...] = ()
    products: tuple[Any, ...] = ()
    cards: tuple[Any, ...] = ()
    images: tuple[Any, ...] = ()
    media: MediaUrls = MediaUrls(
        UUID(int=1), *["picture-1.svg"] * 4, 800, 1000, "A mug", 800, 800, placeholder=PIXEL, focus=(30, 70)
    )
    rating: Any = None
    comments: tuple[Any, ...] = ()
    status: int = 404
    title: str = "We could not find that page"
    text: str = "It may have moved, or the address has a slip in it. The shop is still where it was."
    action_label: str = "To the shop"
    action_url: str = "/"
    request_id: str = "0192-7f3c"
    fields: Any = field(default_factory=field_samples.samples)
    entry_form: Any = field(default_factory=sample_form)
    builder_cards: Any = field(default_factory=sample_cards)


def samples() -> Samples:
    """Return rows with ordinary, long, missing and extreme values."""
    people = ("Ada Lindqvist", "Jean-Baptiste de la Fontaine-Montmorency", "李小龍", "نور الهاشمي", "Bo")
    states = ("pending", "confirmed", "shipped", "completed", "cancelled")
    orders = tuple(
        SimpleNamespace(
            id=str(number),
            number=f"#{1042 - number}",
            name=people[number % 5],
            state=states[number % 5],
            payment="paid" if number % 3 else "unpaid",
            items=number % 4 + 1,
            total=Money((number * 7919 + 1999) % 90_000 + 900, "EUR"),
            at=NOW - timedelta(hours=number * 7, minutes=number * 13),
        )
        for number in range(12)
    )
    names = ("Blue mug", LONG, "Linen apron", "Oak board", "Beeswax candle", "Tea towel", "Serving bowl", "Salt cellar")
    products = tuple(
        SimpleNamespace(
            name=name,
            price=Money(1_200 + 850 * place, "EUR"),
            before=Money(2_900, "EUR") if place == 2 else None,
            image=f"picture-{place % 4 + 1}.svg" if place != 5 else None,
            badge="Sold out" if place == 3 else None,
        )
        for place, name in enumerate(names)
    )
    cards = tuple(
        SimpleNamespace(
            name=name,
            url="#",
            price_minor=1_900,
            compare_at_minor=2_400 if place == 1 else None,
            has_range=place == 2,
            is_reduced=place == 1,
            is_available=place != 3,
            image=None,
            rating=Decimal("4.5") if place == 0 else None,
            review_count=12,
        )
        for place, name in enumerate(("Linen bag", "Oak board", LONG, "Foam roller"))
    )
    images = tuple({"url": f"picture-{n}.svg", "alt": f"Mug, view {n}"} for n in range(1, 5))
    points = [
        Point(f"{day + 1} Nov", value, previous)
        for day, (value, previous) in enumerate(zip(TAKINGS, BEFORE, strict=True))
    ]
    chart = bar_chart(points, lambda euros: Money(int(euros * 100), "EUR").format("en"))
    rating, comments = voice_samples()
    return Samples(
        chart=chart, orders=orders, products=products, cards=cards, images=images, rating=rating, comments=comments
    )


def voice_samples() -> tuple[RatingView, tuple[CommentView, ...]]:
    """Return a rating with a plain and a long review, and a thread three deep."""
    plain = ReviewView(UUID(int=2), "Ada", 5, "", "It **holds** heat.", False, "", "", None, NOW, None, ())
    full = replace(
        plain, id=UUID(int=1), stars=2, title=LONG, text=LONG * 3, is_verified=True, answer=LONG, answered_at=NOW,
        answered_by=LONG, edited_at=NOW, photos=(UUID(int=1),),
    )  # fmt: skip
    rating = RatingView(1204, 5012, (3, 9, 92, 300, 800), (plain, full))
    empty = CommentView(UUID(int=3), None, None, 0, None, "Ada", "Lovely", False, False, NOW, None)
    deep = replace(empty, id=UUID(int=5), depth=2, text=LONG, answers=("Grace", UUID(int=3)), edited_at=NOW)
    ours = replace(empty, id=UUID(int=4), depth=1, is_staff=True, replies=(deep,), name=LONG)
    return rating, (empty, replace(empty, id=UUID(int=6), is_hidden=True, replies=(ours,)))


ADMIN_NAV = (
    NavSection((Link("Home", "/admin", "house"), Link("Orders", "/admin/orders", "inbox", 7))),
    NavSection(
        (
            Link(
                "Products",
                "/admin/products",
                "tag",
                children=(Link("Categories", "/admin/categories"), Link("Import", "/admin/products/import")),
            ),
            Link("Customers", "/admin/users", "users"),
        ),
        "Shop",
    ),
    NavSection(
        (Link("Settings", "/admin/settings", "settings"), Link("Jobs", "/admin/jobs", "clock", 2)), "Organisation"
    ),
)
SHOP_NAV = (
    NavSection(tuple(Link(name, f"/c/{name.lower()}") for name in ("Tableware", "Textiles", "Candles", "Journal"))),
)
SHOP_FOOTER = (
    NavSection((Link("Delivery", "/delivery"), Link("Returns", "/returns"), Link("Contact", "/contact")), "Help"),
    NavSection((Link("About us", "/about"), Link("Privacy", "/privacy"), Link("Imprint", "/imprint")), "The studio"),
)

ADMIN = PageContext(
    title="Orders",
    surface="admin",
    path="/admin/orders",
    site_name="Kiln & Linen",
    nav=ADMIN_NAV,
    viewer=Viewer("Mara Okonkwo", "mara@kiln.example", "Store manager"),
    running_jobs=1,
    timezone="Europe/Berlin",
)
SHOP = PageContext(
    title="Blue mug",
    path="/products/blue-mug",
    site_name="Kiln & Linen",
    nav=SHOP_NAV,
    footer=SHOP_FOOTER,
    timezone="Europe/Berlin",
)
WENT_WRONG = Flash("The e-mail to ada@nowhere.example came back.", "danger")
FLASH = Flash("Order #1042 was marked as paid.", action_label="Undo", action_url="/undo")

PAGES: dict[str, tuple[str, PageContext]] = {
    "gallery": ("components/gallery.html", replace(ADMIN, title="Components", flashes=(FLASH, WENT_WRONG))),
    "fields": ("fields/gallery.html", replace(ADMIN, title="Fields")),
    "admin-list": ("components/samples/list.html", replace(ADMIN, flashes=(FLASH,))),
    "admin-record": ("components/samples/record.html", replace(ADMIN, title="Order #1042")),
    "admin-home": ("components/samples/home.html", replace(ADMIN, title="Home", path="/admin")),
    "admin-form": ("components/samples/form.html", replace(ADMIN, title="New product", path="/admin/products/new")),
    "admin-builder": ("components/samples/entry_form.html", replace(ADMIN, title="Feedback", path="/admin/forms/1")),
    "shop-home": ("components/samples/shop.html", replace(SHOP, title="Kiln & Linen", path="/")),
    "shop-product": ("components/samples/product.html", SHOP),
    "shop-list": ("components/samples/browse.html", replace(SHOP, title="Tableware", path="/categories/tableware")),
    "shop-blog": ("components/samples/blog.html", replace(SHOP, title="Blog", path="/blog")),
    "shop-order": ("components/samples/order.html", replace(SHOP, title="Order 1042", path="/orders/1042")),
    "shop-checkout": ("components/samples/checkout.html", replace(SHOP, title="Checkout", path="/checkout")),
    "shop-error": ("storefront/error.html", replace(SHOP, title="Not found", path="/nowhere")),
    "sign-in": ("components/samples/sign_in.html", replace(ADMIN, title="Sign in", surface="plain")),
    "plain-error": ("plain/error.html", replace(ADMIN, title="Not found", surface="plain")),
}


def write(folder: Path, names: Collection[str] = PAGES) -> None:
    """Write pages of the style guide, each in four forms, with the bundle beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(BUNDLE, folder / "assets", dirs_exist_ok=True)
    (folder / "assets" / "rose.css").write_text(
        theme_css(ThemeChoices(accent="#c2185b", heading_font="serif", corners="round")), encoding="utf-8"
    )
    (folder / "options.json").write_text(OPTIONS, encoding="utf-8")
    for number, (ground, mark) in enumerate(
        (("#c8bca9", "#8f7f68"), ("#b9c3c1", "#5e7d80"), ("#d7c5b4", "#a3644b"), ("#cfd2c4", "#7a8064")), start=1
    ):
        drawing = PICTURE.format(ground=ground, mark=mark)
        (folder / f"picture-{number}.svg").write_text(drawing, encoding="utf-8")
    context = samples()
    for name in names:
        template, page = PAGES[name]
        forms = {
            "": page,
            "-dark": replace(page, scheme="dark"),
            "-rtl": replace(page, locale="ar"),
            "-rose": replace(page, theme_css_url="/assets/rose.css"),
        }
        for suffix, form in forms.items():
            (folder / f"{name}{suffix}.html").write_text(render(template, context, form), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
