"""Which staff see and do what: the one table that admin, pages, actions and tests read.

Kinds are groups of Django's in the database, what they may is here: nobody widens it by
a click. `is_superuser` counts for nothing; staff without a kind see nothing (R-I1).
"""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from core.errors import DomainError


class Kind(StrEnum):
    SUPPORT = "support"
    ONBOARDING = "onboarding"
    OPERATIONS = "operations"
    AUDITOR = "auditor"


class Ability(StrEnum):
    # Look through a customer's eyes, with a reason, for minutes.
    ACT = "act"
    # Send an invitation to another address (R-A5).
    READDRESS = "readdress"
    # Answer requests for help.
    HELP = "help"
    # Ask the doctor, send a mail to try it.
    DOCTOR = "doctor"
    # Take the audit trail along as CSV or JSON.
    EXPORT_AUDIT = "export_audit"


PEOPLE = frozenset(
    {
        "accounts.user",
        "accounts.account",
        "accounts.accessgroup",
        "accounts.invitation",
        "support.helprequest",
    }
)
PLACES = frozenset({"profiles.socialset", "profiles.socialprofile"})
TROUBLE = frozenset(
    {"profiles.connection", "profiles.connectionevent", "scheduling.post"}
)

# Labels of models that each kind may look at.
SEEN: dict[Kind, frozenset[str]] = {
    Kind.SUPPORT: PEOPLE | PLACES | TROUBLE,
    Kind.ONBOARDING: PEOPLE | PLACES,
    Kind.OPERATIONS: frozenset(
        {
            "profiles.clientregistration",
            "profiles.erasure",
            "publishing.alarm",
            "publishing.heartbeat",
            "publishing.pause",
        }
    ),
    Kind.AUDITOR: frozenset(
        {"accounts.auditentry", "support.acting", "profiles.erasure"}
    ),
}
GRANTED: dict[Kind, frozenset[Ability]] = {
    Kind.SUPPORT: frozenset({Ability.ACT, Ability.READDRESS, Ability.HELP}),
    Kind.ONBOARDING: frozenset({Ability.READDRESS, Ability.HELP}),
    Kind.OPERATIONS: frozenset({Ability.DOCTOR}),
    Kind.AUDITOR: frozenset({Ability.EXPORT_AUDIT}),
}


def group_name(kind: Kind) -> str:
    return f"staff: {kind}"


_KIND_OF = {group_name(kind): kind for kind in Kind}


def kinds_of(user: User | AnonymousUser) -> frozenset[Kind]:
    """Asked of the database once for each loaded row, that is, once a request."""
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return frozenset()
    known: frozenset[Kind] | None = user.__dict__.get("_staff_kinds")
    if known is None:
        names = user.groups.filter(name__in=_KIND_OF).values_list("name", flat=True)
        known = frozenset(_KIND_OF[name] for name in names)
        user.__dict__["_staff_kinds"] = known
    return known


def may_see(user: User | AnonymousUser, label: str) -> bool:
    """`label` as in `accounts.user`."""
    return any(label in SEEN[kind] for kind in kinds_of(user))


def may(user: User | AnonymousUser, ability: Ability) -> bool:
    return any(ability in GRANTED[kind] for kind in kinds_of(user))


def require(user: User | AnonymousUser, ability: Ability) -> None:
    if not may(user, ability):
        words = "Your staff group doesn't allow this."
        raise DomainError(f"staff_may_not_{ability}", words)
