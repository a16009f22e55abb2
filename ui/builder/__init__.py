"""The visual page builder: the page itself, drawn by the server, between its tree of blocks and their settings."""
