"""Reading foreign JSON: what isn't of its declared shape is a TypeError.

For `platforms.client.read_as`, which calls such an answer one without sense.
"""

from __future__ import annotations

import re
from typing import Any


def text_of(value: Any) -> str:
    """A text that must be there."""
    if not isinstance(value, str) or not value:
        raise TypeError("a text was expected")
    return value


def scopes_in(text: Any) -> tuple[str, ...]:
    """Names parted by blanks or commas: platforms send either, whatever they ask for."""
    return tuple(filter(None, re.split(r"[\s,]+", str(text or ""))))
