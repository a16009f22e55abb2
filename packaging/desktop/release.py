"""Pack dist/agora for programs that update themselves, and sign the announcement of a version.

    python packaging/desktop/release.py key release.key            a new key; prints the public one for the settings
    python packaging/desktop/release.py pack dist/agora dist       dist/agora-VERSION-MACHINE.tar.gz
    python packaging/desktop/release.py announce release.key https://example.org/agora notes.txt dist/agora-*.tar.gz

`announce` writes agora.json and agora.json.sig; put them and the archives at the address.
"""

import base64
import json
import sys
import tarfile
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.operations.updates.release import read, this_machine
from engine.operations.updates.standing_by import TOP

ANNOUNCEMENT = "agora.json"


def make_key(path: Path) -> str:
    """Write a new private key for its owner alone; return the public one in base64."""
    made = Ed25519PrivateKey.generate()
    with path.open("xb") as file:
        path.chmod(0o600)
        file.write(base64.b64encode(made.private_bytes_raw()))
    return base64.b64encode(made.public_key().public_bytes_raw()).decode()


def pack(built: Path, target: Path) -> Path:
    """Write the archive of a built program; return its file."""
    file = target / f"agora-{version('agora')}-{this_machine()}.tar.gz"
    with tarfile.open(file, "w:gz", compresslevel=6) as archive:
        archive.add(built, TOP)
    return file


def announce(key: Path, address: str, notes: str, archives: list[Path], target: Path) -> Path:
    """Write the signed announcement of the archives; return its file."""
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.read_bytes()))
    packages = {}
    for archive in archives:
        _name, number, machine = archive.name.removesuffix(".tar.gz").split("-", 2)
        with archive.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        url = f"{address.rstrip('/')}/{archive.name}"
        packages[machine] = {"url": url, "sha256": digest, "size": archive.stat().st_size}
    body = json.dumps({"version": number, "notes": notes, "packages": packages}, indent=1).encode()
    signature = base64.b64encode(private.sign(body))
    read(
        body, signature, base64.b64encode(private.public_key().public_bytes_raw()).decode()
    )  # what is wrong is told now
    file_at = target / ANNOUNCEMENT
    file_at.write_bytes(body)
    file_at.with_name(f"{ANNOUNCEMENT}.sig").write_bytes(signature)
    return file_at


def main(act: str, *said: str) -> None:
    """Do what the command line says."""
    match act, said:
        case "key", [path]:
            print(make_key(Path(path)))  # noqa: T201 - a command
        case "pack", [built, target]:
            print(pack(Path(built), Path(target)))  # noqa: T201
        case "announce", [key, address, notes, *archives]:
            text = Path(notes).read_text(encoding="utf-8")
            print(announce(Path(key), address, text, [Path(one) for one in archives], Path()))  # noqa: T201
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["help"]))
