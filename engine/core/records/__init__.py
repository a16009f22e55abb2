"""Records: the things of declared resources. Shapes for the wire, one path to write, reads, bin, history and views."""
