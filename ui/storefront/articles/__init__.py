"""The blog as visitors read it: its first page, its shelves, its articles and its feeds."""
