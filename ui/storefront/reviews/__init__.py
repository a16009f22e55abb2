"""Reviews on the public site: all of a thing, and the form to write one."""
