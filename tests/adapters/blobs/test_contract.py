"""What every file store does: the same in a folder and in S3. In Azure's emulator too, where it is."""

import pytest

from adapters.blobs.local import LocalBlobStore
from engine.core.errors import NotFound
from engine.core.ports import BlobStore
from tests.neighbours import fetched

KEYS = ("media/1/medium.webp", "media/1/original.jpg", "private/files/7/v1", "imports/a b/ü.csv")


async def read(blobs: BlobStore, key: str, *part: int) -> bytes:
    return b"".join([chunk async for chunk in blobs.stream(key, *part)])


class TestKeep:
    @pytest.mark.parametrize("key", KEYS)
    async def test_bytes_come_back_as_they_were(self, blobs: BlobStore, key: str) -> None:
        assert not await blobs.exists(key)
        await blobs.put(key, b"one")
        await blobs.put(key, b"two\x00")
        assert await blobs.exists(key)
        assert (await blobs.get(key), await read(blobs, key)) == (b"two\x00", b"two\x00")

    @pytest.mark.parametrize("key", ["media/1/medium.webp", "private/files/7/v1"])
    async def test_parts_of_a_large_file(self, blobs: BlobStore, key: str) -> None:
        data = bytes(range(256)) * 40_000  # ten megabytes
        await blobs.put(key, data)
        assert await read(blobs, key) == data
        assert await read(blobs, key, 1000) == data[1000:]
        assert await read(blobs, key, 5_000_000, 70_001) == data[5_000_000:5_070_001]
        assert await read(blobs, key, len(data) - 5, 500) == data[-5:]
        assert await read(blobs, key, len(data), 1) == b""
        assert await read(blobs, key, 3, 0) == b""

    async def test_an_empty_file_is_a_file(self, blobs: BlobStore) -> None:
        await blobs.put("uploads/1/a", b"")
        assert (await blobs.get("uploads/1/a"), await read(blobs, "uploads/1/a")) == (b"", b"")

    @pytest.mark.parametrize("key", ["media/1/none.webp", "private/none", "media/1", "../secrets.json", "a/../../b"])
    async def test_what_is_not_there_is_said(self, blobs: BlobStore, key: str) -> None:
        await blobs.put("media/1/medium.webp", b"x")
        with pytest.raises(NotFound):
            await blobs.get(key)
        with pytest.raises(NotFound):
            await read(blobs, key)


class TestDelete:
    async def test_a_file_or_all_under_a_folder(self, blobs: BlobStore) -> None:
        more = ("media/10/medium.webp", "media/1/deep/original.png")
        for key in (*KEYS, *more):
            await blobs.put(key, b"x")
        await blobs.delete("media/1")
        await blobs.delete("imports/a b/ü.csv")
        await blobs.delete("never/was")
        assert [one.key async for one in blobs.listed()] == ["media/10/medium.webp", "private/files/7/v1"]


class TestListed:
    async def test_every_file_with_its_size_once(self, blobs: BlobStore) -> None:
        for number, key in enumerate(KEYS):
            await blobs.put(key, b"x" * number)
        found = {one.key: one.size_bytes async for one in blobs.listed()}
        assert found == {key: number for number, key in enumerate(KEYS)}
        assert {one.key async for one in blobs.listed("media/1")} == set(KEYS[:2])
        assert [one.key async for one in blobs.listed("media/2")] == []


class TestAddress:
    async def test_what_is_public_is_open_to_all_and_what_is_private_to_whoever_has_its_address(
        self, blobs: BlobStore
    ) -> None:
        await blobs.put("media/1/medium.webp", b"all")
        await blobs.put("private/ü 1", b"few")
        told = {"Content-Disposition": "attachment", "Content-Type": "text/csv"}
        public, private = await blobs.address("media/1/medium.webp", {}), await blobs.address("private/ü 1", told)
        if public is None or private is None:
            assert isinstance(blobs, LocalBlobStore)
            return
        assert (await fetched(public.url)).content == b"all"
        answer = await fetched(private.url)
        assert (answer.content, answer.headers["content-type"]) == (b"few", "text/csv")
        assert answer.headers["content-disposition"] == "attachment"
        assert public.is_lasting
        assert not private.is_lasting
