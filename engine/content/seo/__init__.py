"""What search engines and other readers of addresses are told: the sitemap and the guide for language models."""
