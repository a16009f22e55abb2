"""E-mail templates: what Agora writes to people, by what it is about, each in an editor with its preview."""
