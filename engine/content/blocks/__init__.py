"""The blocks that content offers: what a page of an organisation is made of."""

from engine.content.blocks.layout import LAYOUT
from engine.content.blocks.media import MEDIA
from engine.content.blocks.sections import SECTIONS
from engine.content.blocks.texts import TEXTS

BLOCKS = (*LAYOUT, *TEXTS, *MEDIA, *SECTIONS)

__all__ = ["BLOCKS"]
