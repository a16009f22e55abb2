"""Backups that are damaged, cut off, sealed, hostile, or do not fit: a sentence, and nothing is touched."""

import errno
import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import pytest

from adapters.backups.sqlite import SqliteCopies
from engine.core.errors import AgoraError, Invalid, NotFound, Unavailable
from engine.core.ports import SystemClock
from engine.operations.backups import making, restoring
from engine.operations.backups.archive import ArchiveWriter
from engine.operations.backups.making import Ground
from engine.operations.backups.sealing import CHUNK, HEADER, TAG
from tests.factories.backups import PASSPHRASE, made, tampered

PICTURE = bytes(range(256)) * 1_000


@pytest.fixture
def on(tmp_path: Path, sqlite_template: Path) -> Ground:
    folder = tmp_path / "house"
    (folder / "files/media").mkdir(parents=True)
    (folder / "files/media/one").write_bytes(PICTURE)
    (folder / "secrets.json").write_text("{}")
    shutil.copy(sqlite_template, folder / "agora.sqlite3")
    return Ground(folder, SqliteCopies(folder / "agora.sqlite3"), SystemClock(), "1")


def refused(on: Ground, path: Path, passphrase: str = "") -> str:
    """Return why a backup is not put back; nothing has changed then, and nothing is left behind."""
    with pytest.raises((Invalid, Unavailable)) as refusal:
        restoring.stage(on, path, passphrase)
    with on.shelf.scratch() as scratch, pytest.raises((Invalid, Unavailable)):
        making.verify(on.copies, path, passphrase, scratch)
    assert not (on.folder / restoring.ROOM).exists()
    assert (on.files / "media/one").read_bytes() == PICTURE
    return str(refusal.value)


def said_by(path: Path, **changes: Any) -> bytes:
    """Return the manifest of a backup with other things said in it."""
    with zipfile.ZipFile(path) as archive:
        return json.dumps({**json.loads(archive.read("manifest.json")), **changes}).encode()


class TestSealed:
    def test_only_its_passphrase_opens_it_and_nothing_of_it_can_be_read(self, on: Ground) -> None:
        path = made(on, passphrase=PASSPHRASE)
        data = path.read_bytes()
        assert b"SQLite" not in data
        assert b"manifest" not in data
        assert refused(on, path) == "This backup is sealed. Give its passphrase."
        assert refused(on, path, "another passphrase") == "That is not the passphrase of this backup."
        restoring.stage(on, path, PASSPHRASE)

    def test_a_short_passphrase_seals_nothing(self, on: Ground) -> None:
        with pytest.raises(Invalid, match="has 5 characters; 8 are the least"):
            made(on, passphrase="short")
        assert on.shelf.backups() == []

    @pytest.mark.parametrize("keep", [0, 10, HEADER, HEADER + 20, HEADER + CHUNK + TAG, -1, -TAG])
    def test_one_that_was_cut_off_anywhere_is_found_out(self, on: Ground, keep: int) -> None:
        path = made(on, passphrase=PASSPHRASE)
        path.write_bytes(path.read_bytes()[:keep])
        assert "damaged or not whole" in refused(on, path, PASSPHRASE) or keep < 8

    def test_chunks_cannot_change_places(self, on: Ground) -> None:
        path = made(on, passphrase=PASSPHRASE)
        data, size = path.read_bytes(), CHUNK + TAG
        first, second = data[HEADER : HEADER + size], data[HEADER + size : HEADER + 2 * size]
        path.write_bytes(data[:HEADER] + second + first + data[HEADER + 2 * size :])
        assert "damaged" in refused(on, path, PASSPHRASE)

    @pytest.mark.parametrize("at", [9, 30, HEADER - 1, HEADER + 5, HEADER + CHUNK, -3])
    def test_one_flipped_bit_is_found_out(self, on: Ground, at: int) -> None:
        path = made(on, passphrase=PASSPHRASE)
        data = bytearray(path.read_bytes())
        data[at] ^= 1
        path.write_bytes(data)
        assert refused(on, path, PASSPHRASE)


