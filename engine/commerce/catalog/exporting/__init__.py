"""Catalogues as files: Agora's own, of which everything comes back, and those that other shops read."""
