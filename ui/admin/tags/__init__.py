"""Product tags: the list, adding, renaming, deleting."""
