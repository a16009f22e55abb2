"""What every command is asked alike."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path | None, typer.Option("--data", help="The data folder.", envvar="AGORA_DATA_DIR")]
