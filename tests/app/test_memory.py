"""Memory goes back to the system where its C library lets it."""

import platform

from app.memory import give_back_what_is_free


def test_glibc_is_told_and_others_are_left_alone() -> None:
    assert give_back_what_is_free() is (platform.libc_ver()[0] == "glibc")
