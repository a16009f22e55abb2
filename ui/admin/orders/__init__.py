"""Orders in the admin: the list, and the whole story of one."""
