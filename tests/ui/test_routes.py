"""Every file that has pages is in the list."""

import importlib
from pathlib import Path

from ui.routes import PARTS

ROOT = Path(__file__).parents[2]


def test_no_page_is_left_out_of_the_list() -> None:
    files = [file for file in (ROOT / "ui").rglob("*.py") if "\nrouter = APIRouter(" in file.read_text()]
    named = {".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files}
    assert len(named) > 15
    listed = {id(part.router) for part in PARTS}
    assert [name for name in sorted(named) if id(importlib.import_module(name).router) not in listed] == []
