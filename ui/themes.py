"""The organisation's theme as a stylesheet under an address that changes with its content."""

import hashlib
from functools import lru_cache

from engine.core.site import Theme
from ui.theme import ThemeChoices, theme_css

PREFIX = "/theme/"
_CORNERS = {"square": "square", "rounded": "soft", "pill": "round"}


@lru_cache(maxsize=8)
def theme_sheet(theme: Theme) -> tuple[str, bytes]:
    """Return (content hash, stylesheet) of a theme."""
    body = theme_css(choices_of(theme)).encode()
    return hashlib.sha256(body).hexdigest()[:12], body


def choices_of(theme: Theme) -> ThemeChoices:
    """Return an organisation's theme as the stylesheet is made of it."""
    return ThemeChoices(
        accent=theme.accent_color,
        body_font=theme.body_font,
        heading_font=theme.heading_font,
        corners=_CORNERS[theme.button_style],  # type: ignore[arg-type]
        buttons=theme.button_fill,
        width=theme.layout_width,
        ground=theme.background,
        card_ratio=theme.card_ratio,
        card_style=theme.card_style,
        text_size=theme.base_font_size,
    )


def theme_url(theme: Theme) -> str:
    """Return the address of the theme's stylesheet."""
    return f"{PREFIX}{theme_sheet(theme)[0]}.css"
