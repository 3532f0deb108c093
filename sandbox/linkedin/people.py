"""Members, organizations and roles at LinkedIn, and those a fresh sandbox has.

Identities are members (kind member) and organizations (kind organization). An
organization's `extra.roles` holds the roles of each member by id.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from sandbox.state import Identity, State

KEY = "linkedin"
PICTURES = "media.licdn.com"
ROLES = (
    "ADMINISTRATOR",
    "CONTENT_ADMINISTRATOR",
    "ANALYST",
    "CURATOR",
    "DIRECT_SPONSORED_CONTENT_POSTER",
    "RECRUITING_POSTER",
)
_VANITY = re.compile(r"[a-z0-9-]{2,100}")

MEMBERS = (("ada-example", "Ada Example"), ("ben-freelance", "Ben Freelance"))
ADA = "ada-example"
# Vanity name, name, and Ada's roles there.
ORGANIZATIONS: tuple[tuple[str, str, list[str]], ...] = (
    ("fjord-yoga", "Fjord Yoga", ["ADMINISTRATOR"]),
    ("fjord-yoga-oslo", "Fjord Yoga", ["ANALYST", "ADMINISTRATOR"]),
    ("corner-bakery", "Corner Bakery", ["CONTENT_ADMINISTRATOR"]),
    ("old-town-books", "Old Town Books", ["ANALYST"]),
)


def new_member(state: State, wish: dict[str, Any]) -> Identity:
    number = state.serial("linkedin.member")
    handle = str(wish.get("handle") or f"member-{number}")
    name = str(wish.get("name") or handle)
    return Identity(f"li{number:06d}", KEY, handle, name, "member")


def new_organization(state: State, wish: dict[str, Any]) -> Identity:
    """`extra.roles` {member: [role]}, by id or handle. ValueError if one is unknown."""
    number = state.serial("linkedin.organization")
    handle = str(wish.get("handle") or f"organization-{number}")
    if not _VANITY.fullmatch(handle):
        raise ValueError(f"{handle!r} is no name of a Page.")
    asked = dict((wish.get("extra") or {}).get("roles") or {})
    roles = {_member(state, ref): _known(held) for ref, held in asked.items()}
    name = str(wish.get("name") or handle)
    ident = f"{7_100_000 + number}"
    return Identity(ident, KEY, handle, name, "organization", {"roles": roles})


def _member(state: State, ref: str) -> str:
    found = state.identity(KEY, ref)
    if found is None or found.kind != "member":
        raise ValueError(f"There is no LinkedIn member {ref!r}.")
    return found.id


def _known(roles: list[str]) -> list[str]:
    if not set(roles) <= set(ROLES):
        raise ValueError(f"roles are {', '.join(ROLES)}.")
    return list(roles)


def seed(state: State) -> None:
    for handle, name in MEMBERS:
        state.add_identity(new_member(state, {"handle": handle, "name": name}))
    for handle, name, roles in ORGANIZATIONS:
        wish = {"handle": handle, "name": name, "extra": {"roles": {ADA: roles}}}
        state.add_identity(new_organization(state, wish))


def members(state: State) -> list[Identity]:
    return [i for i in state.identities_of(KEY) if i.kind == "member"]


def organizations(state: State) -> list[Identity]:
    return [i for i in state.identities_of(KEY) if i.kind == "organization"]


def person_id(member: Identity, app: str) -> str:
    """Each app knows a member by another id."""
    return "AbC-" + hashlib.sha256(f"{app}:{member.id}".encode()).hexdigest()[:10]


def userinfo(member: Identity, app: str) -> dict[str, Any]:
    given, _, family = member.name.partition(" ")
    return {
        "sub": person_id(member, app),
        "name": member.name,
        "given_name": given,
        "family_name": family,
        "picture": f"https://{PICTURES}/members/{member.id}.jpg",
        "locale": {"country": "US", "language": "en"},
    }


def me(member: Identity, app: str) -> dict[str, Any]:
    given, _, family = member.name.partition(" ")
    return {
        "id": person_id(member, app),
        "localizedFirstName": given,
        "localizedLastName": family,
        "vanityName": member.handle,
    }


def acls(state: State, member: Identity, app: str) -> list[dict[str, str]]:
    """One for each role on each organization."""
    assignee = f"urn:li:person:{person_id(member, app)}"
    return [
        {
            "organization": f"urn:li:organization:{each.id}",
            "role": role,
            "state": "APPROVED",
            "roleAssignee": assignee,
        }
        for each in organizations(state)
        for role in each.extra["roles"].get(member.id, ())
    ]


def organization_node(organization: Identity) -> dict[str, Any]:
    return {
        "id": int(organization.id),
        "localizedName": organization.name,
        "vanityName": organization.handle,
    }
