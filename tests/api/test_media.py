"""`/media` over HTTP: what goes in, what comes out under which address, and what browsers are told of it."""

import base64
from io import BytesIO

import pytest
from httpx import AsyncClient
from PIL import Image

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from tests.factories import people
from tests.factories.files import DRAWING, HOSTILE_DRAWING, pdf, wav
from tests.factories.pictures import photo

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
async def editor(client: AsyncClient, house: Ports, owner: Actor) -> AsyncClient:
    """An editor's program."""
    assert owner.is_staff
    client.headers.update(await people.bearer(house, await people.account(house, Role.EDITOR)))
    return client


async def sent(client: AsyncClient, data: bytes, name: str = "photo.jpg", **more: str) -> dict:
    answer = await client.post("/api/v1/media", files={"file": (name, data)}, data=more)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


class TestUpload:
    async def test_a_picture_answers_201_and_its_variants_when_they_are_ready(
        self, editor: AsyncClient, house: Ports
    ) -> None:
        answer = await editor.post("/api/v1/media", files={"file": ("photo.jpg", photo(2400, 1800), "image/png")})
        assert answer.status_code == 201
        made = answer.json()
        assert (made["width"], made["height"], made["mimeType"], made["size"]) == (
            2400,
            1800,
            "image/jpeg",
            len(photo(2400, 1800)),
        )
        assert made["variants"]["medium"].endswith("/medium.webp")
        assert made["variants"]["full"] is None
        assert made["isReady"] is False
        await house.jobs.run_until_idle()
        ready = (await editor.get(f"/api/v1/media/{made['id']}")).json()
        assert ready["isReady"] is True
        assert all(ready["variants"].values())
        for address in (ready["url"], *ready["variants"].values()):
            shown = await editor.get(address)
            assert shown.headers["content-type"] == "image/webp"

    async def test_the_same_bytes_answer_200_with_the_item_that_is_here(self, editor: AsyncClient) -> None:
        first = await sent(editor, photo())
        again = await editor.post("/api/v1/media", files={"file": ("other-name.jpg", photo())})
        assert again.status_code == 200
        assert (again.json()["id"], again.json()["existed"]) == (first["id"], True)
        assert first["existed"] is False

    async def test_what_is_not_taken_is_refused_by_its_content(self, editor: AsyncClient) -> None:
        answer = await editor.post("/api/v1/media", files={"file": ("a.jpg", b"<!doctype html><script>x</script>")})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "file"
        assert "web page" in answer.json()["detail"]
        assert (await editor.get("/api/v1/media")).json()["total"] == 0

    async def test_words_folder_tags_and_focal_point_are_kept(self, editor: AsyncClient, house: Ports) -> None:
        made = await sent(editor, photo(), alt="A mug", folder="Shop/Mugs")
        changes = {"tags": ["red", "new"], "focalPoint": {"x": 20, "y": 80}, "isDecorative": False}
        answer = await editor.patch(f"/api/v1/media/{made['id']}", json=changes)
        kept = answer.json()
        assert (kept["alt"], kept["folder"], sorted(kept["tags"])) == ("A mug", "Shop/Mugs", ["new", "red"])
        assert kept["focalPoint"] == {"x": 20, "y": 80}
        listed = (await editor.get("/api/v1/media", params={"folder": "Shop", "tag": "RED", "kind": "image"})).json()
        assert [one["id"] for one in listed["items"]] == [made["id"]]

    @pytest.mark.parametrize(
        "changes",
        [
            {"focalPoint": {"x": 101, "y": 0}},
            {"alt": "x" * 301},
            {"tags": ["x" * 61]},
            {"folder": "a/b/c/d/e/f/g"},
            {"alt": "A mug", "isDecorative": True},
            {"url": "/x"},
        ],
    )
    async def test_what_does_not_fit_is_refused(self, editor: AsyncClient, changes: dict) -> None:
        made = await sent(editor, photo())
        assert (await editor.patch(f"/api/v1/media/{made['id']}", json=changes)).status_code == 422
        assert (await editor.get(f"/api/v1/media/{made['id']}")).json()["alt"] == ""


