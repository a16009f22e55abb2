"""The media library: files that people upload, checked by their content, kept as they came, shown in safe variants.

Words: the *original* is what was sent (a picture's is for staff only, for it carries places and names); a *variant* is
what pages show: WebP and AVIF of several sizes, a drawing without scripts, a PDF's first page. The *bin* holds what was
deleted for 30 days.
"""
