"""The locations of a sign-in: each once, with its role, and why it can't be chosen.

A location can be reached by several accounts. Posts go to account and location
together, so the account is kept that gives the strongest role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from platforms.bearer import Bearer
from platforms.errors import PlatformError, Rejected
from platforms.google_business import api
from platforms.google_business.api import Account, Location
from platforms.types import Identity, Token

# Strongest first, and what we call them.
ROLES = {
    "PRIMARY_OWNER": "Primary owner",
    "OWNER": "Owner",
    "MANAGER": "Manager",
    "SITE_MANAGER": "Site manager",
}
PUBLISHING = ("PRIMARY_OWNER", "OWNER", "MANAGER")

NONE = (
    "Google shows us no location of yours. Ask an owner of the Business Profile to make "
    "you an owner or manager of it, or sign in with the Google account that is one."
)
NO_ROLE = (
    "Your role at this location doesn't let us publish. Ask an owner of it to make you "
    "an owner or manager, then connect again."
)
OPEN = "Open Google Business Profile, {act}, then connect again."
WANTS = {
    "verify": "Google hasn't verified this location yet. "
    + OPEN.format(act="verify it"),
    "waitForVoiceOfMerchant": "Google still reviews this location. Wait until that is "
    "done, then connect again.",
    "resolveOwnershipConflict": "Somebody else's profile of this place is the one that "
    "Google shows. " + OPEN.format(act="settle who owns it"),
    "BUSINESS_LOCATION_SUSPENDED": "Google has suspended this location. "
    + OPEN.format(act="appeal or mend what it names"),
    "BUSINESS_LOCATION_DISABLED": "Google has disabled this location. "
    + OPEN.format(act="see why"),
}
UNFIT = "Google doesn't show posts of this location. " + OPEN.format(act="see why")
# Each costs a call while a person waits; of further ones the reason isn't asked.
EXPLAINED = 20


@dataclass(frozen=True)
class Held:
    """A location, and the account by which it is reached."""

    account: Account
    location: Location

    @property
    def rank(self) -> int:
        order = list(ROLES)
        return order.index(self.account.role) if self.account.role in order else 99


def identities(google: Bearer, token: Token, login_id: str) -> tuple[Identity, ...]:
    """All that a sign-in reaches. Raises Rejected when that is nothing."""
    found = _every(google)
    if not found:
        raise Rejected(NONE, code="no_locations")
    reasons = _Reasons(google)
    return tuple(_identity(held, token, login_id, reasons) for held in found)


def why_unfit(google: Bearer, location: Location) -> str:
    """What Google wants before it shows posts of this location; "" for nothing."""
    if location.in_good_standing:
        return ""
    seen = api.standing(google, location.name)
    return "" if seen.good else WANTS.get(seen.wants, UNFIT)


class _Reasons:
    """Asks why for the first few; trouble with that costs the reason, nothing else."""

    def __init__(self, google: Bearer) -> None:
        self._google = google
        self._left = EXPLAINED

    def of(self, held: Held) -> str:
        if held.account.role not in PUBLISHING:
            return NO_ROLE
        if held.location.in_good_standing:
            return ""
        if not self._left:
            return UNFIT
        self._left -= 1
        try:
            return why_unfit(self._google, held.location)
        except PlatformError:
            return UNFIT


def _every(google: Bearer) -> list[Held]:
    """By name, then address, so that those of one name stand together."""
    best: dict[str, Held] = {}
    for held in _listed(google):
        known = best.get(held.location.name)
        if known is None or held.rank < known.rank:
            best[held.location.name] = held
    return sorted(
        best.values(), key=lambda h: (h.location.title.lower(), h.location.address)
    )


def _listed(google: Bearer) -> Iterator[Held]:
    for account in api.accounts(google):
        for location in api.locations(google, account.name):
            yield Held(account, location)


def _identity(held: Held, token: Token, login_id: str, reasons: _Reasons) -> Identity:
    location = held.location
    data = {
        "account": held.account.name,
        "location": location.name,
        "language": location.language,
        "login_id": login_id,
    }
    return Identity(
        external_id=location.id,
        name=location.title or f"Location {location.id}",
        kind="location",
        role=ROLES.get(held.account.role, ""),
        address=_where(location),
        refused=reasons.of(held),
        token=token,
        data={name: value for name, value in data.items() if value},
    )


def _where(location: Location) -> str:
    """R-C5: tells stores of one name apart; those that visit customers have no shop."""
    site = urlsplit(location.website).hostname or ""
    code = f"Store code {location.store_code}" if location.store_code else ""
    place = location.address or " · ".join(filter(None, ("No shop address", site)))
    return " · ".join(filter(None, (place, code)))
