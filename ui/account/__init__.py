"""Pages of one's own account: the way in, details, where one is signed in."""
