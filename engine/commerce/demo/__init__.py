"""The demo's shop: what a small museum of clay and print sells, how it looks, and a quarter of a year of orders."""
