"""Comments on the public site: the thread of a thing, the form to write one, and the links of its letters."""
