"""A damaged database: Agora says so and leaves the file as it is, and a backup puts back all that was told."""

from tests.harness.installation import Installation
from tests.harness.post import PostOffice
from tests.harness.report import Found

NAME = "database damaged, backup put back"
PAGE = 4096


def damage_and_restore(server: Installation, post: PostOffice, found: Found) -> None:
    """Make a backup beside the running server, write nonsense into its database, and put the backup back."""
    came = {*post.taken}
    made = server.run_command("backup", "create")
    if made.returncode:
        found.wrong.append(f"no backup could be made: {made.stdout}{made.stderr}"[:600])
        return
    backup = made.stdout.partition(": ")[0]
    server.stop()
    found.after_backup |= {*post.taken} - came
    file = server.folder / "agora.sqlite3"
    with file.open("r+b") as opened:
        for at in range(PAGE * 3, file.stat().st_size, PAGE * 5):
            opened.seek(at)
            opened.write(b"nonsense" * 64)
    before = file.read_bytes()
    said = server.run_command("serve", "--host", "127.0.0.1", "--port", str(server.port))
    if said.returncode == 0 or "file is damaged" not in said.stderr or "Traceback" in said.stderr:
        found.wrong.append(f"a damaged database is not said to be: {said.returncode} {said.stdout}{said.stderr}"[:900])
    if file.read_bytes() != before:
        found.wrong.append("the damaged file was changed")
    put = server.run_command("backup", "restore", backup, "--yes")
    if put.returncode:
        found.wrong.append(f"the backup could not be put back: {put.stdout}{put.stderr}"[:600])
    server.start()