class TestServing:
    async def test_a_drawing_is_sealed_wherever_it_is_opened(self, editor: AsyncClient) -> None:
        made = await sent(editor, HOSTILE_DRAWING, "logo.svg")
        shown = await editor.get(made["url"])
        assert shown.headers["content-type"] == "image/svg+xml"
        assert "sandbox" in shown.headers["content-security-policy"]
        assert shown.headers["content-disposition"].startswith("attachment")
        assert shown.headers["x-content-type-options"] == "nosniff"
        for evil in (b"script", b"onload", b"http://evil", b"foreignObject", b"javascript"):
            assert evil not in shown.content
        assert set(made["variants"].values()) == {made["url"]}

    async def test_a_document_opens_under_its_name_and_has_a_preview(self, editor: AsyncClient) -> None:
        made = await sent(editor, pdf(), "Menü 2026.pdf")
        shown = await editor.get(made["url"])
        assert shown.headers["content-type"] == "application/pdf"
        assert shown.headers["content-disposition"].startswith("inline")
        assert "Men%C3%BC%202026.pdf" in shown.headers["content-disposition"]
        assert shown.content == pdf()
        preview = Image.open(BytesIO((await editor.get(made["variants"]["medium"])).content))
        assert preview.size[0] == 800

    async def test_parts_of_a_sound_are_answered_as_players_ask(self, editor: AsyncClient) -> None:
        made = await sent(editor, wav(), "bell.wav")
        for asked, told, data in (
            ("bytes=0-9", f"bytes 0-9/{len(wav())}", wav()[:10]),
            ("bytes=-4", f"bytes {len(wav()) - 4}-{len(wav()) - 1}/{len(wav())}", wav()[-4:]),
            ("bytes=40-", f"bytes 40-{len(wav()) - 1}/{len(wav())}", wav()[40:]),
        ):
            part = await editor.get(made["url"], headers={"Range": asked})
            assert (part.status_code, part.headers["content-range"], part.content) == (206, told, data)
        assert (await editor.get(made["url"], headers={"Range": "bytes=99999-"})).status_code == 416
        assert (await editor.get(made["url"], headers={"Range": "nonsense"})).status_code == 200

    async def test_a_pictures_original_has_no_public_address(self, editor: AsyncClient) -> None:
        made = await sent(editor, photo())
        base = made["url"].rpartition("/")[0]
        for name in (
            "original.jpg",
            "file.jpg",
            "file.webp",
            "drawing.svg",
            "medium.svg",
            "thumbnail",
            "..%2foriginal",
        ):
            assert (await editor.get(f"{base}/{name}")).status_code == 404

    async def test_in_the_bin_a_file_has_no_public_address(self, editor: AsyncClient) -> None:
        made = await sent(editor, photo())
        assert (await editor.delete(f"/api/v1/media/{made['id']}")).status_code == 204
        assert (await editor.get(made["url"])).status_code == 404
        assert (await editor.post(f"/api/v1/media/{made['id']}/restore")).json()["deletedAt"] is None
        assert (await editor.get(made["url"])).status_code == 200

    async def test_only_what_is_in_the_bin_is_purged(self, editor: AsyncClient, house: Ports) -> None:
        made = await sent(editor, photo())
        assert (await editor.post(f"/api/v1/media/{made['id']}/purge")).status_code == 409
        await editor.delete(f"/api/v1/media/{made['id']}")
        assert (await editor.post(f"/api/v1/media/{made['id']}/purge")).status_code == 204
        await house.jobs.run_until_idle()
        assert not await house.blobs.exists(f"media/{made['id']}/original.jpg")
        assert (await editor.get(f"/api/v1/media/{made['id']}")).status_code == 404

    async def test_a_replaced_files_id_stays_and_its_addresses_change(self, editor: AsyncClient, house: Ports) -> None:
        made = await sent(editor, photo())
        await house.jobs.run_until_idle()
        answer = await editor.post(
            f"/api/v1/media/{made['id']}/replacement", files={"file": ("b.jpg", photo(640, 480))}
        )
        assert answer.json()["width"] == 640
        old = await editor.get(made["variants"]["medium"])
        assert (old.status_code, old.headers["cache-control"]) == (307, "no-store")
        assert (await editor.get(old.headers["location"])).status_code == 200
        await house.jobs.run_until_idle()
        ready = (await editor.get(f"/api/v1/media/{made['id']}")).json()
        shown = Image.open(BytesIO((await editor.get(ready["url"])).content))
        assert shown.size == (640, 480)
        original = await editor.get(f"/api/v1/media/{made['id']}/original")
        assert original.content == photo(640, 480)
        assert not await house.blobs.exists(f"media/{made['id']}/original.jpg")


def announced(size: int, name: str = "photo.jpg", folder: str = "") -> dict[str, str]:
    words = {"filename": name, "folder": folder}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in words.items() if value)
    return {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata}


