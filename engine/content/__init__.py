"""The site: redirects now; pages, articles, menus and forms as they come."""
