"""Backups: one file that holds everything, made while people buy, tried out after writing, put back as a whole.

A *backup* is a ZIP with a manifest, sealed by a passphrase where one is set. The *shelf* is the folder it lies in, and
the truth about which there are. A *restore* is staged beside the data, and swapped in before the next start opens it.
"""
