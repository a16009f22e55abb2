"""Modules that are read when they are needed: what a command does not use is not waited for.

The collector of cycles rests while modules are read, and never looks at them again: they live as long as the process,
and looking through them took an eighth of the start.
"""

import gc
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from app.commands import COMMANDS, Command


def read(name: str) -> ModuleType:
    """Return a module, and all that it stands on, read now if it was not yet."""
    if name in sys.modules:
        return sys.modules[name]
    gc.disable()
    try:
        with import_module("app.quickening").quickly():
            return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


class LateCommand(TyperCommand):
    """A command whose module is read when it is used; until then its name and its line are known."""

    def __init__(self, command: Command) -> None:
        super().__init__(command.name, help=command.text, hidden=command.is_hidden)
        self._command = command

    def make_context(self, *given: Any, **named: Any) -> Any:
        """Return the context of the command itself."""
        return self._read().make_context(*given, **named)

    def _read(self) -> Any:
        found = getattr(read(f"app.commands.{self._command.module}"), self._command.function)
        if isinstance(found, typer.Typer):
            return get_group(found)
        alone = typer.Typer(add_completion=False)
        alone.command(self._command.name)(found)
        return get_command(alone)


class Commands(TyperGroup):
    """All commands, none of them read."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands.update({command.name: LateCommand(command) for command in COMMANDS})
