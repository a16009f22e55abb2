"""How a device is told to trust the site's own certificates."""
