"""Names that people and platforms give, made fit to be shown in one line."""

from __future__ import annotations

import unicodedata

# They turn round what follows: a file or a name reads as another one than it is.
_DIRECTIONS = frozenset({*range(0x202A, 0x202F), *range(0x2066, 0x206A)})
# Two names that look alike differ by these only. Joiners stay: letters need them.
_INVISIBLE = frozenset({0x200B, 0x2060, 0xFEFF})
_DROPPED = _DIRECTIONS | _INVISIBLE


def one_line(text: str) -> str:
    """Without line breaks, controls, halves of characters, and what hides or turns."""
    return " ".join("".join(map(_plain, text)).split())


def _plain(sign: str) -> str:
    if ord(sign) in _DROPPED:
        return ""
    kind = unicodedata.category(sign)
    if kind == "Cc":
        return " "
    return "" if kind == "Cs" else sign
