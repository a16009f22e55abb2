"""What the builder's script says, and the icons that it draws."""

from collections.abc import Mapping

from engine.content.pages.models import PageKind
from engine.core.i18n import Message, _, format_message
from ui.markup import icon

ICONS = (
    "grip-vertical", "plus", "chevron-right", "eye-off", "lock", "square", "file-text", "circle-alert",
    "triangle-alert", "message-square", "check", "x", "link", "trash-2",
)  # fmt: skip
KINDS: Mapping[PageKind, Message] = {
    PageKind.PAGE: _("Page"),
    PageKind.ARTICLE: _("Article"),
    PageKind.TEMPLATE: _("Page template"),
    PageKind.REUSABLE: _("Reusable block"),
    PageKind.HEADER: _("Header"),
    PageKind.FOOTER: _("Footer"),
    PageKind.NOT_FOUND: _("Page for what is not there"),
    PageKind.SERVER_ERROR: _("Page for when something broke"),
}
WORDS: Mapping[str, Message] = {
    "page": _("Page"),
    "the_page": _("The page"),
    "a_block": _("A block"),
    "unknown_block": _("Unknown block"),
    "page_settings": _("Page settings"),
    "drag": _("Drag to move"),
    "add_here": _("Add a block here"),
    "rename": _("Name"),
    "recent": _("Used lately"),
    "nothing_called": _("Nothing is called that."),
    "no_place": _("“{block}” cannot stand here. Choose another place first."),
    "no_place_here": _("These blocks cannot stand here. Choose another place first."),
    "hide": _("Hide"),
    "show": _("Show"),
    "write_in_panel": _("This text holds what can be written in the settings only, such as a table."),
    "panel_unreached": _("Agora cannot be reached right now. What you change is kept here until it is back."),
    "copied": _("Copied. Paste it on this page, another one, or another site."),
    "pasted": _("Pasted."),
    "paste_by_key": _("This browser asks for the keys: Ctrl V."),
    "nothing_to_paste": _("There is no block on the clipboard."),
    "made_reusable": _("“{title}” is a reusable block now. Change it once, and it changes everywhere."),
    "detached": _("Its blocks are this page's own now. What is changed in the original does not reach them."),
    "table_cut": _("A table has at most 200 rows and 20 columns: what is beyond was left out."),
    "state_saved": _("Saved"),
    "state_dirty": _("Not saved yet"),
    "state_saving": _("Saving"),
    "state_offline": _("Offline. Kept in this browser"),
    "state_failed": _("Not saved"),
    "signed_out": _("Not saved: sign in again in another tab"),
    "not_merged": _("Not saved: somebody else changed the page, and both could not be merged yet"),
    "merged": _("Somebody else saved meanwhile. Both are on the page now."),
    "followed": _("{name} changed the page. You see it as it is now."),
    "found_again": _("What you wrote at {at} had not been saved. It is here again; undo takes it back."),
    "kept_by_hand": _("Kept by hand"),
    "version_kept": _("Kept as a version."),
    "mine": _("Mine"),
    "theirs": _("Theirs"),
    "deleted": _("Deleted"),
    "changed": _("Kept, with the changes"),
    "my_place": _("Where I put it"),
    "their_place": _("Where they put it"),
    "is_at": _("{name} is at “{block}”"),
    "also_here": _("Also here: {names}"),
    "looking": _("Looking the page over…"),
    "not_saved_yet": _("The page is not saved yet. Wait until it is, then publish."),
    "status_draft": _("Draft"),
    "status_review": _("In review"),
    "status_published": _("Published"),
    "status_archived": _("Archived"),
    "done_publish": _("Published."),
    "done_unpublish": _("Visitors do not see it any more."),
    "done_schedule": _("Planned."),
    "done_unschedule": _("The plan is taken back."),
    "done_review": _("Put up for review."),
    "no_notes": _("No notes yet. Say what should change, about the block that is chosen or the whole page."),
    "note_on": _("About “{block}”"),
    "note_on_page": _("About the whole page"),
    "resolve": _("Done"),
    "reopen": _("Open again"),
    "link_copied": _("Copied. Whoever has the link sees the draft until {at}."),
    "link_made": _("Whoever has this link sees the draft until {at}."),
    "place_changed": _("Changed."),
    "plan_changed": _("Planned."),
    "template_taken": _("The template's blocks are here. Undo brings back what was."),
}


def words_in(locale: str) -> dict[str, str]:
    """Return the sentences of a language."""
    return {key: format_message(words, locale) for key, words in WORDS.items()}


def icons_of() -> dict[str, str]:
    """Return the drawings by name."""
    return {name: str(icon(name)) for name in ICONS}
