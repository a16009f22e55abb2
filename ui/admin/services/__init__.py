"""Services on screen: what the house runs on, and changing one of them."""
