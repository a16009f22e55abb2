"""REST over every declared resource: one set of routes, whose shapes and rules come from the declarations."""
