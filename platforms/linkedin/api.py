"""The endpoints that connecting needs, one function each.

https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/
sign-in-with-linkedin-v2, …/marketing/community-management/organizations (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.http import Http
from platforms import clock
from platforms.bearer import Bearer
from platforms.linkedin.errors import NAME, value_of
from platforms.linkedin.permissions import LIST_PAGES, MEMBER
from platforms.shapes import scopes_in, text_of
from platforms.token_endpoint import TokenEndpoint

API = "https://api.linkedin.com"
OAUTH = "https://www.linkedin.com/oauth/v2"
TOKEN = f"{OAUTH}/accessToken"
# A new one each month, alive for at least a year.
DEFAULT_VERSION = "202609"

ORGANIZATION = "urn:li:organization:"
ROLES_A_PAGE, NAMES_A_CALL = 100, 50
# More than anybody administers; a listing without end must not hold a worker.
MAX_PAGES = 50


@dataclass(frozen=True)
class Person:
    """`id` belongs to our app: another app knows the same member by another one."""

    id: str
    name: str
    picture_url: str = ""

    @property
    def urn(self) -> str:
        return f"urn:li:person:{self.id}"


@dataclass(frozen=True)
class Role:
    """What the member is on one Page, in LinkedIn's own word."""

    organization: str
    role: str


@dataclass(frozen=True)
class Organization:
    id: str
    name: str
    vanity: str


@dataclass(frozen=True)
class Seen:
    """What LinkedIn says of a token. `status`: active, expired, revoked or ""."""

    active: bool
    status: str
    scopes: tuple[str, ...]
    ends_at: datetime | None


def linkedin(http: Http, version: str, access: str) -> Bearer:
    headers = {"Linkedin-Version": version, "X-Restli-Protocol-Version": "2.0.0"}
    return Bearer(http, NAME, value_of, access, headers)


def person(api: Bearer, dialect: str) -> Person:
    """GET userinfo, and where signing in isn't the app's product GET me."""
    if dialect == MEMBER:
        return api.get(f"{API}/v2/userinfo", _userinfo, ("profile",))
    return api.get(f"{API}/v2/me", _me, ("r_basicprofile",))


def roles(api: Bearer) -> list[Role]:
    """GET organizationAcls: every role the member has on any Page."""
    found: list[Role] = []
    for _ in range(MAX_PAGES):
        page, total = api.get(
            f"{API}/rest/organizationAcls",
            _roles,
            (LIST_PAGES,),
            q="roleAssignee",
            state="APPROVED",
            count=ROLES_A_PAGE,
            start=len(found),
        )
        found += page
        if not page or len(found) >= total:
            break
    return found


def organizations(api: Bearer, ids: list[str]) -> dict[str, Organization]:
    """GET organizationsLookup; one that LinkedIn doesn't tell of is left out."""
    found: dict[str, Organization] = {}
    for start in range(0, len(ids), NAMES_A_CALL):
        wanted = ",".join(ids[start : start + NAMES_A_CALL])
        # Brackets and commas are LinkedIn's grammar, so they stay as they are.
        url = f"{API}/rest/organizationsLookup?ids=List({wanted})"
        found |= api.get(url, _organizations, (LIST_PAGES,))
    return found


def introspect(app: TokenEndpoint, access: str) -> Seen:
    """POST introspectToken"""
    return app.ask(f"{OAUTH}/introspectToken", _seen, token=access)


def revoke(app: TokenEndpoint, access: str) -> None:
    """POST revoke, answered with nothing."""
    app.ask(f"{OAUTH}/revoke", lambda body: None, token=access)


def _userinfo(body: Any) -> Person:
    name = str(body.get("name") or "")
    return Person(text_of(body["sub"]), name, str(body.get("picture") or ""))


def _me(body: Any) -> Person:
    parts = (body.get("localizedFirstName"), body.get("localizedLastName"))
    return Person(text_of(body["id"]), " ".join(str(each) for each in parts if each))


def _roles(body: Any) -> tuple[list[Role], int]:
    """Roles and how many there are in all, as far as told."""
    found = [_role(item) for item in body["elements"]]
    return found, int((body.get("paging") or {}).get("total") or 0)


def _role(item: Any) -> Role:
    """The Page's field has had three names."""
    names = ("organization", "organizationTarget", "organizationalTarget")
    urn = next(str(item[name]) for name in names if item.get(name))
    return Role(_id_in(urn), str(item.get("role") or ""))


def _id_in(urn: str) -> str:
    """It becomes a part of addresses, so it is what it says it is."""
    ident = urn.removeprefix(ORGANIZATION)
    if not ident.isdecimal() or not urn.startswith(ORGANIZATION):
        raise ValueError("no organization")
    return ident


def _organizations(body: Any) -> dict[str, Organization]:
    results: Mapping[str, Any] = body["results"]
    return {
        str(ident): Organization(
            str(ident),
            str(item.get("localizedName") or ""),
            str(item.get("vanityName") or ""),
        )
        for ident, item in results.items()
    }


def _seen(body: Any) -> Seen:
    ends = body.get("expires_at")
    return Seen(
        active=body["active"] is True,
        status=str(body.get("status") or ""),
        scopes=scopes_in(body.get("scope")),
        ends_at=clock.from_epoch(float(ends)) if ends else None,
    )
