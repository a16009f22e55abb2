"""The media library's screens: filled, searched, described, cropped, replaced, emptied; without scripts."""

import re
from uuid import UUID

from httpx import AsyncClient

from engine.api.ports import Ports
from engine.commerce.catalog.drafts import ImageDraft
from engine.core.actor import Role
from engine.media import library
from engine.media import public as media
from tests.factories import people
from tests.factories.catalog import CatalogShelf
from tests.factories.files import DRAWING, pdf
from tests.factories.pictures import photo, uploaded
from tests.security.pages import problems_of
from tests.ui.admin.conftest import sitting

HOME = "/admin/media"


async def page_at(client: AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    assert problems_of(answer.text) == []
    return answer.text


class TestLibrary:
    async def test_an_empty_one_says_what_it_is_for(self, at_owner: AsyncClient) -> None:
        html = await page_at(at_owner, HOME)
        assert "No files yet" in html
        assert 'enctype="multipart/form-data"' in html

    async def test_several_files_come_in_at_once_without_scripts(self, at_owner: AsyncClient) -> None:
        files = [
            ("files", ("mug.jpg", photo(), "image/jpeg")),
            ("files", ("bowl.png", photo(300, 200, kind="PNG"), "image/png")),
        ]
        sent = await at_owner.post(HOME, files=files, data={"folder": "Shop/Mugs"})
        assert sent.status_code == 303
        html = await page_at(at_owner, HOME)
        assert "mug.jpg" in html
        assert "bowl.png" in html
        assert "2 files are in the library." in html
        assert "Shop/Mugs (2)" in html

    async def test_what_cannot_be_taken_is_named_and_the_rest_is_here(self, at_owner: AsyncClient) -> None:
        files = [
            ("files", ("mug.jpg", photo(), "image/jpeg")),
            ("files", ("evil.jpg", b"<html><script>", "image/jpeg")),
        ]
        sent = await at_owner.post(HOME, files=files)
        assert sent.status_code == 422
        assert "“evil.jpg” is a web page" in sent.text
        assert problems_of(sent.text) == []
        assert "mug.jpg" in await page_at(at_owner, HOME)

    async def test_none_at_all_says_what_to_do(self, at_owner: AsyncClient) -> None:
        sent = await at_owner.post(HOME, data={"folder": ""})
        assert sent.status_code == 422
        assert "Choose one or more files first." in sent.text

    async def test_it_is_narrowed_by_what_is_to_do(self, at_owner: AsyncClient, house: Ports) -> None:
        used, unused = await uploaded(house), await uploaded(house, photo(500, 400), filename="unused.jpg")
        await CatalogShelf(house.db).product("Mug", images=(ImageDraft(media_id=used.id),))
        html = await page_at(at_owner, f"{HOME}?view=unused")
        assert f"{HOME}/{unused.id}" in html
        assert f"{HOME}/{used.id}" not in html
        assert "unused.jpg" in await page_at(at_owner, f"{HOME}?view=missing-alt&kind=image&q=UNUS&folder=-")
        assert "No file fits" in await page_at(at_owner, f"{HOME}?tag=nothing")

    async def test_selected_files_are_moved_deleted_restored_and_purged(
        self, at_owner: AsyncClient, house: Ports
    ) -> None:
        found = await uploaded(house)
        for act, more, seen in (
            ("move", {"folder": "A/B"}, "1 file is moved."),
            ("trash", {}, "1 file is in the bin."),
            ("restore", {}, "1 file is back."),
            ("trash", {}, "1 file is in the bin."),
            ("purge", {}, "1 file is gone for good."),
        ):
            sent = await at_owner.post(f"{HOME}/selection", data={"act": act, "selected": str(found.id), **more})
            assert sent.status_code == 303
            assert seen in await page_at(at_owner, HOME)
        assert await house.db.query(media.file_of, found.id) is None

    async def test_below_editor_nobody_comes_in(self, client: AsyncClient, house: Ports, owner: object) -> None:
        viewer = await people.account(house, Role.VIEWER)
        sitting(client, await people.cookie(house, viewer))
        assert (await client.get(HOME)).status_code == 403
        assert "/admin/media" not in (await client.get("/admin")).text


class TestOneFile:
    async def test_it_is_described_sorted_and_cropped(self, at_owner: AsyncClient, house: Ports) -> None:
        found = await uploaded(house)
        sent = await at_owner.post(
            f"{HOME}/{found.id}",
            data={
                "alt": "A mug ",
                "folder": " Shop / Mugs ",
                "tags": "red, Red,blue",
                "focus_x": "10",
                "focus_y": "90",
            },
        )
        assert sent.status_code == 303
        html = await page_at(at_owner, f"{HOME}/{found.id}")
        for seen in ("A mug", 'value="Shop/Mugs"', 'value="blue, red"', 'cx="10%"', 'cy="90%"'):
            assert seen in html

    async def test_wrong_answers_are_named_and_kept(self, at_owner: AsyncClient, house: Ports) -> None:
        found = await uploaded(house)
        for focus in ("101", "1.5", "-1", "x"):
            sent = await at_owner.post(f"{HOME}/{found.id}", data={"alt": "Kept", "focus_x": focus, "focus_y": "50"})
            assert sent.status_code == 422
            assert "Kept" in sent.text
            assert 'aria-invalid="true"' in sent.text

    async def test_it_says_where_it_is_used_and_its_sizes(self, at_owner: AsyncClient, house: Ports) -> None:
        found = await uploaded(house, photo(2400, 1800))
        await CatalogShelf(house.db).product("Blue mug", images=(ImageDraft(media_id=found.id),))
        await house.jobs.run_until_idle()
        html = await page_at(at_owner, f"{HOME}/{found.id}")
        assert "Blue mug" in html
        assert "1920 × 1440" in html
        assert "One page shows it" in html

    async def test_it_is_replaced_deleted_and_restored(self, at_owner: AsyncClient, house: Ports) -> None:
        found = await uploaded(house)
        sent = await at_owner.post(
            f"{HOME}/{found.id}/replacement", files={"file": ("new.jpg", photo(640, 480), "image/jpeg")}
        )
        assert sent.status_code == 303
        assert "640 × 480" in await page_at(at_owner, f"{HOME}/{found.id}")
        await at_owner.post(f"{HOME}/{found.id}/deletion")
        assert "In the bin" in await page_at(at_owner, f"{HOME}/{found.id}")
        await at_owner.post(f"{HOME}/{found.id}/restoration")
        assert "In the bin" not in await page_at(at_owner, f"{HOME}/{found.id}")

    async def test_a_refused_replacement_changes_nothing_and_says_why(
        self, at_owner: AsyncClient, house: Ports
    ) -> None:
        found = await uploaded(house)
        await at_owner.post(f"{HOME}/{found.id}/replacement", files={"file": ("x.jpg", b"GIF89a", "image/jpeg")})
        html = await page_at(at_owner, f"{HOME}/{found.id}")
        assert "not a picture" in html
        assert (await house.db.query(media.urls, [found.id]))[found.id].medium == found.medium

    async def test_the_original_is_downloaded_under_its_name(self, at_owner: AsyncClient, house: Ports) -> None:
        found = await uploaded(house, filename="Müller’s mug.jpg")
        answer = await at_owner.get(f"{HOME}/{found.id}/original")
        assert answer.content == photo()
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert "M%C3%BCller%E2%80%99s%20mug.jpg" in answer.headers["content-disposition"]


class TestPicker:
    async def test_it_offers_files_as_buttons_by_the_contract(self, at_owner: AsyncClient, house: Ports) -> None:
        found = await uploaded(house, alt="A mug")
        answer = await at_owner.get(f"{HOME}/picker?kind=image", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        (button,) = re.findall(r"<button[^>]*data-media-id=[^>]*>", answer.text)
        assert f'data-media-id="{found.id}"' in button
        assert f'data-media-url="{found.medium}"' in button
        assert 'data-media-alt="A mug"' in button
        assert "<dialog" not in answer.text  # who opens it has one
        assert "<html" not in answer.text
        assert "picker-items" in await page_at(at_owner, f"{HOME}/picker")

    async def test_a_search_answers_the_list_alone(self, at_owner: AsyncClient, house: Ports) -> None:
        await uploaded(house, filename="mug.jpg")
        answer = await at_owner.get(f"{HOME}/picker?part=items&q=bowl", headers={"HX-Request": "true"})
        assert "dialog-header" not in answer.text
        assert "No file fits" in answer.text

    async def test_it_offers_what_the_field_takes(self, at_owner: AsyncClient, house: Ports) -> None:
        await uploaded(house, filename="mug.jpg")
        files = {"files": ("menu.pdf", pdf(), "application/pdf")}
        await at_owner.post(HOME, files=files)
        await at_owner.post(HOME, files={"files": ("logo.svg", DRAWING, "image/svg+xml")})
        for asked, seen in (
            ("kind=image", {"mug.jpg", "logo.svg"}),
            ("kind=file&accept=application/pdf", {"menu.pdf"}),
            ("kind=image&accept=image/*,.heic", {"mug.jpg", "logo.svg"}),
            ("kind=file", {"mug.jpg", "logo.svg", "menu.pdf"}),
        ):
            answer = await at_owner.get(f"{HOME}/picker?{asked}", headers={"HX-Request": "true"})
            assert set(re.findall(r'data-media-name="([^"]+)"', answer.text)) == seen
        for name, data, status in (("logo.svg", DRAWING, 200), ("menu.pdf", pdf(), 422)):
            sent = await at_owner.post(
                f"{HOME}/picker?kind=image", files={"file": (name, data)}, headers={"HX-Request": "true"}
            )
            assert sent.status_code == status

    async def test_a_file_that_is_sent_from_it_is_offered_first(self, at_owner: AsyncClient) -> None:
        files = {"file": ("menu.pdf", pdf(), "application/pdf")}
        sent = await at_owner.post(f"{HOME}/picker?kind=file", files=files, headers={"HX-Request": "true"})
        assert UUID(re.findall(r'data-media-id="([^"]+)"', sent.text)[0])

    async def test_a_picture_that_is_sent_is_asked_what_it_shows_and_is_chosen(
        self, at_owner: AsyncClient, house: Ports
    ) -> None:
        sent = await at_owner.post(
            f"{HOME}/picker?kind=image",
            files={"file": ("new.jpg", photo(), "image/jpeg")},
            headers={"HX-Request": "true"},
        )
        assert sent.status_code == 200
        assert sent.headers["hx-retarget"] == "#picker"
        action = re.findall(r'hx-post="([^"]+)"', sent.text)[0]
        wrong = {"alt": "x" * 400, "focus_x": "20", "focus_y": "70"}
        again = await at_owner.post(action, data=wrong, headers={"HX-Request": "true"})
        assert again.status_code == 422
        assert "at most 300" in again.text
        said = {"alt": "A red mug", "focus_x": "20", "focus_y": "70"}
        done = await at_owner.post(action, data=said, headers={"HX-Request": "true"})
        assert "data-media-done" in done.text
        assert 'data-media-alt="A red mug"' in done.text
        file = await house.db.query(library.item, UUID(action.rsplit("/", 1)[1]))
        assert (file.alt, file.is_decorative, file.focus) == ("A red mug", False, (20, 70))
        assert (await at_owner.post(action, data={"is_decorative": "true"})).status_code == 303
        assert (await house.db.query(library.item, file.id)).is_decorative

    async def test_what_is_no_picture_is_refused_in_the_picker(self, at_owner: AsyncClient) -> None:
        refused = await at_owner.post(
            f"{HOME}/picker?kind=image", files={"file": ("a.jpg", b"x", "image/jpeg")}, headers={"HX-Request": "true"}
        )
        assert refused.status_code == 422
        assert "not a picture" in refused.text
