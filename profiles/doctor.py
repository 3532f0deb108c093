"""The doctor's part on keys: can what is connected still be reached?"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from core.doctor import Finding, fail, ok
from platforms import registry
from platforms.adapter import Adapter
from profiles.models import SocialProfile


def examine() -> Iterator[Finding]:
    """One finding a platform; a platform without keys is simply not offered."""
    used = _methods_in_use()
    for adapter in registry.every():
        yield _platform(adapter, used.get(adapter.key, {}))


def _methods_in_use() -> dict[str, dict[str, int]]:
    """Platform → method → how many profiles are connected that way."""
    rows = SocialProfile.objects.active().values_list("platform", "connection__method")
    found: dict[str, dict[str, int]] = {}
    for platform, method, count in rows.annotate(Count("pk")).order_by():
        found.setdefault(platform, {})[method or ""] = count
    return found


def _platform(adapter: Adapter, used: dict[str, int]) -> Finding:
    offered = {method.key for method in adapter.offered()}
    for method in adapter.methods:
        if method.key in used and method.key not in offered:
            names = ", ".join(f"PLATFORM_{name}" for name in method.credentials)
            words = f"{used[method.key]} profiles need keys that are not set."
            return fail(adapter.name, words, f"Set {names}.")
    count = sum(used.values())
    if not offered:
        return ok(adapter.name, "Not offered: no keys are set.")
    return ok(adapter.name, f"Keys are set; {count} profiles connected.")
