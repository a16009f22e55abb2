"""What a start reads, and what it leaves for later."""

import copy
import inspect
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, asdict, dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

from app import commands, quickening
from app.commands import COMMANDS, Command
from tests.server import free_port

#: A start of a server on a folder that is there, until its socket would be listened on.
SERVE = """
import sys
from app import late
late.read("app.commands.serve")
from app.serve import open_instance
from app.settings import load_settings
instance = open_instance(load_settings(host="127.0.0.1", port={port}))
instance.socket.close()
print(*sys.modules)
"""
#: What speaks to services, files and windows that a new installation does not have.
NOT_CHOSEN = {
    "aioboto3", "aiokafka", "aiosmtplib", "alembic", "asyncpg", "httpx", "markdown_it", "obstore", "openpyxl",
    "phonenumbers", "psutil", "psycopg", "pypdfium2", "redis", "rich", "webauthn", "webview", "yaml",
}  # fmt: skip


def _modules(script: str) -> set[str]:
    """Return the names of what a process of its own has read after this script."""
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    return set(made.stdout.splitlines()[-1].split())


class TestHelp:
    def test_is_written_without_reading_a_command(self):
        script = "import sys\nfrom app import cli\nsys.argv = ['agora', '--help']\ntry:\n    cli.main()\n"
        read = _modules(script + "except SystemExit:\n    print(*sys.modules)")
        assert {"app.cli", "rich"} <= read
        assert not {"fastapi", "jinja2", "PIL", "pydantic", "sqlalchemy", "uvicorn", "app.commands.serve"} & read

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
    def test_says_of_a_command_what_the_command_says_of_itself(self, command: Command):
        found = getattr(import_module(f"app.commands.{command.module}"), command.function)
        said = found.info.help if isinstance(found, typer.Typer) else inspect.getdoc(found).split("\n\n")[0]
        assert command.text == " ".join(said.split())

    def test_names_every_command_there_is(self):
        files = {path.stem for path in Path(commands.__file__).parent.glob("*.py")}
        assert files - {"__init__", "opening", "shelves"} == {command.module for command in COMMANDS}


class TestServing:
    def test_reads_only_what_the_settings_use(self, sqlite_url, monkeypatch, tmp_path):
        monkeypatch.setenv("AGORA_DATA_DIR", str(tmp_path / "data"))
        monkeypatch.setenv("DATABASE_URL", sqlite_url)
        read = _modules(SERVE.format(port=free_port()))
        assert {"fastapi", "app.wiring"} <= read
        assert NOT_CHOSEN & {name.partition(".")[0] for name in read} == set()
        assert {name for name in read if name.startswith("app.commands.")} == {"app.commands.serve"}


@pytest.fixture
def quick() -> Iterator[None]:
    """Have what the test declares made when it is first used."""
    with quickening.quickly():
        yield


def _declared() -> Any:
    """Return a value, a thing that can be ordered, and a child of the first."""

    @dataclass(frozen=True, slots=True)
    class Value:
        """A value."""

        name: str
        size: int = 3

    @dataclass(order=True)
    class Thing:
        rank: int
        parts: list[str] = field(default_factory=list, compare=False, repr=False)

    @dataclass(frozen=True)
    class Child(Value):
        weight: int = 1

        def __post_init__(self) -> None:
            if self.weight < 0:
                raise ValueError(self.weight)

    return Value, Thing, Child


@pytest.mark.usefixtures("quick")
class TestDataClassesDeclaredQuickly:
    def test_their_methods_are_pythons_own_once_they_are_used(self):
        value, thing, child = _declared()
        assert isinstance(vars(value)["__init__"], quickening.LateMethod)
        assert (str(value("a")), str(thing(1)), str(child("a", 1))) == (
            f"{value.__qualname__}(name='a', size=3)",
            f"{thing.__qualname__}(rank=1)",
            f"{child.__qualname__}(name='a', size=1, weight=1)",
        )
        assert inspect.isfunction(vars(value)["__init__"])
        assert value.__init__.__qualname__ == f"{value.__qualname__}.__init__"
        assert str(inspect.signature(child)) == "(name: str, size: int = 3, weight: int = 1) -> None"

    def test_they_compare_hash_and_order(self):
        value, thing, child = _declared()
        assert value("a") == value("a", 3) != value("a", 4)
        assert value("a") != child("a")
        assert {value("a"): 1}[value("a")] == 1
        assert thing(1, ["x"]) == thing(1) < thing(2)
        with pytest.raises(TypeError, match="unhashable"):
            hash(thing(1))

    def test_they_refuse_what_python_refuses(self):
        value, _thing, child = _declared()
        for one in (value("a"), child("a")):
            with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
                one.name = "b"
            with pytest.raises(FrozenInstanceError, match="cannot delete field 'size'"):
                del one.size
        with pytest.raises(TypeError, match=r"__init__\(\) missing 1 required positional argument: 'name'"):
            value()
        with pytest.raises(ValueError, match="-1"):
            child("a", weight=-1)

    def test_they_are_taken_apart_and_put_together(self):
        value, thing, child = _declared()
        assert replace(value("a"), size=4) == value("a", 4)
        assert asdict(child("a")) == {"name": "a", "size": 3, "weight": 1}
        assert copy.deepcopy(thing(1, ["x"])).parts == ["x"]
        assert pickle.loads(pickle.dumps(Command("a", "b"))) == Command("a", "b")  # noqa: S301 - our own
        match value("a"):
            case value(name, size):
                assert (name, size) == ("a", 3)
