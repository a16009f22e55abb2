"""QR codes as drawings for `ui.qr`."""

import io
from functools import lru_cache

import segno
from markupsafe import Markup


@lru_cache(maxsize=32)
def qr_svg(text: str) -> Markup:
    """Return the text as a QR code in SVG, without a size of its own: the component gives it one."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, dark="#000", light="#fff"
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - segno's drawing; the text is in it only as squares
