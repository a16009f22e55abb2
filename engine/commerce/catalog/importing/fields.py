"""The fields of a product that a column can hold, with what other programs and languages call them."""

import re
from urllib.parse import urlsplit

from engine.core.i18n import _
from engine.core.tabular.mapping import Field

_amount = re.compile(r"[€$£¥]\s?\d[\d.,' ]*|\d[\d.,' ]*\s?(?:[€$£]|[A-Z]{3})")
_picture = re.compile(r"\.(jpe?g|png|webp|gif|avif)(\?.*)?$", re.IGNORECASE)


def is_picture(cell: str) -> bool:
    """Return whether a cell names a picture by its address or file name."""
    return bool(_picture.search(urlsplit(cell.split(",", maxsplit=1)[0].strip()).path)) if len(cell) < 2_000 else False


def is_amount(cell: str) -> bool:
    """Return whether a cell is written as prices are, with a currency: ratings and measures are numbers too."""
    return bool(_amount.fullmatch(cell))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


FIELDS: tuple[Field, ...] = (
    Field(
        "name",
        _("Name"),
        _words(
            "title | product name | product title | product | item name | nom | nom du produit | titre | libellé | "
            "bezeichnung | artikelname | produktname | titel | nombre | título | nome | naam | nazwa | название | "
            "наименование | 名称 | 商品名 | 名前"
        ),
    ),
    Field(
        "sku",
        _("SKU"),
        _words(
            "reference | reference # | référence | item number | article number | artikelnummer | art nr | artnr | "
            "product code | code | code article | referencia | codice | kod | артикул | model | variant sku | "
            "accession number | acno | inventory number | part number | 品番"
        ),
    ),
    Field(
        "gtin",
        _("GTIN, EAN, UPC or ISBN"),
        _words(
            "ean | ean13 | ean 13 | upc | barcode | isbn | isbn13 | isbn 13 | code barre | strichcode | "
            "gtin, upc, ean, or isbn | variant barcode | código de barras | штрихкод"
        ),
    ),
    Field("id", _("Number in the other shop"), ("product id", "book id", "entity id", "item id", "artikel id")),
    Field(
        "group",
        _("What rows of one product share"),
        ("handle", "parent", "parent sku", "parent id", "group id", "item group id", "variant group"),
        help=_("Rows with the same value become one product with variants."),
    ),
    Field("type", _("Type"), ("product type",)),
    Field(
        "status",
        _("On sale or not"),
        ("published", "active", "enabled", "product online", "online", "aktiv", "actif", "activo", "attivo", "visible"),
    ),
    Field("visibility", _("Where it is shown"), ("visibility in catalog",)),
    Field("featured", _("Featured"), ("is featured?", "is featured", "hervorgehoben", "en vedette", "destacado")),
    Field(
        "summary",
        _("Short description"),
        (
            "short description",
            "summary",
            "kurzbeschreibung",
            "description courte",
            "résumé",
            "descripción corta",
            "subtitle",
        ),
    ),
    Field(
        "description",
        _("Description"),
        _words(
            "body | body html | long description | beschreibung | descripción | descrizione | omschrijving | text | "
            "opis | описание | 説明"
        ),
    ),
    Field(
        "price",
        _("Price"),
        _words(
            "regular price | unit price | selling price | retail price | variant price | price tax excl. | prix | "
            "price tax incl. | price tax excluded | preis | verkaufspreis | prix de vente | precio | prezzo | "
            "prijs | cena | цена | 価格 | amount"
        ),
        looks=is_amount,
    ),
    Field(
        "sale_price",
        _("Sale price"),
        ("special price", "discount price", "offer price", "angebotspreis", "prix promo", "precio rebajado"),
    ),
    Field("sale_starts", _("Sale begins on"), ("date sale price starts", "special price from date")),
    Field("sale_ends", _("Sale ends on"), ("date sale price ends", "special price to date")),
    Field("compare_at", _("Price to compare with"), ("compare at price", "variant compare at price", "msrp", "uvp")),
    Field(
        "stock",
        _("Stock"),
        _words(
            "quantity | qty | inventory | on hand | available | variant inventory qty | bestand | lagerbestand | "
            "menge | quantité | existencias | cantidad | quantità | voorraad | ilość | количество | остаток | 在庫"
        ),
    ),
    Field("in_stock", _("In stock or not"), ("in stock?", "in stock", "is in stock", "availability", "verfügbar")),
    Field("weight_kg", _("Weight in kg"), ("weight (kg)", "gewicht (kg)", "poids (kg)", "peso (kg)")),
    Field("weight_g", _("Weight in g"), ("weight (g)", "grams", "variant grams", "gewicht (g)", "poids (g)")),
    Field("weight_lb", _("Weight in lb"), ("weight (lb)", "weight (lbs)", "pounds")),
    Field("weight_oz", _("Weight in oz"), ("weight (oz)", "ounces")),
    Field("weight", _("Weight, the column names the unit"), ("gewicht", "poids", "peso", "вес")),
    *(
        Field(f"{side}{unit}", label.having(unit=named) if unit else whole, words if not unit else ())
        for side, whole, label, words in (
            ("length", _("Length, the column names the unit"), _("Length in {unit}"), _words("länge | longueur")),
            ("width", _("Width, the column names the unit"), _("Width in {unit}"), _words("breite | largeur")),
            ("height", _("Height, the column names the unit"), _("Height in {unit}"), _words("höhe | hauteur")),
        )
        for unit, named in (("", ""), ("_cm", "cm"), ("_mm", "mm"), ("_m", "m"), ("_in", "in"), ("_yd", "yd"))
    ),
    Field(
        "cost",
        _("Cost, what the shop pays"),
        _words(
            "cost per item | cost of goods | cost price | unit cost | purchase price | wholesale price | "
            "einkaufspreis | prix d'achat | precio de coste"
        ),
    ),
    Field("low_stock", _("Nearly gone at"), ("low stock amount", "low stock", "low stock level", "notify stock qty")),
    Field("seo_title", _("Title in search results"), ("meta title", "seo titel", "page title")),
    Field("seo_description", _("Words in search results"), ("meta description", "seo beschreibung")),
    Field(
        "categories",
        _("Categories"),
        _words(
            "category | product category | collection | collections | kategorie | kategorien | catégorie | "
            "catégories | categoría | categorías | categoria | categorie | категория | カテゴリ | genre"
        ),
        help=_("Several parted by commas; levels by “>”."),
    ),
    Field(
        "tags",
        _("Tags"),
        _words(
            "keywords | labels | tag | schlagwörter | schlagworte | étiquettes | mots clés | etiquetas | subjects | "
            "теги | タグ"
        ),
    ),
    Field(
        "images",
        _("Pictures"),
        _words(
            "image | image url | image urls | image src | image link | picture | photo | base image | bild | "
            "bilder | additional images | additional image link | imagen | imágenes | immagine | afbeelding | "
            "thumbnail url | cover | cover url | фото | 画像"
        ),
        looks=is_picture,
        is_many=True,
        help=_("Web addresses, or names of files that come in an archive."),
    ),
    Field("alt", _("What the picture shows"), ("image alt text", "alt text", "alt", "bildbeschreibung")),
    Field("slug", _("Address on the site"), ("url key", "url rewritten", "permalink", "url slug")),
    Field(
        "detail",
        _("Detail shown to shoppers"),
        _words(
            "brand | manufacturer | vendor | supplier | marke | hersteller | marque | fabricant | marca | "
            "material | materials | pattern | gender | author | authors | autor | artist | artists | all artists | "
            "medium | dimensions | language | language code | publisher | isbn 10 | activity | color | colour | "
            "farbe | couleur | size | größe | taille | talla | farben"
        ),
        is_many=True,
        help=_("The column's name and its value are listed on the product's page."),
    ),
    Field(
        "option",
        _("Option to choose by"),
        is_many=True,
        help=_("For rows that are variants of one product: the column's name is what the shopper chooses."),
    ),
)


def fields_named(*names: str) -> tuple[Field, ...]:
    """Return these of the fields, in the order above."""
    return tuple(field for field in FIELDS if field.name in names)
