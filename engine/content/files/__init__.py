"""Files that are not for everybody: each has a rule who may have it, a page that says so, and links that run out.

Words: the *rule* is who may; a *link* is signed and bound to one file for some minutes; a *download* is a link that
was used.
"""
