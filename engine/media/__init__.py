"""Pictures that people upload: checked by their content, kept as they came, shown as WebP variants of several sizes.

Words: the *original* is what was sent (staff only, for it carries places and names); a *variant* is what pages show.
"""
