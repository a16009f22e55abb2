"""The program itself: its version and newer ones, what is inside it, and whose work that is."""
