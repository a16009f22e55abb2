"""The site: pages, blocks, and what stands around them."""
