"""New versions: believed only when signed, put in place after a backup, and never in the place of what runs."""

import base64
import io
import json
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, Invalid, NotAllowed
from engine.core.jobs import Job, JobStatus
from engine.core.programsettings import ProgramSettings
from engine.operations.ports import MemoryDownloads
from engine.operations.updates import release, standing_by
from engine.operations.updates.numbers import is_newer
from engine.operations.updates.release import this_machine
from engine.operations.updates.updates import Program
from tests.factories import people

ADDRESS = "https://updates.example.org/agora.json"
ARCHIVE = "https://updates.example.org/agora.tar.gz"
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()


def signed(body: bytes, key: Ed25519PrivateKey = KEY) -> bytes:
    return base64.b64encode(key.sign(body))


def announced(package: dict[str, Any] | None = None, **changes: Any) -> bytes:
    said = {"version": "9.1.0", "notes": "Better.", "packages": {this_machine(): package} if package else {}}
    return json.dumps({**said, **changes}).encode()


def archive(says: str = "9.1.0", *others: tarfile.TarInfo) -> bytes:
    """Return an archive with a program that says which version it is, and whatever else."""
    buffer, script = io.BytesIO(), f'#!/bin/sh\necho "Agora {says}"\n'.encode()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        program = tarfile.TarInfo("agora/agora")
        program.size, program.mode = len(script), 0o755
        packed.addfile(program, io.BytesIO(script))
        for other in others:
            packed.addfile(other, io.BytesIO(b"x" * other.size))
    return buffer.getvalue()


