"""A site whose files are in S3: browsers fetch them there, and it does without while the store is away."""

from dataclasses import replace
from pathlib import Path

import pytest
from httpx import AsyncClient
from sqlalchemy import select
from typer.testing import CliRunner

from adapters.blobs.local import LocalBlobStore
from app.cli import cli
from app.settings import Settings
from engine.api.ports import Ports
from engine.content.files import files
from engine.content.files.resources import GATED_FILES
from engine.core.actor import Actor
from engine.core.mirroring import mirror
from engine.core.records import writing
from engine.media.models import Media
from tests.conftest import Revealed
from tests.factories import people
from tests.factories.files import pdf
from tests.factories.pictures import uploaded
from tests.neighbours import fetched, make_buckets, s3_place
from tests.programs import Program


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def settings(settings: Settings, s3_server: Program) -> Settings:
    place = s3_place(s3_server)
    named = {
        "storage": "s3",
        "s3_endpoint": place.endpoint,
        "s3_access_key": place.access_key,
        "s3_secret_key": Revealed(place.secret_key),
        "s3_bucket_media": place.media_bucket,
        "s3_bucket_labels": place.private_bucket,
    }
    return settings.model_copy(update=named)


class TestServe:
    @pytest.mark.usefixtures("owner")
    async def test_a_picture_is_fetched_from_the_bucket(
        self, house: Ports, client: AsyncClient, settings: Settings
    ) -> None:
        picture = await uploaded(house)
        answer = await client.get(picture.medium)
        assert answer.status_code == 307
        there = answer.headers["location"]
        assert there.startswith(f"{settings.s3_endpoint}/{settings.s3_bucket_media}/media/")
        assert answer.headers["cache-control"] == "public, max-age=86400"
        got = await fetched(there)
        assert got.headers["content-type"] == "image/webp"
        policy = answer.headers["content-security-policy"]
        assert f"img-src 'self' data: {settings.s3_endpoint}" in policy
        assert not (settings.data_dir / "files").exists()

    async def test_an_original_is_for_staff_and_for_minutes(
        self, house: Ports, client: AsyncClient, owner: Actor
    ) -> None:
        picture = await uploaded(house)
        assert (await client.get(f"/api/v1/media/{picture.id}/original")).status_code == 401
        headers = await people.bearer(house, owner)
        answer = await client.get(f"/api/v1/media/{picture.id}/original", headers=headers)
        assert (answer.status_code, answer.headers["cache-control"]) == (307, "private, no-store")
        got = await fetched(answer.headers["location"])
        assert got.status_code == 200
        assert "attachment" in got.headers["content-disposition"]

    async def test_a_gated_file_keeps_its_name(self, house: Ports, client: AsyncClient, owner: Actor) -> None:
        async with house.db.write() as tx:
            made = await writing.create(tx, owner, GATED_FILES, {"title": "Catalogue", "rule": "everybody"})
        await files.put(house.db, house.blobs, owner, made.id, pdf(), "Übersicht.pdf")
        page = await client.get("/files/catalogue", headers={"accept": "text/html"})
        link = page.text.split("/files/catalogue/download?")[1].split('"')[0].replace("&amp;", "&")
        answer = await client.get(f"/files/catalogue/download?{link}")
        assert (answer.status_code, answer.headers["cache-control"]) == (307, "private, no-store")
        got = await fetched(answer.headers["location"])
        assert got.content == pdf()
        assert "%C3%9Cbersicht.pdf" in got.headers["content-disposition"]


class TestAway:
    async def test_pages_go_on_and_an_upload_is_refused_whole(
        self, house: Ports, client: AsyncClient, settings: Settings, s3_server: Program, owner: Actor
    ) -> None:
        picture = await uploaded(house)
        headers = await people.bearer(house, owner)
        sent = {"files": {"file": ("menu.pdf", pdf("Away"), "application/pdf")}, "headers": headers}
        s3_server.stop()
        try:
            assert (await client.get(picture.medium)).status_code == 307
            refused = await client.post("/api/v1/media", **sent)
            assert refused.status_code == 503
            assert "cannot be reached" in refused.json()["detail"]
            assert await house.db.query(lambda c: len(c.execute(select(Media.id)).all())) == 1
        finally:
            s3_server.start()
        media, labels = settings.s3_bucket_media, settings.s3_bucket_labels
        make_buckets(replace(s3_place(s3_server), media_bucket=media, private_bucket=labels))
        assert (await client.post("/api/v1/media", **sent)).status_code == 201


class TestMirror:
    async def test_there_and_back_again_copies_what_is_missing_only(self, house: Ports, tmp_path: Path) -> None:
        await uploaded(house)
        folder = LocalBlobStore(tmp_path / "copy")
        there = await mirror(house.blobs, folder)
        assert (there.copied > 2, there.already) == (True, 0)
        assert {one.key async for one in folder.listed()} == {one.key async for one in house.blobs.listed()}
        await folder.put("private/files/new", b"later")
        back = await mirror(folder, house.blobs)
        assert (back.copied, back.copied_bytes, back.already) == (1, 5, there.copied)
        assert await house.blobs.get("private/files/new") == b"later"

    def test_the_command_says_what_it_did_and_refuses_nonsense(self, tmp_path: Path) -> None:
        data, copy = tmp_path / "installation", tmp_path / "copy"
        (data / "files" / "private").mkdir(parents=True)
        (data / "files" / "private" / "a").write_bytes(b"abc")

        def told(to: str) -> str:
            return str(CliRunner().invoke(cli, ["media", "mirror", "--to", to, "--data", str(data)]).output)

        assert "1 files (0.0 MB) were copied, 0 were there already" in told(str(copy))
        assert "0 files (0.0 MB) were copied, 1 were there already" in told(f"file://{copy}")
        assert (copy / "private" / "a").read_bytes() == b"abc"
