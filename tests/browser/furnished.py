"""A shop with things in it, put there over the wire: pictures, options, labels, a customer with orders."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import product as combinations
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image, ImageDraw

from tests.server import PASSWORD, Server

CUSTOMER = "ada@example.org"
COLOURS = {"Sand": "#d2bd98", "Navy": "#2c3a57", "Rust": "#a35334"}
GROUNDS = ("#dcd7ce", "#cfd4d1", "#e2d8cb", "#d5d2da")
WIDTH, HEIGHT = 900, 1125
#: (name, shape, price, price before, stock, options, category, tags, featured)
THINGS: tuple[tuple[Any, ...], ...] = (
    ("Stoneware mug", "mug", 1800, None, 24, ("Colour", "Size"), "Mugs", ("Handmade",), True),
    ("Serving bowl", "bowl", 4200, 5200, 6, ("Size",), "Bowls", ("Handmade",), True),
    ("Dinner plate", "plate", 2600, None, 40, ("Colour",), "Plates", ("Dishwasher safe",), True),
    ("Tall vase", "vase", 5800, None, 2, (), "Vases", ("Handmade",), True),
    ("Linen tea towel", "towel", 1400, None, 60, ("Colour",), "Linen", ("Organic",), False),
    ("Small jug", "jug", 3100, None, 0, (), "Mugs", ("Handmade",), False),
    ("Espresso cup", "mug", 1200, 1500, 30, (), "Mugs", ("Dishwasher safe",), False),
    ("Pasta bowl", "bowl", 2900, None, 18, (), "Bowls", ("Dishwasher safe",), False),
    ("Side plate", "plate", 1900, None, 22, (), "Plates", (), False),
    ("Bud vase", "vase", 2200, None, 9, ("Colour",), "Vases", ("Handmade",), False),
    ("Table runner made of washed linen, long enough for the table of an extended family", "towel", 6400, None, 5, (),
     "Linen", ("Organic",), False),
)  # fmt: skip


@dataclass
class Furnished:
    """What stands in the shop: addresses of pages by what they show."""

    categories: dict[str, str] = field(default_factory=dict)
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    order_path: str = ""
    order_id: str = ""


def furnish(server: Server, things: Sequence[tuple[Any, ...]] = THINGS) -> Furnished:
    """Fill a claimed shop, and place an order for its customer. things: among them a tall vase and an espresso cup."""
    made = Furnished()
    with server.client("owner@example.org") as owner:
        ceramics = _made(owner, "/categories", name="Tableware")["id"]
        for name in ("Mugs", "Bowls", "Plates"):
            made.categories[name] = _made(owner, "/categories", name=name, parentId=ceramics)["id"]
        for name in ("Vases", "Linen"):
            made.categories[name] = _made(owner, "/categories", name=name)["id"]
        words = {word for thing in things for word in thing[7]}
        tags = {word: _made(owner, "/product-tags", name=word)["id"] for word in sorted(words)}
        for place, thing in enumerate(things):
            made.products[thing[0]] = _product(owner, place, thing, made.categories, tags)
    with server.client() as customer:
        account = {"email": CUSTOMER, "password": PASSWORD, "name": "Ada Lovelace"}
        token = _made(customer, "/auth/register", **account)["accessToken"]
        customer.headers["authorization"] = f"Bearer {token}"
        _order(customer, made)
    return made


def _order(customer: httpx.Client, made: Furnished) -> None:
    for name, quantity in (("Tall vase", 1), ("Espresso cup", 4)):
        _made(customer, "/cart/items", productId=made.products[name]["id"], quantity=quantity)
    placed = _made(
        customer,
        "/checkout",
        headers={"Idempotency-Key": uuid4().hex},
        email=CUSTOMER,
        name="Ada Lovelace",
        shippingAddress={"line1": "12 St James's Square", "city": "London", "postalCode": "SW1Y 4JH", "country": "GB"},
        shippingMethod="flat_rate",
        paymentMethod="manual",
        note="Please ring twice.",
    )
    made.order_id = placed["order"]["id"]
    made.order_path = placed["order"].get("statusUrl") or ""


def _product(
    owner: httpx.Client, place: int, thing: tuple[Any, ...], categories: dict[str, str], tags: dict[str, str]
) -> dict[str, Any]:
    name, shape, price, before, stock, options, category, words, is_featured = thing
    values = {"Colour": list(COLOURS), "Size": ["Small", "Large"]}
    tones = list(COLOURS.values()) if "Colour" in options else [list(COLOURS.values())[place % 3]]
    views = [(tone, GROUNDS[(place + at) % len(GROUNDS)]) for at, tone in enumerate(tones)]
    images = [
        _uploaded(owner, f"{name} {at}", still_life(shape, tone, ground)) for at, (tone, ground) in enumerate(views)
    ]
    money = {"currency": "GBP"}
    sent: dict[str, Any] = {
        "name": name,
        "status": "active",
        "isFeatured": is_featured,
        "shortDescription": "<p>Thrown by hand in small batches, so that no two are quite alike.</p>",
        "description": "<p>Made of stoneware from Devon, glazed twice and fired at 1260 °C.</p><ul><li>Kind to "
        "dishwashers</li><li>Safe in the oven up to 180 °C</li></ul><p>Colours differ a little each time.</p>",
        "details": [{"name": "Material", "values": ["Stoneware"]}, {"name": "Made in", "values": ["Devon, England"]}],
        "images": [{"mediaId": image, "alt": ""} for image in images],
        "categories": [categories[category]],
        "tags": [tags[word] for word in words],
    }
    if options:
        chosen = [dict(zip(options, choice, strict=True)) for choice in combinations(*(values[o] for o in options))]
        sent["variants"] = [
            {
                "sku": f"{shape.upper()}-{place}-{at}",
                "options": choice,
                "price": {"amount": price + (900 if choice.get("Size") == "Large" else 0), **money},
                "compareAtPrice": {"amount": before + 900, **money} if before else None,
                "stock": 0 if at == 1 else stock,
                "image": list(COLOURS).index(choice["Colour"]) if "Colour" in choice else 0,
            }
            for at, choice in enumerate(chosen)
        ]
        sent["options"] = [{"name": option, "values": values[option]} for option in options]
    else:
        sent |= {"price": {"amount": price, **money}, "stock": stock, "sku": f"{shape.upper()}-{place}"}
        sent["compareAtPrice"] = {"amount": before, **money} if before else None
    return _made(owner, "/products", **sent)


def _uploaded(owner: httpx.Client, name: str, data: bytes) -> str:
    answer = owner.post("/media", files={"file": (f"{name}.jpg", data, "image/jpeg")})
    assert answer.is_success, answer.text  # 200 for a picture that is there already
    found: str = answer.json()["id"]
    return found


def _made(client: httpx.Client, path: str, headers: dict[str, str] | None = None, **sent: Any) -> dict[str, Any]:
    answer = client.post(path, json=sent, headers=headers)
    assert answer.status_code in (200, 201), f"{path}: {answer.text}"
    found: dict[str, Any] = answer.json()
    return found


def still_life(shape: str, tone: str, ground: str) -> bytes:
    """Return a picture of one thing on a table, as a JPEG of 4 by 5."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), ground)
    draw = ImageDraw.Draw(picture)
    table = tuple(int(c * 0.93) for c in picture.getpixel((0, 0)))  # type: ignore[union-attr]
    draw.rectangle((0, 760, WIDTH, HEIGHT), fill=table)
    shade = tuple(int(c * 0.85) for c in picture.getpixel((0, 0)))  # type: ignore[union-attr]
    draw.ellipse((190, 830, 750, 930), fill=shade)
    rim = Image.new("RGB", (1, 1), tone).getpixel((0, 0))
    dark = tuple(int(c * 0.72) for c in rim)  # type: ignore[union-attr]
    match shape:
        case "mug":
            draw.ellipse((600, 560, 790, 770), outline=tone, width=38)
            draw.rounded_rectangle((280, 480, 660, 880), 60, fill=tone)
            draw.ellipse((280, 440, 660, 530), fill=dark)
        case "bowl":
            draw.pieslice((170, 380, 770, 900), 0, 180, fill=tone)
            draw.ellipse((170, 580, 770, 690), fill=dark)
        case "plate":
            draw.ellipse((150, 640, 790, 900), fill=tone)
            draw.ellipse((250, 680, 690, 850), fill=dark)
        case "vase":
            draw.ellipse((300, 470, 640, 890), fill=tone)
            draw.rectangle((420, 300, 520, 540), fill=tone)
            draw.ellipse((400, 280, 540, 330), fill=dark)
        case "jug":
            draw.ellipse((590, 470, 760, 740), outline=tone, width=34)
            draw.polygon([(330, 420), (620, 420), (680, 880), (270, 880)], fill=tone)
            draw.ellipse((320, 390, 630, 450), fill=dark)
        case _:
            draw.rounded_rectangle((240, 520, 700, 880), 24, fill=tone)
            for edge in (580, 640, 700):
                draw.line((240, edge, 700, edge), fill=dark, width=10)
    written = BytesIO()
    picture.save(written, "JPEG", quality=88)
    return written.getvalue()
