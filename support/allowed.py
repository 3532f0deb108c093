"""What a look through a customer's eyes opens: pages that only show, named one by one.

All else is refused, new pages too: what changes anything, takes data along, shows
keys or secrets, or concerns sign-in, people's safety, plans and payment (R-I1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

from django.http import HttpRequest
from django.urls import URLResolver, get_resolver

_PART = re.compile(r"<(?:(\w+):)?\w+>")
# Name and route, as `scheduling:post` and `g/<uuid:group_id>/posts/<uuid:pk>/`.
Route: TypeAlias = tuple[str, str]

PAGES = frozenset(
    {
        "home",
        "groups",
        "accounts:users",
        "media:library",
        "media:thumb",
        "notices:list",
        "profiles:profile",
        "profiles:settings",
        "scheduling:calendar",
        "scheduling:calendar_posts",
        "scheduling:held",
        "scheduling:peek",
        "scheduling:post",
        "scheduling:stops",
        "scheduling:story",
        "talent:roster",
    }
)
# Shown many times on one page: the page itself is what is written down.
PARTS = frozenset({"media:thumb"})
# Nobody's: public files and health, which ask for no person.
NOBODYS = frozenset({"health_live", "health_ready", "health_worker", "media:public"})
# The staff person's own ways out.
END = "support:end"
SIGN_OUT = "account_logout"


def allowed(request: HttpRequest) -> bool:
    match = request.resolver_match
    reading = request.method in ("GET", "HEAD")
    return reading and match is not None and match.view_name in PAGES


@cache
def shapes() -> tuple[str, ...]:
    """Of the addresses that are open, as regular expressions: static/js/acting.js greys
    out what leads elsewhere."""
    open_to = PAGES | {END, SIGN_OUT}
    found = {route for name, route in _routes(get_resolver()) if name in open_to}
    return tuple(sorted(_PART.sub(_shape, route) for route in found))


def _shape(part: re.Match[str]) -> str:
    return "[0-9a-f-]{36}" if part[1] == "uuid" else "[^/]+"


def _routes(resolver: URLResolver, name: str = "", before: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        route = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            space = f"{name}{entry.namespace}:" if entry.namespace else name
            yield from _routes(entry, space, route)
        else:
            yield f"{name}{entry.name}", route
