"""Letting a screen in: its name, its code to scan or type, and the moment it arrives."""
