"""How the staff's desk is laid out, and what it calls things."""

from __future__ import annotations

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Customers",
        (
            "support.helprequest",
            "accounts.user",
            "accounts.account",
            "accounts.accessgroup",
            "accounts.invitation",
        ),
    ),
    (
        "Publishing",
        (
            "scheduling.post",
            "profiles.socialset",
            "profiles.socialprofile",
            "profiles.connection",
            "profiles.connectionevent",
        ),
    ),
    (
        "Running it",
        (
            "publishing.alarm",
            "publishing.heartbeat",
            "publishing.pause",
            "profiles.clientregistration",
        ),
    ),
    ("Safety", ("accounts.auditentry", "support.acting", "profiles.erasure")),
)


# What people call it, where the model's own name says something else.
NAMES = {
    "accounts.user": "People",
    "accounts.auditentry": "Audit trail",
    "profiles.connectionevent": "Connection history",
    "profiles.erasure": "Data deletions",
}
