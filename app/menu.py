"""The window's menu: what it is called, and what each line does. Its lines never change, so each does one thing."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from app.shell import Shell
from engine.core.i18n import Message, _
from engine.core.opening import Openness
from engine.core.site import Reach

HOME = "/admin"
Act = Callable[[Shell], Coroutine[Any, Any, str]]


@dataclass(frozen=True, slots=True)
class Handles:
    """What lines pull at. go: shows a page of the admin; act: does something to the house; run: a script in the page.

    browse: opens the site in the browser; quit: ends the program.
    """

    go: Callable[[str], None]
    act: Callable[[Act], None]
    quit: Callable[[], None]
    browse: Callable[[], object]
    run: Callable[[str], object]


def bar(kinds: Any, handles: Handles, text: Callable[[Message], str]) -> list[Any]:
    """Return the menus. kinds: the toolkit's; text: words in the site's language."""

    def line(title: Message, do: Callable[[], object]) -> Any:
        return kinds.MenuAction(text(title), do)

    def act(title: Message, one: Act) -> Any:
        return line(title, lambda: handles.act(one))

    def page(title: Message, at: str) -> Any:
        return line(title, lambda: handles.go(at))

    def script(title: Message, code: str) -> Any:
        # A page that leaves at once would never answer.
        return line(title, lambda: handles.run(f"setTimeout(() => {code}, 0), 0"))

    ours = [
        act(_("Share on the network"), lambda shell: shell.share(Reach.LOCAL_NETWORK)),
        act(_("Stop sharing"), lambda shell: shell.share(Reach.THIS_MACHINE)),
        kinds.MenuSeparator(),
        act(_("Pause the site"), lambda shell: shell.pause(Openness.MAINTENANCE)),
        act(_("Open the site again"), lambda shell: shell.pause(Openness.LIVE)),
        kinds.MenuSeparator(),
        act(_("Back up now"), lambda shell: shell.back_up()),
        page(_("Program and updates"), "/admin/program"),
        kinds.MenuSeparator(),
        line(_("Quit Agora"), handles.quit),
    ]
    ways = [
        script(_("Back"), "history.back()"),
        script(_("Forward"), "history.forward()"),
        script(_("Reload"), "location.reload()"),
        kinds.MenuSeparator(),
        page(_("Dashboard"), HOME),
        line(_("Open the site in the browser"), handles.browse),
    ]
    return [kinds.Menu("Agora", ours), kinds.Menu(text(_("Go")), ways)]
