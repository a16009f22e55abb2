"""What a link can lead to, for fields that ask for one."""
