"""What comments and reviews share: where they stand, what they are about, how they are judged, and who wants no mail.

A *voice* is a comment or a review. A *subject* is what it is about. A *wish* is whether an
address wants letters of a kind.
"""
