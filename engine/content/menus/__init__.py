"""Menus: what stands in the header, the footer and wherever else a menu is asked for by its name."""
