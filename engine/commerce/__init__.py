"""The shop: catalogue, carts, orders."""
