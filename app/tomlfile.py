"""Writing single settings into `agora.toml`: the other lines, with the comments among them, stay as they are."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

TOML = "agora.toml"


def write_settings(folder: Path, values: Mapping[str, str | None]) -> Path:
    """Set these settings, and take out those whose value is None; return the file, which only its owner can read."""
    path = folder / TOML
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = [line for line in text.splitlines() if not any(_sets(line, name) for name in values)]
    new = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items() if value is not None]
    # Before the first table, for whatever follows one belongs to it.
    at = next((place for place, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    scratch = path.with_name(f".{TOML}.{os.getpid()}.new")
    scratch.unlink(missing_ok=True)
    scratch.touch(mode=0o600)
    scratch.write_text("\n".join([*lines[:at], *new, *lines[at:]]) + "\n", encoding="utf-8")
    scratch.replace(path)
    return path


def _sets(line: str, name: str) -> bool:
    return re.match(rf"\s*{re.escape(name)}\s*=", line) is not None
