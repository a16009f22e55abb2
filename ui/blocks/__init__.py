"""How blocks look: a template each, drawn from the inside out."""