def member(name: str, link: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.size = 0 if link else 1
    if link:
        found.type, found.linkname = tarfile.SYMTYPE, link
    return found


@pytest.fixture
def database_url(sqlite_url):
    """It knows no database."""
    return sqlite_url


@pytest.fixture
async def house(house: Ports, tmp_path: Path) -> Ports:
    """A house that asks for new versions, on a folder that may stand aside."""
    house.updates.program = Program("0.1.0", "folder", tmp_path / "program")
    async with house.db.write() as tx:
        sent = {"updateAddress": ADDRESS, "updateKey": PUBLIC}
        await house.settings.save(tx, Actor.system(), ProgramSettings, sent)
    await house.settings.refresh()
    return house


def offer(house: Ports, body: bytes, signature: bytes | None = None, packed: bytes = b"") -> MemoryDownloads:
    """Put an announcement where the house looks."""
    files = {ADDRESS: body, f"{ADDRESS}.sig": signature or signed(body), ARCHIVE: packed}
    house.updates.downloads = MemoryDownloads(files)
    return house.updates.downloads


def package(packed: bytes, **changes: Any) -> dict[str, Any]:
    return {"url": ARCHIVE, "sha256": sha256(packed).hexdigest(), "size": len(packed), **changes}


async def install(house: Ports, actor: Actor) -> Job:
    """Have the version that is announced put in place; return how its job ended."""
    await house.updates.look()
    job_id = await house.updates.begin(house.db, actor)
    await house.jobs.run_until_idle()
    async with house.db.read() as session:
        found = await session.get(Job, job_id)
    assert found is not None
    return found


class TestVersions:
    @pytest.mark.parametrize(
        ("one", "other", "answer"),
        [
            ("1.10", "1.9", True),
            ("1.2.0", "1.2", False),
            ("1.2", "1.2.0.1", False),
            ("0.1.0", "0.1.0", False),
            ("2", "1.99.99", True),
            ("", "0.1", False),
            ("0.2", "0.1.0.dev3+g1", True),
        ],
    )
    def test_numbers_are_compared_as_numbers(self, one: str, other: str, answer: bool) -> None:
        assert is_newer(one, other) is answer


class TestAnnouncement:
    def test_what_is_signed_is_read(self) -> None:
        body = announced(package(b"abc"))
        found = release.read(body, signed(body) + b"\n", PUBLIC)
        assert (found.version, found.notes, found.package() is not None) == ("9.1.0", "Better.", True)
        assert found.package("plan9-mips") is None

    @pytest.mark.parametrize("how", ["other key", "other body", "no signature", "not base64", "empty", "cut"])
    def test_what_is_not_is_not(self, how: str) -> None:
        body = announced()
        signature = {
            "other key": signed(body, Ed25519PrivateKey.generate()),
            "other body": signed(body + b" "),
            "no signature": b"",
            "not base64": b"\xff\xfe<html>",
            "empty": base64.b64encode(b""),
            "cut": base64.b64encode(KEY.sign(body)[:-1]),
        }[how]
        with pytest.raises(Invalid, match="not signed"):
            release.read(body, signature, PUBLIC)

    @pytest.mark.parametrize(
        "changes",
        [
            {"version": "9.1.0; rm -rf /"},
            {"version": "../../9"},
            {"version": "9.1.0\n"},
            {"version": 9},
            {"notes": "x" * 20_001},
            {"packages": {"linux-x86_64": package(b"", url="http://updates.example.org/a", size=1)}},
            {"packages": {"linux-x86_64": package(b"a", url="file:///etc/passwd")}},
            {"packages": {"linux-x86_64": package(b"a", sha256="ABC")}},
            {"packages": {"linux-x86_64": package(b"a", size=-1)}},
            {"packages": {"linux-x86_64": package(b"a", size=10**12)}},
            {"packages": [1]},
        ],
    )
    def test_even_signed_nonsense_is_refused(self, changes: dict[str, Any]) -> None:
        body = announced(**changes)
        with pytest.raises(Invalid, match="cannot be read"):
            release.read(body, signed(body), PUBLIC)

    @pytest.mark.parametrize(
        "values", [{"updateAddress": "http://x.example"}, {"updateKey": "QUJD"}, {"updateKey": "?"}]
    )
    def test_the_settings_take_only_what_can_be_checked(self, values: dict[str, str]) -> None:
        with pytest.raises(ValidationError):
            ProgramSettings.model_validate(values)


class TestLook:
    async def test_a_newer_version_is_told_and_an_older_is_not(self, house: Ports) -> None:
        offer(house, announced())
        await house.updates.look()
        assert house.updates.available is not None
        offer(house, announced(version="0.0.9"))
        await house.updates.look()
        assert house.updates.available is None

    async def test_a_forged_one_is_told_as_a_problem(self, house: Ports) -> None:
        offer(house, announced(), b"Zm9yZ2Vk")
        assert "not signed" in (await house.updates.look()).problem
        assert house.updates.available is None

    async def test_without_an_address_nobody_is_asked(self, house: Ports) -> None:
        async with house.db.write() as tx:
            await house.settings.save(tx, Actor.system(), ProgramSettings, {"updateAddress": ""})
        await house.settings.refresh()
        offer(house, announced())
        async with house.db.write() as tx:
            tx.enqueue("update.look")
        await house.jobs.run_until_idle()
        assert house.updates.seen.at == ""


class TestInstall:
    async def test_a_backup_first_then_the_version_stands_by(self, house: Ports, owner: Actor) -> None:
        packed = archive()
        offer(house, announced(package(packed)), packed=packed)
        done = await install(house, owner)
        assert done.status == JobStatus.SUCCEEDED, done.error
        assert [one.name for one in house.backups.every()] == [done.result["backup"]]
        following = house.updates.following
        assert following is not None
        assert (following.version, following.state, following.program.is_file()) == ("9.1.0", "staged", True)
        assert not list(house.updates.program.room.glob(".*"))

    @pytest.mark.parametrize("how", ["another checksum", "another size", "longer", "another version", "broken"])
    async def test_what_was_not_announced_changes_nothing(self, house: Ports, owner: Actor, how: str) -> None:
        packed = archive("1.0.0" if how == "another version" else "9.1.0")
        changes: dict[str, Any] = {"another checksum": {"sha256": "0" * 64}, "another size": {"size": 10**6}}.get(
            how, {}
        )
        sent = {"longer": packed + b"x", "broken": packed}.get(how, packed)
        if how == "broken":
            packed = sent = b"\x1f\x8b no archive"
        offer(house, announced(package(packed, **changes)), packed=sent)
        done = await install(house, owner)
        assert done.status == JobStatus.FAILED
        assert house.updates.following is None
        assert not (house.updates.program.room / standing_by.NOTE).exists()

    @pytest.mark.parametrize(
        "hostile",
        [
            member("../evil"),
            member("/etc/evil"),
            member("agora/../../evil"),
            member("agora/link", "/etc"),
            member("agora/link", "../../outside"),
            member("elsewhere/file"),
        ],
        ids=lambda one: f"{one.name} {one.linkname}",
    )
    async def test_an_archive_that_leads_out_of_its_folder_is_refused(
        self, house: Ports, owner: Actor, hostile: tarfile.TarInfo
    ) -> None:
        packed = archive("9.1.0", hostile)
        offer(house, announced(package(packed)), packed=packed)
        done = await install(house, owner)
        assert done.status == JobStatus.FAILED
        assert not list(house.updates.program.room.parent.rglob("evil"))
        assert house.updates.following is None

    async def test_nobody_below_a_super_admin_and_nothing_a_system_updates(self, house: Ports, owner: Actor) -> None:
        offer(house, announced())
        await house.updates.look()
        with pytest.raises(NotAllowed):
            await house.updates.begin(house.db, await people.account(house, Role.ADMIN))
        house.updates.program = Program("0.1.0", "package", house.updates.program.room)
        with pytest.raises(Conflict, match="system it came with"):
            await house.updates.begin(house.db, owner)
        house.updates.program = Program("9.1.0", "folder", house.updates.program.room)
        with pytest.raises(Conflict, match=r"no newer version than 9\.1\.0"):
            await house.updates.begin(house.db, owner)
        assert await house.db.query(house.updates.running) is None
