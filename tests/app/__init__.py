"""The process: settings, commands and wiring."""
