"""The site on its own network."""
