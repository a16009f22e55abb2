"""A gated file as a block of a page: what it is, and the way to its page."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import Connection

from engine.content.files import queries
from engine.content.files.queries import FileView
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings, Moment
from engine.core.blocks.kinds import Line
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.setting import Meaning


class GatedFileSettings(BlockSettings):
    """file: its id, or the last part of its address; label: words on the button instead of the usual ones."""

    file: Annotated[str, Meaning("one:files"), Field(max_length=100)] = ""
    label: Line = ""


def load(connection: Connection, _moment: Moment, settings: GatedFileSettings) -> FileView | None:
    """Return the file, or None where there is none to be had. Who may is said on its own page, never here."""
    try:
        found = queries.file(connection, settings.file) if settings.file else None
    except NotFound:
        return None
    return found if found is not None and found.is_here else None


FILE_BLOCK = Block(
    name="gated-file",
    label=_("File for members"),
    icon="file-lock",
    group=BlockGroup.SITE,
    text=_("A file for members, buyers or who sends a form."),
    settings=GatedFileSettings,
    labels={"file": _("File"), "label": _("Words on the button")},
    helps={"file": _("You put them there under Files.")},
    titled="label",
    words="download gated members",
    load=load,
)
