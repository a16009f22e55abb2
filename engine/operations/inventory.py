"""What others made that is inside Agora: each part with its version and its licence, for whoever has to know."""

import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
#: Written by the build of the program, for exactly what is packed.
PACKED = ROOT / "licences.json"
#: Written by the build of the UI, for exactly what is bundled.
BUNDLED = ROOT / "ui" / "dist" / "packages.json"
OURS = "agora"
TEXTS = re.compile(r"(?i)(^|/)(licen[cs]e|copying|notice)[^/]*$")
#: A requirement's name and extras, and the extra that it is only for. Source: PyPA, "Dependency specifiers".
NEED = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[(?P<extras>[^\]]*)\])?")
EXTRA = re.compile(r"extra == ['\"]([^'\"]+)")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One thing by others. kind: python, javascript or system. text: its licence in full; empty where it has none."""

    name: str
    version: str
    licence: str
    home: str
    kind: str
    text: str = ""


@cache
def inventory() -> Sequence[Part]:
    """Return what is inside, by name: what the build wrote down, else what is installed beside this Python."""
    if PACKED.exists():
        return read(PACKED)
    return ordered([*of_distributions(needed()), python(), *bundled()])


def ordered(parts: Iterable[Part]) -> list[Part]:
    """Return the parts by kind and name."""
    return sorted(parts, key=lambda part: (part.kind != "python", part.kind, part.name.lower()))


def read(path: Path) -> Sequence[Part]:
    """Return the parts that a file names."""
    return [Part(**one) for one in json.loads(path.read_text(encoding="utf-8"))]


def write(path: Path, parts: Iterable[Part]) -> None:
    """Write the parts into a file that `read` understands."""
    path.write_text(json.dumps([asdict(part) for part in parts], indent=1, ensure_ascii=False), encoding="utf-8")


def bundled() -> Sequence[Part]:
    """Return the JavaScript, fonts and icons in the UI; none before it was built."""
    return read(BUNDLED) if BUNDLED.exists() else ()


def python() -> Part:
    """Return the Python that runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Part("Python", version, "PSF-2.0", "https://www.python.org", "python", _copyright())


def _copyright() -> str:
    return f"{sys.copyright}\n\nThe licence: https://docs.python.org/3/license.html"


def needed(name: str = OURS) -> list[Distribution]:
    """Return the installed distributions that one needs, and those need in turn, without itself and extras."""
    found: dict[str, Distribution] = {}

    def look(one: Distribution, extras: Collection[str]) -> None:
        for line in one.requires or ():
            wanted, only_for = NEED.match(line), EXTRA.search(line)
            if wanted is None or (only_for and only_for[1] not in extras):
                continue
            key = plain(wanted["name"])
            other = _installed(wanted["name"])
            if other is not None and (key not in found or wanted["extras"]):
                found[key] = other
                look(other, [extra.strip() for extra in (wanted["extras"] or "").split(",")])

    if (ours := _installed(name)) is not None:
        look(ours, ())
    return list(found.values())


def plain(name: str) -> str:
    """Return a distribution's name as others write it, too. Source: PyPA, "Names and normalization"."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def of_distributions(found: Iterable[Distribution]) -> Iterator[Part]:
    """Return a part for each distribution, with the texts that lie in it."""
    for one in found:
        about: Mapping[str, Any] = one.metadata.json
        yield Part(about["name"], one.version, licence_of(about), _home(about), "python", _text(one))


def licence_of(about: Mapping[str, Any]) -> str:
    """Return a licence's name from a distribution's metadata: an expression, a short name, or a classifier's."""
    expression = str(about.get("license_expression") or "")
    named = str(about.get("license") or "").strip()
    classified = [
        line.rpartition(" :: ")[2] for line in about.get("classifier", ()) if line.startswith("License :: ")
    ]  # fmt: skip
    if expression:
        return expression
    if named and len(named) <= LONGEST and "\n" not in named:
        return named
    return ", ".join(classified) or (named.partition("\n")[0][:LONGEST] if named else "")


def _home(about: Mapping[str, Any]) -> str:
    urls = {
        label.strip().lower(): url.strip()
        for label, _comma, url in (line.partition(",") for line in about.get("project_url", ()))
    }
    chosen = about.get("home_page") or next(
        (urls[key] for key in ("homepage", "home", "repository", "source", "source code", "github") if key in urls), ""
    )
    return str(chosen if str(chosen).startswith("https://") else "")


def _text(one: Distribution) -> str:
    texts = [file for file in one.files or () if TEXTS.search(str(file)) and "dist-info" in str(file)]
    return "\n\n".join(file.read_text(encoding="utf-8").strip() for file in texts if Path(str(file.locate())).is_file())
