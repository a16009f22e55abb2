"""The window's menu, and what its lines do to the house under them."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.menu import Handles, bar
from app.shell import Shell, ask
from engine.core.audit import AuditEntry
from engine.core.i18n import format_message
from engine.core.jobs import Job
from engine.core.opening import Openness
from engine.core.site import Reach

TOOLKIT = SimpleNamespace(
    Menu=lambda title, lines: (title, [line for line in lines if line]),
    MenuAction=lambda title, do: (title, do),
    MenuSeparator=lambda: None,
)


@pytest.fixture
def database_url(sqlite_url):
    """It knows no database."""
    return sqlite_url


@pytest.fixture
def pulled(house):
    """`await pulled(line)`: the page that is shown once a line of the menu was chosen."""

    async def pull(line):
        shown, acts = [], []
        handles = Handles(
            go=shown.append, act=acts.append, run=shown.append, browse=lambda: shown.append("browser"),
            quit=lambda: shown.append("the end"),
        )  # fmt: skip
        menus = bar(TOOLKIT, handles, lambda message: format_message(message, "en"))
        lines = dict(one for _title, lines in menus for one in lines)
        lines[line]()
        shown += [await act(Shell(house)) for act in acts]
        await house.settings.refresh()
        return shown

    return pull


class TestMenu:
    async def test_the_shop_is_shared_and_shut_again(self, house, owner, pulled):
        for _twice in range(2):
            assert await pulled("Share on the network") == ["/admin/network"]
            surfaces = house.site.system.surfaces
            assert (surfaces.storefront, surfaces.account) == (Reach.LOCAL_NETWORK, Reach.LOCAL_NETWORK)
        assert surfaces.admin is Reach.THIS_MACHINE
        await pulled("Stop sharing")
        assert house.site.system.surfaces.storefront is Reach.THIS_MACHINE
        async with house.db.read() as session:
            found = (await session.scalars(select(AuditEntry.actor))).all()
        assert "desktop window" in found

    async def test_a_pause_answers_visitors_and_ends(self, house, owner, pulled, client):
        await pulled("Pause the site")
        assert house.site.site_status.at(house.clock.now()) is Openness.MAINTENANCE
        assert (await client.get("/")).status_code == 503
        await pulled("Open the site again")
        assert (await client.get("/")).status_code == 200

    async def test_a_backup_is_followed_on_its_page(self, house, owner, pulled):
        [page] = await pulled("Back up now")
        async with house.db.read() as session:
            [job] = (await session.scalars(select(Job).where(Job.kind == "backup.make"))).all()
        assert page == f"/admin/backups/jobs/{job.id}"
        assert await pulled("Back up now") == [page]

    @pytest.mark.parametrize(
        ("line", "shown"),
        [("Dashboard", "/admin"), ("Program and updates", "/admin/program"), ("Quit Agora", "the end"),
         ("Open the site in the browser", "browser")],
    )  # fmt: skip
    async def test_the_others_only_lead_somewhere(self, pulled, line, shown):
        assert await pulled(line) == [shown]

    def test_it_is_done_in_the_servers_loop(self):
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()

        async def where():
            return threading.current_thread().name

        try:
            assert ask(loop, where()).result(10) == thread.name
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
