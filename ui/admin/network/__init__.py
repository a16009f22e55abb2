"""The shop on the local network: its address, a code to scan, and the switch that opens it."""
