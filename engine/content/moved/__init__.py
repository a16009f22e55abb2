"""What of content goes into a site file, kind by kind."""
