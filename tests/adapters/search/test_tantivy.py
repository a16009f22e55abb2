"""The tantivy index in its folder: damage, swaps, other processes, versions."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.search.tantivy import TantivySearch
from engine.core.errors import Unavailable
from engine.core.ports import SearchRequest, SearchWords
from tests.adapters.search.conftest import NUMBERS, Index, Words, batches


def opened(folder: Path, numbers: tuple[str, ...] = NUMBERS) -> Index:
    words = Words()
    return Index(TantivySearch(folder, words, numbers), words)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


async def built(folder: Path, *titles: str) -> Index:
    index = opened(folder)
    await index.index.rebuild(batches(*(index.document(title) for title in titles)))
    return index


def in_use(folder: Path) -> Path:
    found: str = json.loads((folder / "current").read_text())["folder"]
    return folder / found


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def kill_a_build(folder: Path) -> None:
    """Start building an index in another process, and kill that in the middle."""
    command = [sys.executable, "-c", BUILDER, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "building\n"
        process.send_signal(signal.SIGKILL)


class TestFolder:
    async def test_what_was_put_is_there_after_a_restart(self, folder: Path) -> None:
        await (await built(folder, "Mug")).put("Bowl")
        again = opened(folder)
        assert sorted(await again.titles("")) == ["Bowl", "Mug"]
        assert (await again.index.state()).problem == ""

    async def test_an_index_that_is_missing_says_so_until_it_is_built(self, folder: Path) -> None:
        index = opened(folder)
        assert await index.ask("mug") == await opened(folder).ask("mug")
        assert not (await index.ask("mug")).is_whole
        await index.put("Mug")
        again = opened(folder)
        assert (await again.index.state()).problem == "missing"
        assert await again.titles("mug") == ["Mug"]
        await index.index.rebuild(batches(index.document("Mug")))
        assert (await index.ask("mug")).is_whole

    async def test_old_folders_are_tidied_away(self, folder: Path) -> None:
        index = await built(folder, "Mug")
        for _ in range(3):
            await index.index.rebuild(batches(index.document("Mug")))
        assert len(names_in(folder)) == 2

    async def test_nobody_else_reads_the_index(self, folder: Path) -> None:
        await built(folder, "Mug")
        assert in_use(folder).stat().st_mode & 0o077 == 0

    async def test_another_process_reads_along_and_does_not_write(self, folder: Path, monkeypatch) -> None:
        monkeypatch.setattr("adapters.search.tantivy.LOOK_SECONDS", 0)
        writer = await built(folder, "Mug")
        await writer.put("Bowl")
        reader = opened(folder)
        assert sorted(await reader.titles("")) == ["Bowl", "Mug"]
        await writer.put("Cup")
        assert sorted(await reader.titles("")) == ["Bowl", "Cup", "Mug"]
        with pytest.raises(Unavailable):
            await reader.put("Plate")
        await writer.index.rebuild(batches(writer.document("New")))
        assert await reader.titles("") == ["New"]


class TestDamage:
    @pytest.mark.parametrize("kind", [".term", ".fast", ".store", ".idx", "meta.json"])
    @pytest.mark.parametrize("how", ["junk", "empty", "gone"])
    async def test_a_damaged_index_says_so_and_is_built_anew(self, folder: Path, kind: str, how: str) -> None:
        await built(folder, "Mug", "Bowl")
        for path in in_use(folder).iterdir():
            if path.name.endswith(kind):
                path.unlink() if how == "gone" else path.write_bytes(b"" if how == "empty" else b"junk" * 9)
        index = opened(folder)
        found = await index.ask("mug", facets=("colour",))
        assert (found.is_whole, list(found.hits)) == (False, [])
        assert (await index.index.state()).problem == "damaged"
        await index.put("Mug")
        await index.index.rebuild(batches(index.document("Mug"), index.document("Bowl")))
        assert sorted(await index.titles("")) == ["Bowl", "Mug"]
        assert (await index.index.state()).problem == ""

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"folder": "../../etc"}', '{"folder": 7, "schema": 1}'])
    async def test_a_pointer_that_makes_no_sense_is_no_index(self, folder: Path, text: str) -> None:
        await built(folder, "Mug")
        (folder / "current").write_text(text)
        index = opened(folder)
        assert (await index.index.state()).problem in {"missing", "outdated"}
        await index.index.rebuild(batches(index.document("Mug")))
        assert await index.titles("") == ["Mug"]

    async def test_other_fields_make_it_outdated(self, folder: Path) -> None:
        await built(folder, "Mug")
        index = opened(folder, (*NUMBERS, "weight"))
        assert (await index.index.state()).problem == "outdated"
        assert await index.titles("mug") == []
        await index.put("Mug", numbers={"weight": 3})
        assert await index.titles(ranges={"weight": (1, None)}) == ["Mug"]

    async def test_the_whole_folder_may_vanish_under_a_running_server(self, folder: Path, monkeypatch) -> None:
        monkeypatch.setattr("adapters.search.tantivy.LOOK_SECONDS", 0)
        index = await built(folder, "Mug")
        (folder / "current").unlink()
        assert (await index.index.state()).problem == "missing"
        await index.put("Bowl")
        assert await index.titles("") == ["Bowl"]


BUILDER = """
import asyncio, sys
from pathlib import Path
from adapters.search.tantivy import TantivySearch
from engine.core.ids import new_id
from engine.core.ports import SearchDocument, SearchWords

async def batches():
    for place in range(100_000):
        yield [SearchDocument("product", new_id(), f"New {place}", "", "/")]
        if place == 50:
            print("building", flush=True)

search = TantivySearch(Path(sys.argv[1]), lambda: SearchWords("en"), ("price", "newest"))
asyncio.run(search.rebuild(batches()))
"""


class TestKill:
    async def test_a_kill_while_it_is_built_leaves_the_old_one(self, folder: Path) -> None:
        await built(folder, "Old")
        kill_a_build(folder)
        index = opened(folder)
        assert await index.titles("") == ["Old"]
        assert (await index.index.state()).problem == ""
        await index.put("Added")
        await index.index.rebuild(batches(index.document("New")))
        assert await index.titles("") == ["New"]
        assert len(names_in(folder)) == 2


async def test_words_are_read_as_the_site_says_at_that_moment() -> None:
    words = Words()
    search = TantivySearch(None, words, ())
    index = Index(search, words)
    await index.put("Blue T-Shirt")
    assert (await search.search(SearchRequest("jumper "))).total == 0
    words.now = SearchWords("en", {"jumper": ("t-shirt",)})
    assert (await search.search(SearchRequest("jumper "))).total == 1
