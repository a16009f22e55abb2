"""The staff's screen of one gated file. The list, history and bin are those of every list."""