class TestUploadInParts:
    async def test_it_is_taken_up_where_the_line_broke(self, editor: AsyncClient) -> None:
        data = photo()
        begun = await editor.post("/api/v1/media/uploads", headers=announced(len(data), folder="Shop"))
        assert begun.status_code == 201
        place = begun.headers["location"]
        cut = len(data) // 3
        part = await editor.patch(place, headers={**PART, "Upload-Offset": "0"}, content=data[:cut])
        assert (part.status_code, part.headers["upload-offset"]) == (204, str(cut))
        asked = await editor.head(place, headers=TUS)
        assert (asked.headers["upload-offset"], asked.headers["upload-length"]) == (str(cut), str(len(data)))
        wrong = await editor.patch(place, headers={**PART, "Upload-Offset": "0"}, content=data[:cut])
        assert wrong.status_code == 409
        rest = await editor.patch(place, headers={**PART, "Upload-Offset": str(cut)}, content=data[cut:])
        assert rest.status_code == 204
        made = (await editor.get(f"/api/v1/media/{rest.headers['media-id']}")).json()
        assert (made["filename"], made["folder"], made["size"]) == ("photo.jpg", "Shop", len(data))
        assert (await editor.head(place, headers=TUS)).headers["media-id"] == made["id"]

    async def test_a_small_one_comes_with_its_announcement(self, editor: AsyncClient, house: Ports) -> None:
        headers = {**announced(len(photo())), "Content-Type": PART["Content-Type"]}
        begun = await editor.post("/api/v1/media/uploads", headers=headers, content=photo())
        assert begun.headers["media-existed"] == "false"
        again = await editor.post("/api/v1/media/uploads", headers=headers, content=photo())
        assert again.headers["media-existed"] == "true"
        assert again.headers["media-id"] == begun.headers["media-id"]
        upload_id = begun.headers["location"].rpartition("/")[2]
        assert not await house.blobs.exists(f"uploads/{upload_id}")

    async def test_a_lie_is_refused_once_it_is_whole_and_forgotten(self, editor: AsyncClient) -> None:
        lie = b"<html>" * 10
        begun = await editor.post("/api/v1/media/uploads", headers=announced(len(lie)))
        place = begun.headers["location"]
        part = await editor.patch(place, headers={**PART, "Upload-Offset": "0"}, content=lie)
        assert part.status_code == 422
        assert "web page" in part.json()["detail"]
        assert (await editor.head(place, headers=TUS)).status_code == 404

    async def test_more_than_was_announced_is_refused(self, editor: AsyncClient) -> None:
        begun = await editor.post("/api/v1/media/uploads", headers=announced(10))
        place = begun.headers["location"]
        part = await editor.patch(place, headers={**PART, "Upload-Offset": "0"}, content=b"x" * 11)
        assert part.status_code == 422
        assert (await editor.head(place, headers=TUS)).headers["upload-offset"] == "0"

    @pytest.mark.parametrize("size", ["0", "-1", "x", "", str(101 * 1024 * 1024), "9" * 30])
    async def test_a_size_that_cannot_be_is_refused_at_once(self, editor: AsyncClient, size: str) -> None:
        answer = await editor.post("/api/v1/media/uploads", headers={**TUS, "Upload-Length": size})
        assert answer.status_code == 422

    async def test_another_version_of_the_protocol_is_told_ours(self, editor: AsyncClient) -> None:
        answer = await editor.post("/api/v1/media/uploads", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "9"})
        assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0")
        assert "creation" in (await editor.options("/api/v1/media/uploads")).headers["tus-extension"]

    async def test_nobody_goes_on_with_anothers(self, editor: AsyncClient, house: Ports) -> None:
        begun = await editor.post("/api/v1/media/uploads", headers=announced(10))
        other = await people.bearer(house, await people.account(house, Role.ADMIN))
        place = begun.headers["location"]
        for method in ("HEAD", "PATCH", "DELETE"):
            headers = {**PART, **other, "Upload-Offset": "0"}
            assert (await editor.request(method, place, headers=headers)).status_code == 404

    async def test_one_that_is_given_up_is_gone(self, editor: AsyncClient, house: Ports) -> None:
        begun = await editor.post("/api/v1/media/uploads", headers=announced(10))
        place = begun.headers["location"]
        await editor.patch(place, headers={**PART, "Upload-Offset": "0"}, content=b"12345")
        assert (await editor.delete(place, headers=TUS)).status_code == 204
        assert (await editor.head(place, headers=TUS)).status_code == 404
        assert not await house.blobs.exists(f"uploads/{place.rpartition('/')[2]}")


class TestWhoMay:
    async def test_below_editor_nobody_writes_and_customers_see_nothing(
        self, editor: AsyncClient, house: Ports
    ) -> None:
        made = await sent(editor, DRAWING, "logo.svg")
        place = f"/api/v1/media/{made['id']}"
        for role, may_read in ((Role.VIEWER, True), (Role.CUSTOMER, False)):
            editor.headers.update(await people.bearer(house, await people.account(house, role)))
            assert (await editor.get(place)).status_code == (200 if may_read else 403)
            for method, path in (
                ("PATCH", place),
                ("DELETE", place),
                ("GET", f"{place}/original"),
                ("POST", f"{place}/purge"),
            ):
                body = {"json": {"alt": "x"}} if method == "PATCH" else {}
                assert (await editor.request(method, path, **body)).status_code == 403
