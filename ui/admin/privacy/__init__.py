"""What is held of a person, as staff hand it over or erase it."""
