"""Products: the list, and one of them with its variants, pictures and stock."""
