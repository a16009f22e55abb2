"""One installation that is claimed, looked at and thrown away: what first requests make once is there for all others.

Routes are put together, descriptions of forms read and templates loaded by whoever asks first; each forked server would
do it again, which takes as long as forty pages. No thread, file or connection stays.
"""

import asyncio
import tempfile
from pathlib import Path

from httpx import ASGITransport, AsyncClient

from app.settings import Settings, load_settings
from app.web import make_app
from app.wiring import wire
from engine.accounts import hashing
from engine.migrations import migrate

CHEAPEST = 4
#: What most tests with a browser ask for; each is drawn with other templates.
PAGES = (
    "/", "/nowhere", "/cart", "/admin", "/admin/products", "/admin/products/new", "/admin/orders", "/admin/pages",
    "/admin/media", "/admin/settings/general",
)  # fmt: skip
ORGANIZATION = {"name": "Kiln & Co", "language": "en", "timezone": "Europe/London", "currency": "GBP"}
OWNER = {"name": "Olive Owner", "email": "owner@example.org", "password": "a long enough passphrase"}


def rehearse() -> None:
    """Make an installation in a folder that is gone at once; from now on, passwords are hashed at the least cost."""
    hashing.ROUNDS = CHEAPEST
    with tempfile.TemporaryDirectory(prefix="agora-rehearsal-") as folder:
        settings = load_settings(data_dir=Path(folder))
        migrate(settings.database.url)
        asyncio.run(_look(settings))


async def _look(settings: Settings) -> None:
    house = wire(settings)
    await house.settings.refresh()
    app = make_app(house, settings, runs_jobs=False)
    here = ASGITransport(app, client=("127.0.0.1", 50000))
    async with AsyncClient(transport=here, base_url="http://localhost") as browser:
        sent = {"token": house.front_desk.claim_token.read(), "organization": ORGANIZATION, "owner": OWNER}
        claimed = await browser.post("/api/v1/setup", json=sent)
        assert claimed.status_code == 201, claimed.text
        browser.headers["authorization"] = f"Bearer {claimed.json()['accessToken']}"
        for path in PAGES:
            await browser.get(path)
    await house.search.close()
    await house.cache.close()
    await house.db.close()
