"""A site file that lies is refused with a file, a line and a reason, and changes nothing."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.api.ports import Ports
from engine.content.comments.models import Comment
from engine.content.menus.models import Menu
from engine.content.models import Redirect
from engine.content.pages.models import Page
from engine.core.errors import Invalid
from engine.core.ids import new_id
from engine.core.settings import SiteSetting
from engine.media import public as media
from engine.media.models import Media
from tests.factories.pages import block
from tests.factories.pictures import photo
from tests.factories.sites import OWNER, WholeSite, exported, imported

Lines = dict[str, list[dict[str, Any]]]
Files = dict[str, bytes]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is refused is refused before any database hears of it."""
    return sqlite_url


@pytest.fixture
async def small(house: Ports, tmp_path: Path) -> Path:
    """A site file of a page, an article, a picture, a product and two letters."""
    site = WholeSite(house)
    taken = await media.take(house.db, house.blobs, OWNER, data=photo(64, 48), filename="cat.png")
    await site.pages.page("About", block("image", image=str(taken.id)), published=True)
    await site.pages.article("News", block("text", text="<p>Hi</p>"), published=True)
    await site.shop.product("Bowl", sku="BOWL-1")
    await site.letters()
    await exported(house, tmp_path / "small.zip")
    return tmp_path / "small.zip"


