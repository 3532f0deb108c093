"""Names that people give, to themselves and to what is theirs: one rule for all."""

from __future__ import annotations

import unicodedata

from core.errors import DomainError
from core.text import one_line

LONGEST = 120
# Letters, marks in place of them, numbers, punctuation, symbols.
_VISIBLE = "LNPS"


def checked(name: str, *, missing: str, field: str = "name") -> str:
    """In one line, to be seen, of a length that fits. Raises DomainError; `missing` are
    the words for none.

    Names stand in mails that others get: an address in one would make them a stranger's
    advertisement from our door.
    """
    found = one_line(name)
    if not is_visible(found):
        raise DomainError("name_missing", missing, field=field)
    if len(found) > LONGEST:
        words = f"A name has at most {LONGEST} characters."
        raise DomainError("name_too_long", words, field=field)
    if "://" in found:
        words = "A name holds no web address."
        raise DomainError("name_is_address", words, field=field)
    return found


def is_visible(text: str) -> bool:
    """Joiners and spaces alone are no name that anybody could tell from none."""
    return any(unicodedata.category(sign)[0] in _VISIBLE for sign in text)
