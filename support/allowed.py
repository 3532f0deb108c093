"""What a look through a customer's eyes opens: pages that only show, named one by one.

All else is refused, new pages too: what changes anything, takes data along, shows
keys or secrets, or concerns sign-in, people's safety, plans and payment (R-I1).
"""

from __future__ import annotations

from django.http import HttpRequest

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
