"""The editor of menus. Their list, history and bin are those of every list."""
