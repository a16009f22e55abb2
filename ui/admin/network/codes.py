"""Addresses as codes to scan."""

import segno
from markupsafe import Markup

CODE_SCALE = 6


def code_svg(url: str) -> Markup:
    """Return the address as a QR code, drawn without styles of its own."""
    drawn: str = segno.make(url, error="m").svg_inline(border=2, scale=CODE_SCALE, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - segno draws squares, and nothing of the address stands in them as text
