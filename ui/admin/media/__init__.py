"""The media library's screens."""
