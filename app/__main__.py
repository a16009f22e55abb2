"""Where every start begins: `python -m app`, the `agora` command, and the built program.

The collector of cycles rests while the modules are read, and never looks at them again: they live as long as the
process, and looking through them took an eighth of the start.
"""

import gc

gc.disable()

from app import cli  # noqa: E402 - read while the collector rests

gc.freeze()
gc.enable()


def main() -> None:
    """Run the command."""
    cli.main()


if __name__ == "__main__":
    main()
