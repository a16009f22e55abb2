"""The command palette: records, screens and actions by a few letters, and the page that searches everything."""
