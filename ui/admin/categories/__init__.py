"""Categories: the tree, and one of them."""
