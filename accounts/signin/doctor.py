"""The doctor's part on sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from accounts.signin.passwords import is_sorted
from core.doctor import Finding, fail, ok, warn


def examine() -> Iterator[Finding]:
    path = settings.PASSWORD_BLOCKLIST
    if path and not is_sorted(Path(path)):
        words = "PASSWORD_BLOCKLIST isn't sorted by bytes: much of it isn't found."
        yield fail("password list", words, f"LC_ALL=C sort -o {path} {path}")
    elif path:
        yield ok("password list", "Yours is read, beside those that ship.")
    else:
        yield ok("password list", "Those that ship.")
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        words = "TRUSTED_PROXIES is empty: all people seem to have the proxy's address."
        yield warn("proxies", words, "Set it to the address of the proxy in front.")
