"""Moving in: the screens that bring another system's pages and articles in."""
