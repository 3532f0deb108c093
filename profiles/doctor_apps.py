"""The doctor's parts on our apps at the platforms: ways back, and what they may ask.

Platforms tell an app's own state in their consoles only; what people were granted
lately says the same from the other side.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings

from core import clock
from core.doctor import Finding, fail, ok, warn
from platforms import registry
from platforms.adapter import Adapter
from profiles.actions.begin import callback_url
from profiles.models import Connection

LATELY = timedelta(days=30)
LOOKED_AT = 2_000
# Fewer may have left the same box empty by themselves.
ENOUGH = 3


def redirects() -> Iterator[Finding]:
    """The address that each platform's console must have, letter by letter."""
    parts = urlsplit(settings.BASE_URL)
    local = parts.hostname in ("127.0.0.1", "localhost")
    if parts.scheme != "https" and not local and not settings.PLATFORM_GATEWAY:
        words = f"{settings.BASE_URL} has no HTTPS: platforms refuse it as a way back."
        yield fail("base address", words, "Put a proxy with HTTPS before it.")
    if parts.path.strip("/") or parts.query:
        words = "BASE_URL has a path: ways back would not be found."
        yield fail("base address", words, "Set it to scheme and host only.")
    for adapter in registry.every():
        kinds = {method.kind for method in adapter.offered() if method.credentials}
        if "redirect" in kinds:
            address = callback_url(adapter.key)
            yield ok(adapter.name, f"Its console must have {address}")


def permissions() -> Iterator[Finding]:
    """Permissions that nobody was granted lately are most likely not approved."""
    told = _lately()
    for adapter in registry.every():
        ways = {key: found for key, found in told.items() if key[0] == adapter.key}
        for (_, method), (count, missing) in ways.items():
            yield _judged(adapter, method, count, missing)
    if not told:
        yield ok("permissions", "Nobody signed in at a platform lately.")


def _lately() -> dict[tuple[str, str], tuple[int, Counter[str]]]:
    """Platform and method → how many signed in, how many lack each permission."""
    since = clock.now() - LATELY
    rows = Connection.objects.filter(connected_at__gt=since).exclude(sealed="")
    found: dict[tuple[str, str], tuple[int, Counter[str]]] = defaultdict(
        lambda: (0, Counter())
    )
    columns = ("profile__platform", "method", "missing")
    for platform, method, missing in rows.values_list(*columns)[:LOOKED_AT]:
        count, lacks = found[platform, method]
        lacks.update(set(missing))
        found[platform, method] = (count + 1, lacks)
    return found


def _judged(
    adapter: Adapter, method: str, count: int, missing: Counter[str]
) -> Finding:
    never = sorted(name for name, lacks in missing.items() if lacks == count)
    if never and count >= ENOUGH:
        words = f"None of {count} sign-ins ({method}) was granted {', '.join(never)}."
        todo = "See in the platform's console whether it is approved for your app."
        return warn(adapter.name, words, todo)
    return ok(adapter.name, f"Of {count} sign-ins ({method}) none lacks the same.")
