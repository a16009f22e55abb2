"""The staff's screens of forms: the editor, and what came in."""
