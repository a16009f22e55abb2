"""The process: what starts, in which order, with which adapters."""
