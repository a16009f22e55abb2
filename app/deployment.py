"""What `agora deploy check` looks at: each file that puts Agora on a server, by the program that will read it.

A program that is not installed here is named, and its files are not called right. What Agora itself reads is checked
without any: a variable that nothing reads is a mistake in every one of these files.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.doctor.finding import Finding, fail, fine, warn
from app.variables import ENVIRONMENT, Variable

PATIENCE_SECONDS = 60
#: How a variable is set: in a unit or an env file, in YAML, in Terraform, in Bicep.
SET = re.compile(
    r"""
    ^\s*\#?(?:Environment=)?([A-Z][A-Z0-9_]+)=
    | ^\s+([A-Z][A-Z0-9_]+)(?::\s|\s+=\s)
    | name:\s'([A-Z][A-Z0-9_]+)'
    """,
    re.MULTILINE | re.VERBOSE,
)
NAMED_IN = (".service", ".env", ".yaml", ".tf", ".bicep")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a kind of file. command: what asks it about a file, given that file and a scratch folder.

    is_whole: it reads all files of a folder together.
    """

    pattern: str
    program: str
    command: Callable[[Path, Path], list[str]]
    is_whole: bool = False


def findings(folder: Path) -> Iterator[Finding]:
    """Yield what there is to say about each file of a folder, in their order."""
    folder = folder.resolve()
    found = [(reader, path) for reader in READERS for path in _read_by(reader, folder)]
    for reader, path in found:
        yield _asked(reader, path, str(path.relative_to(folder)))
    yield from _variables(folder)
    if not found:
        yield fail(f"{folder} holds no file that puts Agora on a server. Name the folder, such as packaging/server.")


def _read_by(reader: Reader, folder: Path) -> list[Path]:
    paths = [path for path in folder.rglob(reader.pattern) if ".terraform" not in path.parts]
    return sorted({path.parent for path in paths} if reader.is_whole else paths)


def _asked(reader: Reader, path: Path, name: str) -> Finding:
    if not _is_installed(reader.program):
        return warn(f"{name} was not checked: {reader.program} is not installed here.")
    with tempfile.TemporaryDirectory() as scratch:
        command = reader.command(path, Path(scratch))
        try:
            done = subprocess.run(  # noqa: S603 -- one of READERS
                command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False, cwd=scratch
            )
        except subprocess.TimeoutExpired:
            return warn(f"{name} was not checked: {reader.program} did not answer within {PATIENCE_SECONDS} seconds.")
    said = " ".join((done.stderr or done.stdout).split())[-600:].replace(scratch, "")
    if done.returncode == 0:
        return fine(f"{name}: {reader.program} takes it.")
    return fail(f"{name}: {reader.program} refuses it. {said}")


def _is_installed(program: str) -> bool:
    """A program may be a part of another, such as `docker compose`, that can be missing alone."""
    name, *part = program.split()
    if shutil.which(name) is None:
        return False
    asked = [name, *part, "version"]
    return not part or subprocess.run(asked, capture_output=True, check=False).returncode == 0  # noqa: S603 -- ours


def _variables(folder: Path) -> Iterator[Finding]:
    """Yield a sentence for every variable that nothing reads, or one for all of them."""
    known = {variable.name: variable for variable in ENVIRONMENT}
    wrong = [
        f"{path.relative_to(folder)} sets {name}, {reason}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name.endswith(NAMED_IN)
        for name in sorted({next(filter(None, found)) for found in SET.findall(path.read_text())})
        if (reason := _useless(name, known.get(name)))
    ]
    yield from map(fail, wrong)
    if not wrong:
        yield fine("Every variable of Agora's that these files set is one that it reads.")


def _useless(name: str, variable: Variable | None) -> str:
    if variable is None:
        return "which Agora does not know; .env.example lists what it does." if name.startswith("AGORA_") else ""
    return "" if variable.used else f"which does nothing: {variable.reason_if_ignored}."


def _systemd(path: Path, scratch: Path) -> list[str]:
    """The program itself need not be installed where the unit is written."""
    copy = scratch / path.name
    copy.write_text(re.sub(r"(?m)^(Exec\w+=)\S+", r"\1/bin/true", path.read_text()))
    return ["systemd-analyze", "verify", str(copy)]


def _caddy(path: Path, _scratch: Path) -> list[str]:
    return ["caddy", "validate", "--adapter", "caddyfile", "--config", str(path)]


def _nginx(path: Path, scratch: Path) -> list[str]:
    """A site's file, as nginx includes it; with certificates that are there, and ports that anybody may open."""
    _certify(scratch)
    site = re.sub(r"(?m)^\s*listen \[::\].*$", "", path.read_text())
    site = re.sub(r"listen (\d+)", lambda port: f"listen 127.0.0.1:{18000 + int(port[1])}", site)
    site = re.sub(r"(ssl_certificate(?:_key)?) \S+/(\w+\.pem);", rf"\1 {scratch}/\2;", site)
    (scratch / "site.conf").write_text(site)
    main = scratch / "nginx.conf"
    main.write_text(f"pid {scratch}/pid; error_log stderr; events {{}} http {{ access_log off; include site.conf; }}\n")
    return ["nginx", "-t", "-p", str(scratch), "-c", str(main)]


def _certify(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.org")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(pem, *plain))


def _compose(path: Path, scratch: Path) -> list[str]:
    """With something in every variable that it asks for."""
    asked = sorted(set(re.findall(r"\$\{(\w+)", path.read_text())))
    values = scratch / "values.env"
    values.write_text("".join(f"{name}=example\n" for name in asked))
    return ["docker", "compose", "--env-file", str(values), "--file", str(path), "config", "--quiet"]


def _terraform(path: Path, _scratch: Path) -> list[str]:
    """Whole where its providers were fetched (`terraform init`), and else only how it is written."""
    if (path / ".terraform").is_dir():
        return ["terraform", f"-chdir={path}", "validate", "-no-color"]
    return ["terraform", "fmt", "-check", "-diff", "-no-color", str(path)]


READERS = (
    Reader("*.service", "systemd-analyze", _systemd),
    Reader("Caddyfile", "caddy", _caddy),
    Reader("nginx.conf", "nginx", _nginx),
    Reader("compose.yaml", "docker compose", _compose),
    Reader("kustomization.yaml", "kubectl", lambda path, _scratch: ["kubectl", "kustomize", str(path)], is_whole=True),
    Reader("*.tf", "terraform", _terraform, is_whole=True),
    Reader("*.bicep", "bicep", lambda path, _scratch: ["bicep", "build", "--stdout", str(path)]),
)
