"""`python -m ui.writing_down`: compiles every page beforehand; where the program lies, it may not be able to write."""

from ui.kept import write_down
from ui.templates import environment

if __name__ == "__main__":
    write_down(environment("en", "UTC"))
