"""The page cache: finished pages of the site for strangers, kept as bytes and let go when what they show changes."""
