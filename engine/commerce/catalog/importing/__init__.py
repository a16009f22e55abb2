"""Catalogues from elsewhere: files in other shops' formats, read as a stream of products and problems."""
