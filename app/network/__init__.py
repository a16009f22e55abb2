"""The process on its network: https beside http, a name by mDNS, and following both as addresses change."""
