"""Pages: trees of blocks with an address, a draft that is written on, and the version that visitors see.

Everything that is built in the builder is one of these: pages, articles, page templates, reusable blocks, and the parts
of the site that stand around pages (header, footer, the pages for errors).
"""
