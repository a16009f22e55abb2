"""New versions of the program: announced by a signed file, fetched, checked, and put beside the one that runs."""
