"""What other domains and the faces may ask of content."""

from engine.content.footprints import Footprints
from engine.content.menus.memory import MenuLink, MenuMemory
from engine.content.moving.numbers import path_of_number
from engine.content.redirects import Moved, forget, free, move, redirect_for

__all__ = ["Footprints", "MenuLink", "MenuMemory", "Moved", "forget", "free", "move", "path_of_number", "redirect_for"]
