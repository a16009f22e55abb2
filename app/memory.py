"""Memory that is given back: glibc keeps what a large picture took for the next one, once for each thread."""

import ctypes

#: glibc's names for its knobs (malloc.h). Source: mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
#: What is larger is asked of the system by itself, and goes back to it whole. Left alone, the bound moves up to 32 MB
#: as soon as something large is let go of: then decoded pictures are cut out of the heaps, which stay as large.
LARGE_BYTES = 1_048_576
#: Heaps of their own for so many threads; Python's lock lets few of them ask at once anyway.
MOST_HEAPS = 2


def give_back_what_is_free() -> bool:
    """Have the system get back what is no longer used; return whether its C library can (glibc's)."""
    try:
        set_knob = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # musl, macOS and Windows, which give it back by themselves
        return False
    knobs = ((_MMAP_THRESHOLD, LARGE_BYTES), (_TRIM_THRESHOLD, LARGE_BYTES), (_ARENA_MAX, MOST_HEAPS))
    return all(set_knob(name, value) for name, value in knobs)
