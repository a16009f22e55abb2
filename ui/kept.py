"""Templates kept compiled, for all languages alike: in `__pycache__`, as Python keeps modules, or by the build."""

import hashlib
from contextlib import suppress
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = Path(__file__).parent
#: Where they lie, from here.
PLACE = Path("__pycache__") / "templates"
#: What decides how a template is compiled: these are read at every start.
WRITERS = ("compiling.py", "formats.py", "kept.py", "markup.py", "templates.py")
NOT_OURS = ("dist/", "node_modules/")


class Kept(FileSystemBytecodeCache):
    """Compiled templates in a folder, where that can be written; which they are of is said by name, not by place."""

    def __init__(self, folder: Path = FOLDER / PLACE) -> None:
        """folder: that of other places than ours is filled by a build."""
        code = b"".join((FOLDER / name).read_bytes() for name in WRITERS)
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        self._version = hashlib.sha256(code).hexdigest()[:12]
        super().__init__(str(folder), f"{self._version}-%s.bin")

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return what a template is kept as: the same wherever the program lies."""
        del filename
        return super().get_cache_key(name)

    def forget_older(self) -> None:
        """Take away what was compiled another way."""
        for path in Path(self.directory).glob("*.bin"):
            if not path.name.startswith(self._version):
                path.unlink(missing_ok=True)

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def write_down(environment: Environment, folder: Path = FOLDER / PLACE) -> int:
    """Keep every page's template in a folder, so that none is compiled while somebody waits; return how many there are.

    What is said of its place in a traceback is from the program's folder on, for it is another one at each machine.
    """
    loader, cache = environment.loader, Kept(folder)
    if loader is None:
        return 0
    names = [name for name in loader.list_templates() if name.endswith(".html") and not name.startswith(NOT_OURS)]
    for name in names:
        source, _path, _is_fresh = loader.get_source(environment, name)
        bucket = cache.get_bucket(environment, name, None, source)
        if bucket.code is None:
            bucket.code = environment.compile(source, name, f"ui/{name}")
            cache.set_bucket(bucket)
    cache.forget_older()
    return len(names)
