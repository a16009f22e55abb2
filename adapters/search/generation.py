"""One tantivy index in one folder, and the shelf that says which folder is in use."""

import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from tantivy import Index, IndexWriter, Query, Schema, Searcher

from adapters.search.fields import FIELDS
from adapters.search.spelling import Vocabulary
from engine.core.errors import Unavailable
from engine.core.i18n import _

log = logging.getLogger("agora.search")
T = TypeVar("T")
HEAP_BYTES = 32_000_000
#: Reading all words again takes some milliseconds: large vocabularies follow the index at this distance.
CALM_SECONDS, LARGE = 5.0, 5_000


class Damaged(Exception):
    """The index cannot be read."""


class Generation:
    """An index that is open. epoch: counts how often what it holds was looked at anew."""

    def __init__(self, index: Index, folder: Path | None) -> None:
        self.index = index
        self.folder = folder
        self._lock = threading.Lock()
        self.epoch = 0
        self._vocabularies: dict[bool, tuple[int, float, Vocabulary]] = {}
        index.config_reader("manual")

    @cached_property
    def writer(self) -> IndexWriter:
        """What changes the index. Raises Unavailable where another process holds it."""
        try:
            return guarded(lambda: self.index.writer(HEAP_BYTES, 1))
        except Damaged as error:
            if "LockBusy" in str(error):
                raise Unavailable(_("Another Agora is writing this search index.")) from error
            raise

    @property
    def is_writing(self) -> bool:
        """Whether this process is the one that writes."""
        return "writer" in self.__dict__

    def commit(self) -> None:
        """Make what was written durable, and seen."""
        guarded(self.writer.commit)
        self.read_along()

    def read_along(self) -> None:
        """See what was committed, here or by another process."""
        guarded(self.index.reload)
        self.epoch += 1

    def searcher(self) -> Searcher:
        """Return what searches the index as it was last seen."""
        return self.index.searcher()

    def vocabulary(self, *, with_staff: bool) -> Vocabulary:
        """Return the words of titles and keywords, with or without those that only staff may see."""
        with self._lock:
            epoch, read_at, known = self._vocabularies.get(with_staff, (-1, 0.0, Vocabulary()))
            is_calm = len(known.counts) > LARGE and time.monotonic() - read_at < CALM_SECONDS
            if epoch == self.epoch or is_calm:
                return known
            seen = None if with_staff else Query.term_set_query(self.index.schema, "seen", ["list", "find"])
            counts = guarded(lambda: self.searcher().terms_with_prefix("known", "", seen))
            known = Vocabulary(dict(counts), self._bears)
            self._vocabularies[with_staff] = (self.epoch, time.monotonic(), known)
            return known

    def _bears(self, word: str) -> bool:
        """Return whether some text holds a word."""
        searcher = self.searcher()
        return any(searcher.doc_freq(name, word) > 0 for name, _boost in FIELDS)


def guarded(run: Callable[[], T]) -> T:
    """Return `run()`. Raises Damaged for what tantivy cannot do; its panics are no Exception."""
    try:
        return run()
    except (ValueError, OSError) as error:
        raise Damaged(f"{error}"[:300]) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Damaged(f"{error}"[:300]) from error


class Shelf:
    """The folder that holds the indexes: `current` says which one is in use, of what version, and if it is whole."""

    def __init__(self, folder: Path | None, schema: Schema, schema_version: str) -> None:
        self._folder = folder
        self._schema = schema
        self._schema_version = schema_version
        self._said: dict[str, Any] = {}
        self.version = ""

    def make(self) -> Generation:
        """Return a new, empty index."""
        if self._folder is None:
            return Generation(Index(self._schema), None)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = self._folder / uuid4().hex[:12]
        folder.mkdir(mode=0o700)
        return Generation(Index(self._schema, str(folder)), folder)

    def use(self, generation: Generation, version: str, why: str = "") -> None:
        """Put an index in the place of the one in use. why: it is not whole, and must be built anew."""
        name = generation.folder.name if generation.folder else ""
        self._said = {"folder": name, "schema": self._schema_version, "version": version, "why": why}
        self.version = version
        self._write()

    def forget(self, why: str) -> None:
        """Remember that the index in use must be built anew."""
        self._said = {**self._said, "why": why}
        self._write()

    def _write(self) -> None:
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._folder / f"current.{os.getpid()}"
        with beside.open("w", encoding="utf-8") as file:
            json.dump(self._said, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._folder / "current")

    def has_another(self, generation: Generation) -> bool:
        """Return whether another index has been put in the place of this one."""
        if generation.folder is None:
            return False
        return self._read().get("folder") != generation.folder.name

    def open(self) -> tuple[Generation | None, str]:
        """Return the index in use and why it must be built anew; no index where there is none that can be read."""
        said = self._said = self._read()
        if self._folder is None or not said:
            return None, "missing"
        self.version = str(said.get("version", ""))
        if said.get("schema") != self._schema_version:
            return None, "outdated"
        folder = self._folder / str(said.get("folder"))
        try:
            generation = guarded(lambda: Generation(Index.open(str(folder)), folder))
            guarded(generation.searcher)
        except Damaged as error:
            log.error("the search index in %s cannot be opened and will be built anew: %s", folder, error)  # noqa: TRY400
            return None, "damaged" if folder.exists() else "missing"
        return generation, str(said.get("why", ""))

    def _read(self) -> dict[str, Any]:
        if self._folder is None:
            return self._said
        try:
            said = json.loads((self._folder / "current").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return said if isinstance(said, dict) else {}

    def tidy(self) -> None:
        """Delete the folders of indexes that are no longer in use; one that is still being read stays until later."""
        if self._folder is None:
            return
        for entry in self._folder.iterdir():
            if entry.name not in ("current", self._said.get("folder")):
                with suppress(OSError):
                    shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
