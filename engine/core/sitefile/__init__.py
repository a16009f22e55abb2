"""A site file: one ZIP that holds what a site is made of, kind by kind, and brings it into another Agora."""
