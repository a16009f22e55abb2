"""The program's own pages: what is newer, how it is put in place, and whose work is inside."""

import pytest

from engine.core.actor import Actor
from engine.core.programsettings import ProgramSettings
from engine.operations.inventory import inventory, licence_of
from engine.operations.updates.updates import Program
from tests.engine.operations.test_updates import ADDRESS, PUBLIC, announced, archive, offer, package
from ui.admin.program import pages


@pytest.fixture
def database_url(sqlite_url):
    """It knows no database."""
    return sqlite_url


@pytest.fixture
async def house(house, tmp_path):
    house.updates.program = Program("0.1.0", "folder", tmp_path / "program")
    async with house.db.write() as tx:
        await house.settings.save(
            tx, Actor.system(), ProgramSettings, {"updateAddress": ADDRESS, "updateKey": PUBLIC}
        )  # fmt: skip
    await house.settings.refresh()
    return house


class TestProgram:
    async def test_a_new_version_is_told_backed_up_before_and_stands_by(self, house, at_owner):
        packed = archive()
        offer(house, announced(package(packed), notes="<script>x</script>\n\nMore."), packed=packed)
        answer = await at_owner.post(f"{pages.HOME}/looks", follow_redirects=True)
        assert "Back up and install" in answer.text
        assert "&lt;script&gt;" in answer.text
        assert "Agora 9.1.0 is there" in (await at_owner.get("/admin")).text
        begun = await at_owner.post(f"{pages.HOME}/installs")
        await house.jobs.run_until_idle()
        done = (await at_owner.get(begun.headers["location"])).text
        assert "Version 9.1.0 is ready" in done
        assert house.backups.every()[0].name in done
        assert "Version 9.1.0 is ready" in (await at_owner.get(pages.HOME)).text

    @pytest.mark.parametrize(("kind", "command"), [("package", "apt install ./agora_9.1.0"), ("source", "git pull")])
    async def test_where_the_system_updates_it_says_how(self, house, at_owner, kind, command):
        house.updates.program = Program("0.1.0", kind, house.updates.program.room)
        offer(house, announced())
        text = (await at_owner.post(f"{pages.HOME}/looks", follow_redirects=True)).text
        assert command in text
        assert "Back up and install" not in text

    async def test_a_forged_announcement_is_told_and_nothing_offered(self, house, at_owner):
        offer(house, announced(), b"Zm9yZ2Vk")
        text = (await at_owner.post(f"{pages.HOME}/looks", follow_redirects=True)).text
        assert "not signed" in text
        assert "Back up and install" not in text

    async def test_nothing_stands_by_nothing_is_started(self, house, at_owner):
        assert (await at_owner.post(f"{pages.HOME}/restarts")).status_code == 422

    async def test_it_is_a_super_admins(self, house, at_admin):
        assert (await at_admin.get(pages.HOME)).status_code == 403
        assert (await at_admin.post(f"{pages.HOME}/installs")).status_code == 403
        assert "Agora 9.1.0 is there" not in (await at_admin.get("/admin")).text


class TestLicences:
    async def test_every_part_is_listed_with_its_licence_and_text(self, at_admin):
        text = (await at_admin.get("/admin/licences")).text
        for name in ("fastapi", "SQLAlchemy", "psycopg-binary", "Python", "htmx.org", "lucide-static"):
            assert f">{name}</a>" in text
        one = (await at_admin.get("/admin/licences/javascript/@tiptap/core")).text
        assert "Permission is hereby granted" in one
        assert (await at_admin.get("/admin/licences/python/../../etc/passwd")).status_code == 404

    def test_none_is_without_one(self):
        assert not [part.name for part in inventory() if not part.licence and not part.text]

    def test_a_licence_is_named_by_whatever_names_it(self):
        assert licence_of({"license_expression": "MIT", "license": "x"}) == "MIT"
        assert licence_of({"license": "BSD"}) == "BSD"
        long = {"license": "Copyright …\n" * 50, "classifier": ["License :: OSI Approved :: ISC License (ISCL)"]}
        assert licence_of(long) == "ISC License (ISCL)"
        assert licence_of({}) == ""
