"""Files: none over 400 lines, none with a name that says nothing, every module says what it is."""

import ast
import re
import subprocess
import sys
from pathlib import Path

LONGEST = 400
CODE = (".py", ".js", ".mjs", ".css", ".html", ".sh")
NO_NAME = re.compile(r"^(services?|utils?|helpers?|common|managers?|base|misc)$")
MIGRATIONS = ("engine", "migrations", "versions")
NAMED = (".py", ".js", ".mjs")


def complaints(path, text):
    """Yield what is wrong with one file."""
    lines = text.count("\n")
    if lines > LONGEST:
        yield f"{path}: {lines} lines; more than {LONGEST} hold two nouns, so divide it"
    if NO_NAME.match(path.stem) and path.suffix in NAMED:
        yield f"{path}: the name says nothing; call it by its noun"
    if path.suffix == ".py" and text.strip() and not ast.get_docstring(ast.parse(text)):
        yield f"{path}: the module has no docstring"


def main():
    """Return 1 and print every complaint, if there are any."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=True
    )
    found = [
        complaint
        for path in map(Path, listed.stdout.splitlines())
        if path.suffix in CODE and path.is_file() and path.parts[:3] != MIGRATIONS
        for complaint in complaints(path, path.read_text(encoding="utf-8"))
    ]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
