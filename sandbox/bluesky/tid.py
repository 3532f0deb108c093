"""Record keys: TIDs, 13 characters of time, and the keys that are no TID."""

from __future__ import annotations

import re

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
RECORD_KEY = re.compile(r"[a-zA-Z0-9_~.:-]{1,512}")
CLOCK_BITS = 10


def encode(microseconds: int, clock: int) -> str:
    """A 0 bit, 53 bits of microseconds since 1970, 10 bits of clock id."""
    number = (microseconds << CLOCK_BITS) | clock
    digits = []
    for _ in range(13):
        digits.append(ALPHABET[number & 31])
        number >>= 5
    return "".join(reversed(digits))


def is_tid(text: str) -> bool:
    return TID.fullmatch(text) is not None


def is_record_key(text: str) -> bool:
    return RECORD_KEY.fullmatch(text) is not None and text not in (".", "..")


class Ticker:
    """TIDs of this server, each later than the one before."""

    def __init__(self, clock: int = 21) -> None:
        self.clock = clock
        self.last = 0

    def next(self, seconds: float) -> str:
        self.last = max(self.last + 1, int(seconds * 1_000_000))
        return encode(self.last, self.clock)
