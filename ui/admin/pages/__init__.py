"""The staff's screens of pages, beside the list and the builder."""
