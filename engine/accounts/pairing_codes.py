"""The code that pairs a device: short enough to type at a door, and of letters that nobody mixes up."""

import secrets

#: No vowels that make words, and nothing that looks like something else: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 8


def new_code() -> str:
    """Return a code as people read it: `K7QM-3XRA`, 36 random bits that are good for ten minutes and one device."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def read_code(typed: str) -> str:
    """Return what somebody typed as the code is kept: without the line between, in capitals; empty for what is none."""
    written = "".join(letter for letter in typed.upper() if letter.isalnum())
    return written if len(written) == LENGTH and set(written) <= set(ALPHABET) else ""
