"""Articles: pages of the blog, with what lists need of them, and the shelves that they stand on.

What an article says of itself (`fields`) is in its content, and so in its draft and its versions. `standing` copies it
into tables that lists read: what visitors see, or of a draft what is written. These, `models` and `wording` know
nothing of pages; the other rooms stand on them.
"""
