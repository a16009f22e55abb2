"""Every page of the builder, for the list of all pages."""

from ui.builder import beginning, drawing, page_panel, pages, panel, parts, pasting, publishing, reusing, standing

PARTS = (beginning, parts, pages, drawing, panel, page_panel, pasting, publishing, reusing, standing)
