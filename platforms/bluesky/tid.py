"""Timestamp identifiers: record keys that sort by time and that we choose ourselves.

https://atproto.com/specs/tid, read 2026-11-21: 64 bits, the highest is 0, then 53 bits
of microseconds since 1970 and 10 bits of clock id, in 13 sortable base32 digits.
"""

from __future__ import annotations

import secrets
import time

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
LENGTH = 13
CLOCK_IDS = 1 << 10
_MICROSECONDS = (1 << 53) - 1


def encode(microseconds: int, clock_id: int) -> str:
    number = (microseconds & _MICROSECONDS) << 10 | clock_id & (CLOCK_IDS - 1)
    digits = (number >> 5 * place & 31 for place in reversed(range(LENGTH)))
    return "".join(ALPHABET[digit] for digit in digits)


def new() -> str:
    """A key that nobody has used: now, with a random clock id."""
    return encode(time.time_ns() // 1_000, secrets.randbelow(CLOCK_IDS))
