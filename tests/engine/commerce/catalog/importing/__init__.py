"""Reading other shops' files."""
