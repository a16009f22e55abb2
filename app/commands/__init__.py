"""The commands of `agora`, one file a noun. A file is read when its command is used: here stands what help says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A command, or a group of them such as `agora user create`.

    text: the first line of the function, or the help of the group. place: its file here, and its name in it where
    that is another: `backup.rollback`.
    """

    name: str
    text: str
    place: str = ""
    is_hidden: bool = False

    @property
    def module(self) -> str:
        """Its file's name."""
        return (self.place or self.name).partition(".")[0]

    @property
    def function(self) -> str:
        """Its name in that file."""
        return (self.place or self.name).rpartition(".")[2]


COMMANDS: tuple[Command, ...] = (
    Command("serve", "Serve every surface; print the addresses and, while nobody owns the site, the claim token."),
    Command("serve-share", "Serve as one of several processes; their parent starts it.", "serve.share", is_hidden=True),
    Command("migrate", "Bring the database to this version of Agora.", "database.migrate"),
    Command(
        "demo",
        "Fill the shop with a believable organisation: products, pictures, people and three months of orders.",
    ),
    Command(
        "doctor",
        "Look at everything Agora stands on, and say in plain words what is wrong. Exit code 1 on a failure.",
    ),
    Command(
        "reindex",
        "Build the search index anew beside the one in use. A running server does it itself, in the background.",
    ),
    Command(
        "reset",
        "Delete everything: database, files, keys, search. Backups, the log and agora.toml stay. Stop Agora first.",
    ),
    Command(
        "move",
        "Move everything to another database, compare it row by row, and use it from then on. Stop the server first.",
    ),
    Command(
        "open",
        "Open Agora where this backup can be put back; nothing is replaced before you say so there.",
        "opened.open_",
    ),
    Command("licences", "List the work by others that is inside Agora, each with its version and licence."),
    Command("network", "Say who may reach the site on this network, where they find it, and what stands in the way."),
    Command(
        "rollback",
        "Put the data back as it was before the last upgrade; then start the version from before.",
        "backup.rollback",
    ),
    Command("routes", "List every address that Agora answers, with who may use it."),
    Command("surface", "Open or close a surface. A running server follows within about a second."),
    Command("worker", "Run jobs beside the processes that serve, here or on another machine of the same database."),
    Command("user", "Accounts: make, promote, unlock, set a password."),
    Command("import", "Bring in what another program wrote.", "import_"),
    Command("export", "Write what Agora has as a file."),
    Command("media", "Pictures and files."),
    Command("backup", "Make, list, try out and put back backups."),
    Command("secrets", "The keys of this installation."),
    Command("deploy", "Agora on a server of its own, or in a cloud."),
)
