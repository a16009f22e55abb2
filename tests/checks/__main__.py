"""Run every check, show what each failing one said, and fail if any did."""

import ast
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

TOOLS = {
    "formatting": ("ruff", "format", "--check", "--quiet", "."),
    "lint": ("ruff", "check", "--quiet", "."),
    "types": ("mypy",),
    "import contracts": ("lint-imports",),
    "templates": ("djlint", "ui", "--lint", "--quiet"),
    "spelling": ("codespell",),
}


def own_checks():
    """Return a command for each module beside this one; the first line of its docstring says what it checks."""
    for module in sorted(HERE.glob("[!_]*.py")):
        says = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or module.stem
        yield says.splitlines()[0].rstrip("."), (sys.executable, "-m", f"tests.checks.{module.stem}")


def passes(name, command):
    """Run one check and print its line; what it said follows if it failed."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    mark = "ok    " if done.returncode == 0 else "FAILED"
    print(f"{mark} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if done.returncode != 0:
        print(f"{done.stdout}{done.stderr}", flush=True)
    return done.returncode == 0


def main():
    """Return 1 if any check failed."""
    results = [passes(name, command) for name, command in [*TOOLS.items(), *own_checks()]]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
