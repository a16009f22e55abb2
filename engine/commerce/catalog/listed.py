"""Lists inside one cell of a table, parted by a sign and escaped by a backslash: whatever is in them comes back."""

from collections.abc import Iterable

_ESCAPED_LINE = "n"


def joined(parts: Iterable[str], separator: str) -> str:
    """Return parts in one text. separator: one sign, a space follows it unless it is a line's end."""
    return (separator if separator == "\n" else f"{separator} ").join(parts)


def escaped(part: str, signs: str) -> str:
    """Return a part with a backslash before each of the signs, and before backslashes; line ends as backslash and n."""
    for sign in f"\\{signs}":
        part = part.replace(sign, f"\\{sign}")
    return part.replace("\n", f"\\{_ESCAPED_LINE}")


def parted(text: str, separator: str) -> list[str]:
    """Return the parts of a text, trimmed and still escaped, without empty ones at the end."""
    parts = [""]
    characters = iter(text)
    for character in characters:
        if character == "\\":
            parts[-1] += character + next(characters, "")
        elif character == separator:
            parts.append("")
        else:
            parts[-1] += character
    trimmed = [part.strip() for part in parts]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def unescaped(part: str) -> str:
    """Return a part as it was before it was escaped."""
    if "\\" not in part:
        return part
    found = ""
    characters = iter(part)
    for character in characters:
        if character == "\\":
            following = next(characters, "\\")
            found += "\n" if following == _ESCAPED_LINE else following
        else:
            found += character
    return found
