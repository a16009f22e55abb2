"""Adapters of the EmailSender port."""
