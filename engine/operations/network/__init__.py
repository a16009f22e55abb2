"""The site on its own network: who vouches for its https, what stands in the way, and who came by."""