def packed(path: Path, change: Callable[[Lines, Files, dict[str, Any]], None]) -> Path:
    """Return the same site file with something changed in it, and a manifest that is true to it."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("agora-site.json"))
        files = {name: archive.read(name) for name in archive.namelist() if name.startswith("files/")}
        lines: Lines = {
            kind: [json.loads(line) for line in archive.read(f"data/{kind}.jsonl").splitlines()]
            for kind in manifest["kinds"]
        }
    said: dict[str, Any] = {}
    change(lines, files, said)
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for kind, rows in lines.items():
            data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
            manifest["kinds"][kind] = {"count": len(rows), "sha256": hashlib.sha256(data).hexdigest()}
            archive.writestr(f"data/{kind}.jsonl", data)
        for name, content in files.items():
            archive.writestr(name, content)
        for kind, one in said.pop("kinds", {}).items():
            manifest["kinds"].setdefault(kind, {}).update(one)
        archive.writestr("agora-site.json", json.dumps({**manifest, **said}))
    return target


async def counts(house: Ports) -> list[int]:
    async with house.db.read() as session:
        kinds = (Page, Comment, Menu, Redirect, Media, SiteSetting)
        return [await session.scalar(select(func.count()).select_from(kind)) for kind in kinds]


def first(kind: str, **values: Any) -> Callable[[Lines, Files, dict[str, Any]], None]:
    return lambda lines, _files, _said: lines[kind][0].update(values)


def _twice(lines: Lines, _files: Files, _said: dict[str, Any]) -> None:
    lines["pages"].append(lines["pages"][0])


def _other_bytes(_lines: Lines, files: Files, _said: dict[str, Any]) -> None:
    name = next(iter(files))
    files[name] = files[name][:-1] + b"!"


def _no_bytes(_lines: Lines, files: Files, _said: dict[str, Any]) -> None:
    files.clear()


def _no_variant(lines: Lines, _files: Files, _said: dict[str, Any]) -> None:
    lines["products"][0]["variants"] = []


def _version(lines: Lines, _files: Files, _said: dict[str, Any]) -> None:
    lines["pages"][0]["versions"][0]["content"] = {"title": "x", "blocks": {"no": "list"}}


def _loop(lines: Lines, _files: Files, _said: dict[str, Any]) -> None:
    lines["pages"][0]["parentId"] = lines["pages"][0]["id"]


def _deep(lines: Lines, _files: Files, _said: dict[str, Any]) -> None:
    value: Any = []
    for _level in range(900):
        value = [value]
    lines["menus"][0]["items"] = value


def _said(**values: Any) -> Callable[[Lines, Files, dict[str, Any]], None]:
    return lambda _lines, _files, said: said.update(values)


LIES = {
    "newer": (_said(version=2), "version 2"),
    "no version": (_said(version="one"), "no version"),
    "another format": (_said(format="zip"), "does not say so"),
    "a false count": (_said(kinds={"pages": {"count": 7}}), "has 7 lines|says that"),
    "a false digest": (_said(kinds={"pages": {"sha256": "0" * 64}}), "pages.jsonl is not the file"),
    "a kind outside": (_said(kinds={"../../etc": {"count": 1, "sha256": ""}}), "etc"),
    "a missing kind": (_said(kinds={"poems": {"count": 1, "sha256": ""}}), "poems.jsonl is missing"),
    "an unknown field": (first("pages", isAdmin=True), "pages.jsonl, line 1: .*isAdmin"),
    "no id": (first("pages", id="1"), "pages.jsonl, line 1: .*id"),
    "no state": (first("pages", status="gone"), "status"),
    "a false state": (first("pages", status="draft"), "not true"),
    "no moment": (first("pages", createdAt="2026-01-01"), "createdAt"),
    "a slow password": (first("pages", passwordHash="$2b$31$" + "a" * 53), "password"),
    "a title with U+0000": (first("pages", title="a\0b"), "title"),
    "a number too large": (first("pages", position=2**40), "position"),
    "a parent from nowhere": (first("pages", parentId=str(new_id())), "line 1: .*no earlier line"),
    "below itself": (_loop, "no earlier line|stand below"),
    "the same twice": (_twice, "line 3: .*earlier line"),
    "a draft that is not there": (first("pages", draftVersionId=str(new_id())), "versions"),
    "blocks that are none": (_version, "pages.jsonl, line 1"),
    "a letter of words that are nobody's": (first("email-templates", subject="{{ nope }}"), "email-templates.jsonl"),
    "a letter that nobody writes": (first("email-templates", purpose="ransom"), "ransom"),
    "a menu too deep": (_deep, "menus.jsonl, line 1"),
    "other bytes": (_other_bytes, "media.jsonl, line 1: .*not the one"),
    "no bytes": (_no_bytes, "media.jsonl, line 1: .*missing"),
    "a picture of nothing": (first("media", filename=None), "filename"),
    "a focus outside": (first("media", focusX=400), "400"),
    "nothing to buy": (_no_variant, "products.jsonl, line 1"),
    "a price below nothing": (
        lambda lines, _files, _said: lines["products"][0]["variants"][0].update(priceMinor=-5),
        "below nothing",
    ),
    "a setting that cannot be": (
        lambda lines, _files, _said: lines["settings"].append({"key": "theme", "value": {"accentColor": "red;}"}}),
        "accentColor",
    ),
}


async def test_every_lie_is_named_and_changes_nothing(house: Ports, small: Path) -> None:
    before = await counts(house)
    for lie, (change, reason) in LIES.items():
        with pytest.raises(Invalid, match=f"(?s){reason}"):
            await imported(house, packed(small, change))
            pytest.fail(f"{lie}: it was taken")
    assert await counts(house) == before


def _raw(path: Path, make: Callable[[zipfile.ZipFile], None]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        make(archive)
    return path


TRAPS: dict[str, tuple[Callable[[zipfile.ZipFile], None], str]] = {
    "outside": (lambda archive: archive.writestr("../../x", b"1"), "outside"),
    "absolute": (lambda archive: archive.writestr("/etc/x", b"1"), "outside"),
    "a bomb": (lambda archive: archive.writestr("data/pages.jsonl", b"0" * 60_000_000), "trap"),
    "no manifest": (lambda archive: archive.writestr("x", b"1"), "agora-site.json is missing"),
    "a manifest of nothing": (lambda archive: archive.writestr("agora-site.json", b"[" * 100_000), "no JSON"),
}


async def test_no_trap_is_opened(house: Ports, tmp_path: Path) -> None:
    for make, reason in TRAPS.values():
        with pytest.raises(Invalid, match=reason):
            await imported(house, _raw(tmp_path / "trap.zip", make))
    (tmp_path / "none.zip").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(Invalid, match="no site file"):
        await imported(house, tmp_path / "none.zip")
    assert await counts(house) == [0, 0, 3, 0, 0, 0]


async def test_script_is_cleaned_out_of_everything(house: Ports, small: Path) -> None:
    bad = '<p>Hi<script>alert(1)</script><a href="javascript:alert(1)" onclick="x()">x</a></p>'

    def change(lines: Lines, _files: Files, _said: dict[str, Any]) -> None:
        for page in lines["pages"]:
            page.update(id=str(new_id()), updatedAt="2999-01-01T00:00:00+00:00")
            version = page["versions"][0]
            version["id"] = page["draftVersionId"] = page["publishedVersionId"] = str(new_id())
            version["content"]["blocks"] = [{"id": "a", "type": "text", "settings": {"text": bad}}]
        lines["products"][0].update(description=bad, updatedAt="2999-01-01T00:00:00+00:00")

    report = await imported(house, packed(small, change), replaces=True)
    assert report["counts"]["pages"] == {"created": 2}
    assert report["counts"]["products"] == {"updated": 1}
    after = await exported(house, small.with_name("after.zip"))
    kept = b"".join(lines for name, lines in after.items() if name.startswith("data/")).decode()
    assert "Hi" in kept
    assert "<script" not in kept
    assert "onclick" not in kept


async def test_what_could_not_come_in_again_does_not_go_out_and_is_named(house: Ports, tmp_path: Path) -> None:
    async with house.db.write() as tx:
        tx.add(Redirect(source_path="//from/elsewhere", target_url="/about"))
    found = await house.sites.export_to(house.db, OWNER, tmp_path / "x.zip", with_entries=False, tell=nothing)
    assert found["counts"]["redirects"] == 0
    assert [(one["kind"], one["title"]) for one in found["left"]] == [("redirects", "//from/elsewhere")]
    assert "no path" in found["left"][0]["reason"]
    assert (await imported(house, tmp_path / "x.zip"))["problems"] == []


async def nothing(_done: int, _total: int) -> None: ...
