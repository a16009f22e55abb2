"""Lock files: true to pyproject.toml, one version for each library, hashes and no addresses."""

import json
import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCKS = Path("packaging/locks")
ADDRESS = re.compile(r"https?:|file:|^\s*-|--index|--extra-index|--find-links|--trusted-host|\s@\s", re.MULTILINE)
ENTRY = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;\\]+)(?P<marker>[^\\\n]*)(?P<hashes>(?:\\\n\s+--hash=\S+ ?)+)",
    re.MULTILINE,
)


def read(name):
    """Return one lock's entries: library -> (version, hashes)."""
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    return {
        entry["name"]: (Version(entry["version"]), entry["hashes"].count("sha256:")) for entry in ENTRY.finditer(text)
    }


def wanted(project):
    """Return what each lock has to hold: lock -> requirements."""
    runtime = project["project"]["dependencies"]
    extras = project["project"]["optional-dependencies"]
    return {
        "runtime": runtime,
        "services": [*runtime, *extras["redis"], *extras["kafka"], *extras["objects"]],
        "build": project["dependency-groups"]["build"],
        "dev": [*runtime, *extras["dev"]],
        "desktop": [*runtime, *extras["desktop"]],
    }


def complaints(project):
    """Yield what is wrong with the Python locks."""
    versions = {}
    for lock, requirements in wanted(project).items():
        entries = read(lock)
        for requirement in map(Requirement, requirements):
            name = canonicalize_name(requirement.name)
            if name not in entries:
                yield f"{lock}.txt lacks {requirement}"
            elif not requirement.specifier.contains(entries[name][0], prereleases=True):
                yield f"{lock}.txt has {name} {entries[name][0]}, and pyproject.toml asks for {requirement}"
        text = (LOCKS / f"{lock}.txt").read_text(encoding="utf-8")
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("#", "--hash")))
        yield from (f"{lock}.txt holds an address or an option: {found[0]!r}" for found in ADDRESS.finditer(code))
        if len(entries) != len(re.findall(r"^[^\s#]", text, re.MULTILINE)):
            yield f"{lock}.txt has entries without a version or a hash"
        for name, (version, _hashes) in entries.items():
            if versions.setdefault(name, version) != version:
                yield f"{name} is {version} in {lock}.txt and {versions[name]} in another lock"


def npm_complaints():
    """Yield what is wrong with the UI's lock."""
    package = json.loads(Path("ui/package.json").read_text(encoding="utf-8"))
    lock = json.loads(Path("ui/package-lock.json").read_text(encoding="utf-8"))
    if any(package.get(part, {}) != lock["packages"][""].get(part, {}) for part in ("dependencies", "devDependencies")):
        yield "ui/package-lock.json is not that of ui/package.json"
    for name, entry in lock["packages"].items():
        if "resolved" in entry:
            yield f"ui/package-lock.json has an address for {name}"
        if name and "integrity" not in entry:
            yield f"ui/package-lock.json has no hash for {name}"


def main():
    """Return 1 and print every complaint, if there are any."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    found = [*complaints(project), *npm_complaints()]
    print("\n".join([*found, "Write them anew with: make lock"] if found else []))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
