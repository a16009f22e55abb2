"""Spam protection without a third party, for comments, reviews and forms.

A *post* is what somebody sends. It is judged by a trap field, the time it took, links, rate, repeats, held words, and
by what staff taught: a *lesson* marks one post as spam or as fine. Nothing is ever learnt without a person.
"""
