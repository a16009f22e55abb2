"""A map: where something is, with the way to it. A map of others is loaded only once a visitor asks for it."""

from typing import Annotated, Literal
from urllib.parse import quote

from pydantic import Field

from engine.content.blocks.words import TITLE
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings
from engine.core.blocks.kinds import Line, Lines
from engine.core.i18n import _

Degrees = Annotated[str, Field(max_length=24, pattern=r"^(-?\d{1,3}(\.\d{1,12})?)?$")]
#: How much of the world around a point is shown, in degrees.
AROUND = 0.004


class MapSettings(BlockSettings):
    """A place. latitude and longitude: in degrees, such as 51.5074; without them the address is searched for."""

    title: Line = "Where we are"
    address: Lines = ""
    latitude: Degrees = ""
    longitude: Degrees = ""
    provider: Literal["openstreetmap", "google"] = "openstreetmap"
    is_shown: bool = True

    @property
    def point(self) -> tuple[float, float] | None:
        """Return (latitude, longitude) where both are on the globe, or None."""
        if not self.latitude or not self.longitude:
            return None
        north, east = float(self.latitude), float(self.longitude)
        return (north, east) if abs(north) <= 90 and abs(east) <= 180 else None

    @property
    def words(self) -> str:
        """Return what is searched for: the point, else the address on one line."""
        return f"{self.point[0]},{self.point[1]}" if self.point else ", ".join(self.address.split("\n"))

    @property
    def url(self) -> str:
        """Return where a map of the place opens; empty where nothing is known of it."""
        if not self.words.strip():
            return ""
        if self.provider == "google":
            return f"https://www.google.com/maps/search/?api=1&query={quote(self.words)}"
        if self.point:
            north, east = self.point
            return f"https://www.openstreetmap.org/?mlat={north}&mlon={east}#map=17/{north}/{east}"
        return f"https://www.openstreetmap.org/search?query={quote(self.words)}"

    @property
    def frame(self) -> str:
        """Return the address of a map that a page can hold; empty where there is none."""
        if not self.is_shown or not self.words.strip():
            return ""
        if self.provider == "google":
            return f"https://www.google.com/maps?output=embed&q={quote(self.words)}"
        if self.point is None:
            return ""
        north, east = self.point
        box = quote(f"{east - 2 * AROUND:.5f},{north - AROUND:.5f},{east + 2 * AROUND:.5f},{north + AROUND:.5f}")
        mark = quote(f"{north},{east}")
        return f"https://www.openstreetmap.org/export/embed.html?bbox={box}&layer=mapnik&marker={mark}"


PLACE = (
    Block(
        name="map",
        label=_("Map"),
        icon="map-pin",
        group=BlockGroup.SITE,
        text=_("Where you are, and the way there. The map itself comes only when a visitor asks for it."),
        settings=MapSettings,
        labels={
            "title": TITLE,
            "address": _("Address"),
            "latitude": _("Latitude"),
            "longitude": _("Longitude"),
            "provider": _("Maps of"),
            "is_shown": _("Can be shown on the page"),
        },
        helps={
            "latitude": _("Such as 51.5074. Any map shows it for a point that you click on."),
            "longitude": _("Such as -0.1278."),
            "is_shown": _("Visitors are told first that the map comes from somebody else."),
        },
        choices={"provider": {"openstreetmap": _("OpenStreetMap"), "google": _("Google")}},
        titled="title",
        words="location address directions openstreetmap google where",
    ),
)
