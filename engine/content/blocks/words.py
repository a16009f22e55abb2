"""Words that many blocks have in common: what their settings are called, and what can be chosen."""

from typing import Literal

from engine.core.i18n import _

TITLE = _("Heading")
TEXT = _("Text")
PICTURE = _("Picture")
NAME = _("Name")
GAP = _("Gap")
SHAPE = _("Shape")
COLUMNS = _("Beside each other")
LAYOUT = _("Layout")
LABEL = _("Words on the button")
HREF = _("The button leads to")
ALT = _("Alternative text")
ALT_HELP = _("What somebody hears who does not see it. Empty takes the library's.")

GAPS = {"small": _("Small"), "medium": _("Medium"), "large": _("Large")}
RATIOS = {
    "auto": _("As it is"),
    "landscape": _("Landscape"),
    "square": _("Square"),
    "portrait": _("Portrait"),
    "wide": _("Wide"),
}
AT_ONCE = {"2": _("Two"), "3": _("Three"), "4": _("Four")}
#: The icons that features and buttons can have: names of `ui/icons.json`.
Icon = Literal[
    "", "calendar", "check", "circle-check", "clock", "coffee", "gift", "globe", "graduation-cap",
    "hand-heart", "heart", "house", "leaf", "lightbulb", "lock", "mail", "map-pin", "music", "package",
    "palette", "phone", "shield", "star", "store", "sun", "ticket", "truck", "users", "wrench", "zap",
]  # fmt: skip
ICONS = {
    "": _("None"),
    "calendar": _("Calendar"),
    "check": _("Tick"),
    "circle-check": _("Tick in a circle"),
    "clock": _("Clock"),
    "coffee": _("Cup"),
    "gift": _("Gift"),
    "globe": _("Globe"),
    "graduation-cap": _("Mortarboard"),
    "hand-heart": _("Helping hand"),
    "heart": _("Heart"),
    "house": _("House"),
    "leaf": _("Leaf"),
    "lightbulb": _("Light bulb"),
    "lock": _("Lock"),
    "mail": _("Letter"),
    "map-pin": _("Pin"),
    "music": _("Music"),
    "package": _("Parcel"),
    "palette": _("Palette"),
    "phone": _("Telephone"),
    "shield": _("Shield"),
    "star": _("Star"),
    "store": _("Shop"),
    "sun": _("Sun"),
    "ticket": _("Ticket"),
    "truck": _("Lorry"),
    "users": _("People"),
    "wrench": _("Spanner"),
    "zap": _("Flash"),
}
