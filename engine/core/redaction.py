"""Taking out of a text what a log must not hold: secrets, and what tells who somebody is."""

import re
from collections.abc import Callable

GONE = "[removed]"
_NAMES = r"password|passwd|pwd|secret|token|api[_-]?key|authorization|cookie|session|credential|signature"
_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _looks_random(match: re.Match[str]) -> str:
    text = match.group(1)
    kinds = sum(bool(re.search(kind, text)) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    return f"/{GONE}" if kinds == 3 else match.group()


def _address(match: re.Match[str]) -> str:
    """Return an IPv4 address without its last part; this machine's stays."""
    return match.group() if match.group(1) == "127.0.0" else f"{match.group(1)}.x"


_RULES: tuple[_Rule, ...] = (
    # Headers and cookies, whole.
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE), rf"\1 {GONE}"),
    (re.compile(r"\b(agora_\w+)=[^;\s\"']+"), rf"\1={GONE}"),
    # name=value, "name": "value", name: 'value'
    (
        re.compile(rf"(?i)([\"']?\b\w*(?:{_NAMES})[\"']?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&\"'}})]+)"),
        rf"\1{GONE}",
    ),
    # Tokens and keys that are known by their form, wherever they stand.
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), GONE),
    (re.compile(r"\b(?:sk|rk|pk)_(?:live|test)_\w+|\bwhsec_[\w+/=]+|\bSG\.[\w.-]{16,}|\benc:1:[\w=-]+"), GONE),
    (re.compile(r"://[^/\s:@]+:[^/\s@]+@"), f"://{GONE}@"),
    # Parts of an address of ours that nobody could guess: download, order and reset links.
    (re.compile(r"/([A-Za-z0-9_-]{20,})(?![\w-])"), _looks_random),
    # People.
    (re.compile(r"[\w.+%'-]{1,64}@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b(?!\.\d)"), _address),
    (re.compile(r"(?i)(?<![\w:])((?:[0-9a-f]{1,4}:){2})(?:[0-9a-f]{0,4}:){1,5}[0-9a-f]{0,4}(?![\w:])"), r"\1…"),
    (re.compile(r"(?<![\w./:-])\+\d[\d ()/-]{7,17}\d(?![\w-])"), "[phone]"),
    # Not the moment in the name of a backup: agora-2026-11-26-020000-scheduled.zip.
    (re.compile(r"\b(?!20\d\d-[01]\d-[0-3]\d-[0-2]\d[0-5]\d[0-5]\d\b)(?:\d[ -]?){13,19}\b"), "[number]"),
)


def redacted(text: str) -> str:
    """Return the text without secrets, e-mail addresses, phone and card numbers, and the ends of IP addresses."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text
