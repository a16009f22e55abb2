"""What a list of files is asked for by its address, and how it writes the next one."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from engine.core.errors import Invalid
from engine.core.i18n import Message, _, ngettext
from engine.media.library import MediaFilter, MediaItem, Shelves, View
from engine.media.models import MediaKind
from ui.admin.lists import address, asked

HOME = "/admin/media"
NO_FOLDER = "-"
KINDS: dict[MediaKind, Message] = {
    MediaKind.IMAGE: _("Pictures"),
    MediaKind.DRAWING: _("Drawings (SVG)"),
    MediaKind.DOCUMENT: _("Documents"),
    MediaKind.VIDEO: _("Videos"),
    MediaKind.AUDIO: _("Sound"),
    MediaKind.ARCHIVE: _("Archives"),
}
VIEWS: dict[View, Message] = {
    View.ALL: _("All"),
    View.MISSING_ALT: _("Not described"),
    View.UNUSED: _("Unused"),
    View.BIN: _("Bin"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address. kind, folder: their texts, empty for any; a folder of "-" is none."""

    path: str
    view: View
    kind: MediaKind | None
    folder: str
    tag: str
    search: str

    @classmethod
    def of(cls, request: Request, path: str = HOME) -> "Asked":
        """Return what this address asks for; what it cannot mean is left out."""
        view = next((one for one in View if one == asked(request, "view")), View.ALL)
        kind = next((one for one in MediaKind if one == asked(request, "kind")), None)
        return cls(path, view, kind, asked(request, "folder"), asked(request, "tag"), asked(request, "q"))

    @property
    def filter(self) -> MediaFilter:
        """As the library takes it."""
        folder = {"": None, NO_FOLDER: ""}.get(self.folder, self.folder)
        kinds = (self.kind,) if self.kind else ()
        return MediaFilter(self.view, kinds, folder=folder, tag=self.tag, search=self.search)

    @property
    def kept(self) -> dict[str, str]:
        """The parameters of this address, without its page."""
        view = "" if self.view is View.ALL else str(self.view)
        return {"view": view, "kind": self.kind or "", "folder": self.folder, "tag": self.tag, "q": self.search}

    @property
    def here(self) -> str:
        return address(self.path, self.kept)

    @property
    def upload_folder(self) -> str:
        """Where files go that are sent from this list."""
        return "" if self.folder == NO_FOLDER else self.folder

    def but(self, **changes: object) -> str:
        """Return this list's address with other filters."""
        return address(self.path, self.kept, **changes)

    def tabs(self, shelves: Shelves) -> list[tuple[Message, str, int | None]]:
        """Return the views as ui.tabs takes them."""
        return [
            (label, self.but(view="" if view is View.ALL else view), shelves.views.get(view) or None)
            for view, label in VIEWS.items()
        ]

    def chips(self) -> list[tuple[Message, Message | str, str]]:
        """Return the filters that are on as ui.chips takes them."""
        found: list[tuple[Message, Message | str, str]] = []
        if self.kind:
            found.append((_("Kind:"), KINDS[self.kind], self.but(kind="")))
        if self.folder:
            found.append((_("Folder:"), _("none") if self.folder == NO_FOLDER else self.folder, self.but(folder="")))
        if self.tag:
            found.append((_("Tag:"), self.tag, self.but(tag="")))
        if self.search:
            found.append((_("Search:"), self.search, self.but(q="")))
        return found


def said_of(file: MediaItem) -> dict[str, str]:
    """Return what is said of a file, as the fields of its form hold it."""
    return {
        "alt": file.alt,
        "is_decorative": "true" if file.is_decorative else "",
        "folder": file.folder,
        "tags": ", ".join(file.tags),
        "focus_x": str(file.focus[0]),
        "focus_y": str(file.focus[1]),
    }


def percent(values: Mapping[str, str], name: str) -> int:
    """Return a field's whole number from 0 to 100, as far as it is one at all. Raises Invalid."""
    text = values.get(name, "").strip()
    if text.isascii() and text.isdecimal() and len(text) <= 4:
        return int(text)
    message = _("“{value}” is no whole number from 0 to 100.").having(value=text[:20])
    raise Invalid(message, {name: message})


def about(item: MediaItem) -> str:
    """Return a file's size in pixels, or its ending where it has none."""
    return f"{item.width} × {item.height}" if item.width else item.extension.upper()


def came(added: int, existed: int, failed: int) -> Message:
    """Say what became of files that were sent."""
    parts = [
        (added, ngettext("{count} file is in the library.", "{count} files are in the library.", added)),
        (existed, ngettext("{count} was here already.", "{count} were here already.", existed)),
        (failed, ngettext("{count} could not be taken.", "{count} could not be taken.", failed)),
    ]
    said = [message for count, message in parts if count]
    return _("{one} {two} {three}").having(**dict(zip(("one", "two", "three"), [*said, "", ""], strict=False)))
