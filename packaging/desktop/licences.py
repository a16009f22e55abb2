"""What is packed into dist/agora, with licences: licences.json for the program, THIRD-PARTY.txt for people."""

import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

from engine.operations.inventory import OURS, Part, bundled, of_distributions, ordered, plain, python, write

SYSTEM = ("/lib/", "/lib64/", "/usr/lib/")
COPYRIGHT = Path("/usr/share/doc")
RULE = "=" * 79


def packed(modules: Iterable[str], files: Iterable[str]) -> list[Distribution]:
    """Return the distributions of modules by their names, and of files by where they lay."""
    by_module = packages_distributions()
    names = {plain(name) for module in modules for name in by_module.get(module.partition(".")[0], ())}
    for file in files:
        _before, site, below = file.partition("/site-packages/")
        top = below.partition("/")[0].partition(".")[0]
        names |= {plain(name) for name in by_module.get(top, ()) if site}
    return [distribution(name) for name in sorted(names - {OURS})]


def of_system(files: Iterable[str]) -> list[Part]:
    """Return a part for each Debian package that a library was taken from; elsewhere one for each library."""
    found: dict[str, Part] = {}
    for file in sorted(set(files)):
        if not file.startswith(SYSTEM):
            continue
        name = _debian_package(file)
        path = COPYRIGHT / name / "copyright"
        text = path.read_text(encoding="utf-8", errors="replace") if name and path.is_file() else ""
        title = name or Path(file).name
        found[title] = Part(title, _version(name) if name else "", "see its text", "", "system", text)
    return list(found.values())


def _debian_package(file: str) -> str:
    for path in (file, str(Path(file).resolve()), file.removeprefix("/usr")):
        said = _answer("dpkg-query", "--search", path)
        if said:
            return said.partition(":")[0]
    return ""


def _version(package: str) -> str:
    return _answer("dpkg-query", "--show", "--showformat=${Version}", package)


def _answer(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def write_down(folder: Path, modules: Iterable[str], files: Iterable[str]) -> list[Part]:
    """Write licences.json and THIRD-PARTY.txt for what is packed into a folder; return the parts.

    Raises SystemExit for a part of which neither a licence's name nor its text is known.
    """
    files = list(files)
    parts = ordered([*of_distributions(packed(modules, files)), python(), *of_system(files), *bundled()])
    unknown = [part.name for part in parts if not part.licence and not part.text]
    if unknown:
        sys.exit(f"No licence is known of: {', '.join(unknown)}. Leave them out, or find out.")
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "licences.json", parts)
    (folder / "THIRD-PARTY.txt").write_text("\n".join(_paragraphs(parts)), encoding="utf-8")
    return parts


def _paragraphs(parts: Iterable[Part]) -> Iterable[str]:
    yield "Agora holds work by others. Each part, its licence, and where it comes from:\n"
    for part in parts:
        yield f"{RULE}\n{part.name} {part.version}: {part.licence or 'see below'}"
        yield f"{part.home}\n" if part.home else ""
        yield f"{part.text}\n" if part.text else ""
