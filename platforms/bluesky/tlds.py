"""Which last labels make a bare word a web address: "example.org", not "notes.txt".

The full list grows by the month; the country codes and the generic names in tlds.txt
are what people write without "https://".
"""

from __future__ import annotations

from pathlib import Path

_LINES = Path(__file__).with_name("tlds.txt").read_text().splitlines()
KNOWN = frozenset(
    label for line in _LINES if not line.startswith("#") for label in line.split()
)


def is_top_level(label: str, host: str) -> bool:
    """Whether `host`, ending in `label`, was meant as an address.

    "This is it.So we" has a missing blank, not a Somali domain: a capital label
    counts only in a host written in capitals throughout.
    """
    return label.lower() in KNOWN and (label.islower() or host.isupper())
