"""A crowd: so many people, products, orders and pages, written into a database in bulk, to see what grows with them."""
