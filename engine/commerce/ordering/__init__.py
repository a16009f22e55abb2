"""What is bought: carts, the checkout, orders with their states and events, and payments."""
