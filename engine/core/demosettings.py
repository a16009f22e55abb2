"""The demo organisation's own settings, where nobody has given the installation any: a museum shop on the coast."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.core.demo import DEMO, DemoPart, Making, Removing, mark
from engine.core.ids import new_id
from engine.core.settings import SettingsStore
from engine.core.site import BY_KEY, Settings
from engine.core.transaction import Tx

KIND = "setting"
PICKUP = """The shop is in the old net loft, beside the kiln yard: Tuesday to Sunday, 10 to 5.
Bring the order number; we keep your parcel for a fortnight."""
TRANSFER = """Please transfer the sum to the Saltmarsh Clay and Print Trust, sort code 00-00-00, account 00000000.
Put the order number into the reference. We pack as soon as it has arrived."""

SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "general": {
        "siteName": "Saltmarsh Clay & Print",
        "tagline": "Pots, prints and paper from the workshop above the tide line",
        "contactEmail": "shop@saltmarsh.example",
        "timezone": "Europe/London",
        "currency": "GBP",
    },
    "payments": {"currency": "GBP", "manualInstructions": TRANSFER},
    "shipping": {
        "flatRateLabel": "Royal Mail Tracked 48",
        "flatRateMinor": 495,
        "freeFromMinor": 7500,
        "pickupEnabled": True,
        "pickupLabel": "Collect from the museum shop",
        "pickupInstructions": PICKUP,
    },
    "tax": {"enabled": True, "label": "VAT", "ratePercent": "20", "pricesIncludeTax": True},
    "theme": {"accentColor": "#1f5f6b"},
}


async def give(making: Making) -> None:
    """Give an installation that nobody owns its name and its ways; what the environment decides stays."""
    if not making.is_first:
        return
    site = making.settings.site
    async with making.db.write() as tx:
        for key, wanted in SETTINGS.items():
            before = _wire(site.of(BY_KEY[key]))
            given = {name: value for name, value in wanted.items() if f"{key}.{name}" not in site.fixed}
            await making.settings.save(tx, DEMO, BY_KEY[key], given)
            mark(tx, KIND, new_id(), {"key": key, "before": {name: before[name] for name in given}, "given": given})
    await making.settings.refresh()


async def take_back(removing: Removing) -> None:
    """Put back what was there before, field by field; a field that somebody has changed since stays as it is."""
    async with removing.db.write() as tx:
        for thing in removing.of(KIND):
            await _put_back(tx, removing.settings, removing.details, thing)
    await removing.settings.refresh()


async def _put_back(tx: Tx, settings: SettingsStore, details: Mapping[UUID, Mapping[str, Any]], thing: UUID) -> None:
    detail = details[thing]
    now = _wire(settings.site.of(BY_KEY[detail["key"]]))
    given, before = detail["given"], detail["before"]
    changed = {name: before[name] for name, value in given.items() if str(now[name]) == str(value)}
    if changed:
        await settings.save(tx, DEMO, BY_KEY[detail["key"]], changed)


def _wire(settings: Settings) -> dict[str, Any]:
    return settings.model_dump(mode="json", by_alias=True)


PART = DemoPart(make=give, remove=take_back)
