"""Every page of the builder, for the list of all pages."""

from ui.builder import beginning, drawing, page_panel, pages, panel, parts, pasting, publishing

PARTS = (beginning, parts, pages, drawing, panel, page_panel, pasting, publishing)
