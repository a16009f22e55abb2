"""What a program calls itself, in words that its user knows it by."""

import re

from engine.core.i18n import Message, _

_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_name = re.compile(r"^[A-Za-z][\w.-]{0,40}")


def program_name(user_agent: str) -> Message | str:
    """Return “Firefox on Windows”, or the first word of what another program calls itself."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), None)
    if browser and system:
        return _("{browser} on {system}").having(browser=browser, system=system)
    if browser:
        return browser
    found = _name.match(user_agent)
    return found.group() if found else _("Unknown program")


def is_phone(user_agent: str) -> bool:
    """Return whether it is something that is held in a hand."""
    return any(mark in user_agent for mark in ("iPhone", "iPad", "Android"))
