"""What is for sale: products, variants, categories, tags, stock; and catalogues imported from elsewhere."""
