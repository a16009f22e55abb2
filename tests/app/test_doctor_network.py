"""What `agora network` says. On SQLite only: it knows no database."""

import pytest

from app.doctor.finding import Level
from app.doctor.network import network_findings
from app.doorbell import Answer
from engine.core.site import System
from engine.operations.network.ports import FirewallView, MemoryFirewall, Verdict

RUNNING = Answer("server", "http://127.0.0.1:8003")


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


async def said(house, settings, running=RUNNING, addresses=()):
    return [(one.level, one.sentence) for one in await network_findings(house, settings, running, addresses)]


async def test_a_site_that_is_open_to_nobody_is_said_with_what_opens_it(house, settings):
    (first, *_others) = await said(house, settings)
    assert (first[0], "agora surface storefront local-network" in first[1]) == (Level.WARN, True)


async def test_what_is_in_the_way_is_a_failure_with_its_remedy(house, settings, owner):
    async with house.db.write() as tx:
        await house.settings.update(tx, owner, System.key, {"surfaces": {"kiosk": "local-network"}})
    await house.settings.refresh()
    house.network.firewall = MemoryFirewall(FirewallView("ufw", Verdict.CLOSED, "sudo ufw allow 8003/tcp"))
    found = await said(house, settings, addresses=["127.0.0.1"])
    assert (Level.OK, "Open: kiosk to local network.") in found
    assert (Level.OK, "Others open http://127.0.0.1:8003") in found
    assert found[-1] == (Level.FAIL, "ufw keeps others out. Open it: sudo ufw allow 8003/tcp")


async def test_a_server_that_does_not_run_or_listens_here_alone_is_said(house, settings):
    assert "does not run" in (await said(house, settings, running=None))[-1][1]
    alone = settings.model_copy(update={"host": "127.0.0.1"})
    assert "listens on 127.0.0.1 alone" in (await said(house, alone))[-1][1]
