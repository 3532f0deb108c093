"""Who a sign-in can publish as: the member, and Pages by the member's role there."""

from __future__ import annotations

from dataclasses import replace

from platforms.bearer import Bearer
from platforms.linkedin import api
from platforms.linkedin.api import ORGANIZATION, Organization, Person
from platforms.linkedin.permissions import LIST_PAGES, PAGES
from platforms.types import Identity, Token

# Strongest first, and what we call them; the older API has another word for one.
ROLES = {
    "ADMINISTRATOR": "Super admin",
    "CONTENT_ADMINISTRATOR": "Content admin",
    "CONTENT_ADMIN": "Content admin",
    "CURATOR": "Curator",
    "ANALYST": "Analyst",
    "DIRECT_SPONSORED_CONTENT_POSTER": "Sponsored content poster",
    "RECRUITING_POSTER": "Recruiting poster",
    "LEAD_CAPTURE_ADMINISTRATOR": "Lead capture admin",
    "LEAD_GEN_FORMS_MANAGER": "Lead gen forms manager",
}
PUBLISHING = ("ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN")
OWN = "Your own profile"
NO_ROLE = (
    "Your role on this Page doesn't allow publishing. Ask a super admin of the Page to "
    "make you super admin or content admin, then connect again."
)
LOST_ROLE = (
    "You are no longer super admin or content admin of this Page. Ask a super admin of "
    "it to make you one again, then review the permissions."
)


def identities(linkedin: Bearer, token: Token, dialect: str) -> tuple[Identity, ...]:
    """The member first, then Pages by name."""
    person = api.person(linkedin, dialect)
    member = _member(person, token, dialect)
    if dialect != PAGES or LIST_PAGES not in token.scopes:
        return (member,)
    strongest = roles_by_page(linkedin)
    known = api.organizations(linkedin, sorted(strongest))
    pages = [
        _page(known.get(ident) or Organization(ident, "", ""), role, member)
        for ident, role in strongest.items()
    ]
    return (member, *sorted(pages, key=lambda page: (page.name.lower(), page.address)))


def roles_by_page(linkedin: Bearer) -> dict[str, str]:
    """The member's strongest role on each Page, by the Page's id."""
    found: dict[str, str] = {}
    for each in api.roles(linkedin):
        known = found.get(each.organization)
        if known is None or _rank(each.role) < _rank(known):
            found[each.organization] = each.role
    return found


def publishes(linkedin: Bearer, urn: str) -> bool:
    """Whether the member's role on this Page lets us publish."""
    roles = roles_by_page(linkedin)
    return roles.get(urn.removeprefix(ORGANIZATION), "") in PUBLISHING


def _rank(role: str) -> int:
    order = list(ROLES)
    return order.index(role) if role in order else len(order)


def _member(person: Person, token: Token, dialect: str) -> Identity:
    return Identity(
        external_id=person.urn,
        name=person.name or "LinkedIn member",
        kind="member",
        role=OWN,
        picture_url=person.picture_url,
        token=token,
        data={"login": dialect, "login_id": person.urn},
    )


def _page(page: Organization, role: str, member: Identity) -> Identity:
    """R-C5, R-C6: told apart by address; without the role it says what to ask for."""
    where = f"linkedin.com/company/{page.vanity}" if page.vanity else ""
    return replace(
        member,
        external_id=f"{ORGANIZATION}{page.id}",
        name=page.name or f"Page {page.id}",
        kind="page",
        role=ROLES.get(role, "Another role"),
        picture_url="",
        address=where,
        refused="" if role in PUBLISHING else NO_ROLE,
    )
