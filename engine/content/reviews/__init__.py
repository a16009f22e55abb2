"""Reviews: stars and words about anything that takes them, one of each person, with an answer by its owner.

A *rating* is what all published reviews of a thing come to. An *invitation* asks a buyer, who may then write without
an account.
"""
