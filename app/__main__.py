"""Where every start begins: `python -m app`, the `agora` command, and the built program."""

from app import cli


def main() -> None:
    """Run the command."""
    cli.main()


if __name__ == "__main__":
    main()
