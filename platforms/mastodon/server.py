"""The server that a person names: a stranger's word, so it is judged before any call.

What the name leads to is judged again at the moment of connecting (core.addresses).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from platforms.errors import Rejected
from platforms.mastodon.permissions import SERVER

LONGEST = 253
# At least two labels, the last one no number: neither localhost nor an IP address.
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
EXAMPLE = "Type the name of your server, such as mastodon.social."


def host_in(typed: str) -> str:
    """`mastodon.social` of a name, an address or `@you@mastodon.social`.

    Raises Rejected beside the field.
    """
    text = typed.strip().lower().removeprefix("acct:")
    if "://" in text:
        return _checked(_of_address(text))
    name = text.partition("/")[0]
    return _checked(name.rpartition("@")[2])


def _of_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        plain = parts.scheme == "https" and parts.port is None and not parts.username
    except ValueError:
        plain = False
    if not plain:
        raise _refused(
            "Only addresses that begin with https:// and have no port are taken."
        )
    return parts.hostname or ""


def _checked(host: str) -> str:
    ascii_host = _ascii(host.rstrip("."))
    if len(ascii_host) > LONGEST or not _HOST.fullmatch(ascii_host):
        raise _refused(EXAMPLE)
    return ascii_host


def _ascii(host: str) -> str:
    """Names in other scripts as DNS knows them."""
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return ""


def _refused(words: str) -> Rejected:
    return Rejected(words, field=SERVER, code="server_name")
