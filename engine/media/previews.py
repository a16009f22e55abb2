"""The first page of a PDF as a picture (pypdfium2)."""

import threading
from contextlib import closing

from PIL import Image

from engine.core.i18n import _
from engine.media.kinds import refused

WIDTH = 1200
MAX_HEIGHT = 4_000
#: PDFium must not be called by two threads at once.
_one_at_a_time = threading.Lock()


def first_page(data: bytes) -> Image.Image:
    """Return the first page of a PDF in RGB, 1200 pixels wide unless it is very tall.

    Raises Invalid when the file is damaged or locked by a password.
    """
    import pypdfium2  # noqa: PLC0415 - large, and most sites never meet a PDF

    with _one_at_a_time:
        try:
            with closing(pypdfium2.PdfDocument(data)) as document:
                page = document[0]
                width, height = page.get_size()
                scale = min(WIDTH / max(width, 1), MAX_HEIGHT / max(height, 1))
                drawn: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
                return drawn.convert("RGB")
        except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError) as error:
            raise refused(
                _("This PDF is damaged or locked by a password. Save it anew without one, and send that.")
            ) from error
