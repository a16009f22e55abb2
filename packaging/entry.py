"""Where the built program starts: the `agora` command, without an installed Python."""

import multiprocessing

from app.__main__ import main

multiprocessing.freeze_support()
main()