class TestHostile:
    @pytest.mark.parametrize(
        "name",
        ["files/../../outside", "/etc/passwd", "files//two", "files/a\\b", "files/C:evil", "files/.. /a", "other/one",
         "files/", "agora.sqlite3", "files/a\x01b"],
    )  # fmt: skip
    def test_names_that_lead_elsewhere(self, on: Ground, name: str) -> None:
        path = made(on)
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read("manifest.json"))
        said["members"].append({"name": name, "size": 1, "sha256": "0" * 64})
        hostile = tampered(path, {name: b"x"}, json.dumps(said).encode())
        assert "holds what no backup of Agora does" in refused(on, hostile)

    def test_what_the_manifest_does_not_name(self, on: Ground) -> None:
        hostile = tampered(made(on), {"files/more": b"x"})
        assert refused(on, hostile) == "What this backup holds is not what it says. Take another one."

    def test_links(self, on: Ground) -> None:
        path = made(on)
        linked = path.with_name("linked.zip")
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(linked, "w") as new:
            for entry in old.infolist():
                data = old.read(entry)
                if entry.filename == "files/media/one":
                    entry.external_attr = 0o120777 << 16
                new.writestr(entry, data)
        assert "holds what no backup of Agora does" in refused(on, linked)

    def test_a_bomb_is_not_unpacked(self, on: Ground) -> None:
        path = made(on)
        hostile = tampered(path, {"files/media/one": b"\0" * 300_000_000})
        assert hostile.stat().st_size < 2_000_000
        assert refused(on, hostile) == "The backup is damaged at “files/media/one”. Take another one."

    def test_one_that_says_it_is_larger_than_the_disk(self, on: Ground) -> None:
        path = made(on)
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read("manifest.json"))
        said["members"][0]["size"] = 2**49
        with pytest.raises(Unavailable, match="MB free; this needs about"):
            restoring.stage(on, tampered(path, {}, json.dumps(said).encode()))

    @pytest.mark.parametrize("manifest", [b"", b"[]", b"{}", b"\xff\xfe", b'{"product": "agora"}', b"[" * 100_000])
    def test_a_manifest_that_says_nothing(self, on: Ground, manifest: bytes) -> None:
        assert "cannot be read" in refused(on, tampered(made(on), {}, manifest))

    def test_one_of_a_later_format(self, on: Ground) -> None:
        path = made(on)
        hostile = tampered(path, {}, said_by(path, format=2, more={}))
        assert refused(on, hostile) == "A newer Agora made this backup. Install that version to open it."

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a zip", b"PK\x05\x06" + b"\0" * 18, b"\x1f\x8b" * 99])
    def test_what_is_no_backup(self, on: Ground, tmp_path: Path, data: bytes) -> None:
        path = tmp_path / "some.zip"
        path.write_bytes(data)
        assert refused(on, path)

    def test_a_database_that_is_none(self, on: Ground) -> None:
        path = made(on)
        junk = b"SQLite format 3\0" + b"junk" * 5_000
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read("manifest.json"))
        said["members"][0] |= {"size": len(junk), "sha256": hashlib.sha256(junk).hexdigest()}
        hostile = tampered(path, {"database.sqlite3": junk}, json.dumps(said).encode())
        assert "The database in the backup is damaged" in refused(on, hostile)

    def test_a_database_with_fewer_rows_than_the_manifest_says(self, on: Ground) -> None:
        path = made(on)
        assert "orders in the backup has 0 rows, and should have 5" in refused(
            on, tampered(path, {}, said_by(path, rows={"orders": 5, **_others(path)}))
        )

    @pytest.mark.parametrize("name", ["../secrets.json", "secrets.json", ".scratch-1/x.zip", "", "a/b.zip", "x.zip\0"])
    def test_names_that_are_no_backup_find_nothing(self, on: Ground, name: str) -> None:
        with pytest.raises(NotFound):
            on.shelf.backup(name)


class TestTorn:
    @pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
    def test_an_unsealed_one_that_was_cut_off(self, on: Ground, part: float) -> None:
        path = made(on)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * part)])
        assert refused(on, path) == "The backup is damaged or not whole. Take another one."

    def test_a_disk_that_fills_while_it_is_written_leaves_nothing(
        self, on: Ground, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        add = ArchiveWriter.add

        def filling(self: ArchiveWriter, name: str, source: BinaryIO, *, is_packed: bool = True) -> None:
            add(self, name, source, is_packed=is_packed)
            if name.startswith("files/"):
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(ArchiveWriter, "add", filling)
        with pytest.raises(Unavailable, match="No space left on device"):
            made(on)
        assert [path.name for path in on.shelf.folder.iterdir()] == []

    def test_a_disk_without_room_is_told_before_it_begins(self, on: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1_000_000))
        with pytest.raises(Unavailable, match="has 1 MB free; this needs about"):
            made(on)

    def test_a_damaged_database_makes_no_backup(self, on: Ground) -> None:
        assert on.copies.place is not None
        data = bytearray(on.copies.place.read_bytes())
        data[4096 * 6 : 4096 * 9] = b"\xff" * 4096 * 3
        on.copies.place.write_bytes(data)
        with pytest.raises(AgoraError):
            made(on)
        assert on.shelf.backups() == []


def _others(path: Path) -> dict[str, int]:
    with zipfile.ZipFile(path) as archive:
        rows: dict[str, int] = json.loads(archive.read("manifest.json"))["rows"]
    return {name: count for name, count in rows.items() if name != "orders"}
