"""The machine on its network: addresses, firewalls, a name by mDNS, and certificates of its own."""
