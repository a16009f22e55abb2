"""Screens of every declared resource: the list, the form, history and bin."""
