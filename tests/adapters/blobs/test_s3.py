"""S3 alone: addresses that browsers use, and a server that goes and comes back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import obstore
import pytest
from obstore.store import S3Store

from adapters.blobs.presigning import S3Signer
from adapters.blobs.s3 import S3Place
from engine.core.errors import Unavailable
from tests.adapters.blobs.conftest import s3_store
from tests.neighbours import fetched, make_buckets, s3_place
from tests.programs import Program

TOLD = {"Content-Type": "application/pdf", "Content-Disposition": "attachment; filename*=UTF-8''%C3%BC%20%26%20b.pdf"}
VARIANT, PRIVATE = "media/1/medium.webp", "private/files/7/v 1"


class TestAddress:
    async def test_what_is_public_has_a_lasting_address_and_its_type(self, s3_server: Program) -> None:
        place = s3_place(s3_server)
        blobs = s3_store(place)
        await blobs.put(VARIANT, b"picture")
        found = await blobs.address(VARIANT, {})
        assert found is not None
        assert (found.is_lasting, found.url) == (True, f"{place.endpoint}/{place.media_bucket}/{VARIANT}")
        answer = await fetched(found.url)
        assert (answer.content, answer.headers["content-type"]) == (b"picture", "image/webp")
        assert "immutable" in answer.headers["cache-control"]
        assert blobs.origins == (place.endpoint,)

    async def test_a_cdn_has_its_own(self, s3_server: Program) -> None:
        blobs = s3_store(replace(s3_place(s3_server), public_url="https://cdn.example.org/shop"))
        found = await blobs.address(VARIANT, {})
        assert found is not None
        assert found.url == f"https://cdn.example.org/shop/{VARIANT}"
        assert blobs.origins[0] == "https://cdn.example.org"

    async def test_where_strangers_are_not_answered_all_is_signed(self) -> None:
        place = S3Place("https://x.r2.cloudflarestorage.com", "auto", "key", "secret", "agora-media", "agora-labels")
        for one in (place, replace(place, endpoint="")):
            found = await s3_store(one).address(VARIANT, {})
            assert found is not None
            assert (found.is_lasting, "X-Amz-Signature" in found.url) == (False, True)

    async def test_what_is_private_has_one_for_minutes_and_says_what_it_is(self, s3_server: Program) -> None:
        blobs = s3_store(s3_place(s3_server))
        await blobs.put(PRIVATE, b"secret")
        found = await blobs.address(PRIVATE, TOLD)
        assert found is not None
        assert not found.is_lasting
        assert parse_qs(urlsplit(found.url).query)["X-Amz-Expires"] == ["300"]
        answer = await fetched(found.url)
        assert answer.content == b"secret"
        assert {name: answer.headers[name] for name in TOLD} == TOLD

    async def test_an_original_is_not_in_the_public_bucket(self, s3_server: Program) -> None:
        place = s3_place(s3_server)
        await s3_store(place).put("media/1/0a/original.webp", b"with its place")
        for bucket, status in ((place.media_bucket, 404), (place.private_bucket, 403)):
            answer = await fetched(f"{place.endpoint}/{bucket}/media/1/0a/original.webp")
            assert answer.status_code == status

    def test_aws_without_an_address_signs_all(self) -> None:
        signer = S3Signer("https://s3.eu-central-1.amazonaws.com/bucket-x", "eu-central-1", "AKIAX", "secret+/")
        store = S3Store("bucket-x", region="eu-central-1", access_key_id="AKIAX", secret_access_key="secret+/")
        theirs = obstore.sign(store, "GET", "a b/ü'(1).pdf", timedelta(seconds=300))
        signed = parse_qs(urlsplit(theirs).query)
        at = datetime.strptime(signed["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        ours = parse_qs(urlsplit(signer.address("a b/ü'(1).pdf", at, 300, {})).query)
        assert ours == signed


class TestAway:
    async def test_it_goes_and_comes_back(self, s3_server: Program) -> None:
        place = s3_place(s3_server)
        blobs = s3_store(place)
        await blobs.put(VARIANT, b"x")
        s3_server.stop()
        try:
            with pytest.raises(Unavailable, match="cannot be reached"):
                await blobs.put(PRIVATE, b"x")
            with pytest.raises(Unavailable):
                await blobs.get(VARIANT)
            with pytest.raises(Unavailable):
                assert [one async for one in blobs.listed()]
            assert await blobs.address(VARIANT, {}) is not None  # pages need no answer from it
        finally:
            s3_server.start()
        make_buckets(place)
        await blobs.put(PRIVATE, b"y")
        assert await blobs.get(PRIVATE) == b"y"

    async def test_a_bucket_that_is_not_there_is_said(self, s3_server: Program) -> None:
        blobs = s3_store(replace(s3_place(s3_server), private_bucket="nowhere-at-all"))
        with pytest.raises(Unavailable):
            await blobs.put(PRIVATE, b"x")
