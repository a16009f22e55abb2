"""The blocks that content offers: what a page of an organisation is made of."""

from engine.content.blocks.folding import FOLDING
from engine.content.blocks.layout import LAYOUT
from engine.content.blocks.media import MEDIA
from engine.content.blocks.people import PEOPLE
from engine.content.blocks.place import PLACE
from engine.content.blocks.reusing import REUSING
from engine.content.blocks.sections import SECTIONS
from engine.content.blocks.site import SITE
from engine.content.blocks.texts import TEXTS

BLOCKS = (*SECTIONS, *PEOPLE, *TEXTS, *MEDIA, *LAYOUT, *FOLDING, *SITE, *PLACE, *REUSING)

__all__ = ["BLOCKS"]
