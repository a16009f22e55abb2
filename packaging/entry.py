"""Where the built program starts: the `agora` command, without an installed Python."""

import multiprocessing
from importlib.metadata import version

from app import successor

multiprocessing.freeze_support()
successor.follow(version("agora"))

from app.__main__ import main  # noqa: E402 - a newer version that stands by comes first

main()
