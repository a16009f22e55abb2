"""Every text can be extracted, and every language that ships is complete."""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
METHODS = [
    ("ui/emails/messages/**.jinja", "jinja2"),
    ("ui/emails/parts/**.jinja", "jinja2"),
    ("ui/**.html", "jinja2"),
    ("**.py", "python"),
]
#: The words of messages have signs of their own (`ui/emails/wordings.py`).
LETTERS = {
    "block_start_string": "<%",
    "block_end_string": "%>",
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
    "silent": "false",
}
OPTIONS = {
    "ui/emails/messages/**.jinja": LETTERS,
    "ui/**.html": {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "silent": "false"},
}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
FOLDERS = ("engine", "ui", "adapters", "app")


def extracted() -> Catalog:
    """Return every text in the code and the templates."""
    catalog = Catalog(fuzzy=False)
    for folder in FOLDERS:
        found = extract_from_dir(
            str(ROOT), METHODS, OPTIONS, KEYWORDS, directory_filter=lambda path, f=folder: _is_ours(Path(path), f)
        )
        for name, line, message, comments, context in found:
            if name.startswith(folder):
                catalog.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalog


def _is_ours(path: Path, folder: str) -> bool:
    parts = path.relative_to(ROOT).parts
    return bool(parts) and parts[0] == folder and not {"node_modules", "dist", "__pycache__"} & set(parts)


def main() -> int:
    """Return 1 and name what is missing."""
    catalog = extracted()
    write_po(BytesIO(), catalog)
    if len(catalog) < 100:
        print(f"Only {len(catalog)} texts were found: the extraction no longer sees the templates.")
        return 1
    failed = 0
    for path in sorted(ROOT.glob("ui/locales/*/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            shipped = read_po(file)
        missing = [m.id for m in catalog if m.id and not (shipped.get(m.id) and shipped.get(m.id).string)]
        if missing:
            failed = 1
            print(f"{path.relative_to(ROOT)} lacks {len(missing)} texts, the first: {missing[0]!r}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
