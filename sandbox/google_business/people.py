"""Google logins, their accounts, and the locations in them; those a fresh sandbox has.

Identities are logins (kind person) and locations (kind location). A location's `extra`:
`accounts` (ids of those it is in), `address` (lines, then locality, or nothing),
`region`, `store_code`, `website`, `language`, and `standing`, "" when it is good.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.state import Identity, State, Table

KEY = "google_business"
# What keeps a location from being shown, and the field that tells of it.
STANDINGS = {
    "": "",
    "verify": "verify",
    "review": "waitForVoiceOfMerchant",
    "conflict": "resolveOwnershipConflict",
    "suspended": "complyWithGuidelines",
    "disabled": "complyWithGuidelines",
}
GROUP, PERSONAL = "LOCATION_GROUP", "PERSONAL"
ROLES = ("PRIMARY_OWNER", "OWNER", "MANAGER", "SITE_MANAGER")


@dataclass(slots=True)
class Account:
    """`roles`: what each login is there. A personal one belongs to one login."""

    id: str
    title: str
    type: str
    roles: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Book:
    """Everything there is, with the ways through it."""

    state: State
    accounts: Table[Account]

    def logins(self) -> list[Identity]:
        return [i for i in self.state.identities_of(KEY) if i.kind == "person"]

    def accounts_of(self, login: str) -> list[Account]:
        return [each for each in self.accounts.values() if login in each.roles]

    def locations_in(self, account: str) -> list[Identity]:
        return [
            each
            for each in self.state.identities_of(KEY)
            if each.kind == "location" and account in each.extra["accounts"]
        ]

    def reaches(self, login: str, location: Identity) -> bool:
        mine = {account.id for account in self.accounts_of(login)}
        return bool(mine & set(location.extra["accounts"]))

    def personal(self, login: str) -> Account:
        owned = self.accounts_of(login)
        return next(each for each in owned if each.type == PERSONAL)

    def new_login(self, wish: dict[str, Any]) -> Identity:
        """A login, and the account of its own that every login has."""
        number = self.state.serial("google_business.login")
        handle = str(wish.get("handle") or f"person{number}@mail.example")
        name = str(wish.get("name") or handle)
        login = Identity(f"10{number:019d}", KEY, handle, name, "person")
        self.new_account(name, PERSONAL, {login.id: "PRIMARY_OWNER"})
        return login

    def new_account(self, title: str, kind: str, roles: dict[str, str]) -> Account:
        ident = f"11{self.state.serial('google_business.account'):08d}"
        self.accounts[ident] = Account(ident, title, kind, roles)
        return self.accounts[ident]

    def new_location(self, wish: dict[str, Any]) -> Identity:
        """`extra.owner`: the login whose own account it is in. ValueError if unknown."""
        number = self.state.serial("google_business.location")
        extra = dict(wish.get("extra") or {})
        owner = str(extra.pop("owner", ""))
        if owner:
            extra["accounts"] = [self.personal(self._login(owner).id).id]
        standing = str(extra.get("standing") or "")
        if standing not in STANDINGS:
            raise ValueError(f"standing must be one of {', '.join(STANDINGS)}.")
        known = {
            "accounts": [],
            "address": [],
            "region": "US",
            "store_code": "",
            "website": "",
            "language": "en",
            "standing": "",
        }
        name = str(wish.get("name") or f"Location {number}")
        ident = f"99{number:018d}"
        return Identity(ident, KEY, ident, name, "location", {**known, **extra})

    def _login(self, ref: str) -> Identity:
        found = self.state.identity(KEY, ref)
        if found is None or found.kind != "person":
            raise ValueError(f"There is no Google login {ref!r}.")
        return found


# Handle, name.
LOGINS = (
    ("rosa@corner.example", "Rosa Alvarez"),
    ("ida@bakes.example", "Ida Berg"),
    ("tom@nothing.example", "Tom Nowhere"),
)
ROSA, IDA = "rosa@corner.example", "ida@bakes.example"
# Title, and what the logins are there.
GROUPS = (
    ("Corner Coffee", {ROSA: "OWNER"}),
    ("Old Town Inns", {ROSA: "MANAGER"}),
    ("Fjord Yoga", {ROSA: "SITE_MANAGER", IDA: "OWNER"}),
    ("Ida Bakes Group", {IDA: "MANAGER"}),
)
# Name, its groups ("" for Ida's own account), address, and what else is special.
LOCATIONS: tuple[tuple[str, tuple[str, ...], list[str], dict[str, Any]], ...] = (
    ("Corner Coffee", ("Corner Coffee",), ["12 Harbour St", "Salem"], {}),
    ("Corner Coffee", ("Corner Coffee",), ["5 Mill Lane", "Salem"], {}),
    (
        "Corner Catering",
        ("Corner Coffee",),
        [],
        {"website": "https://catering.corner.example/"},
    ),
    (
        "Corner Roastery",
        ("Corner Coffee",),
        ["80 Wharf Rd", "Salem"],
        {"standing": "suspended"},
    ),
    (
        "Old Town Inn",
        ("Old Town Inns",),
        ["1 Church Sq", "Bergen"],
        {"standing": "verify", "region": "NO", "store_code": "INN-1"},
    ),
    ("Fjord Yoga", ("Fjord Yoga",), ["3 Pier", "Bergen"], {"region": "NO"}),
    (
        "Ida Bakes",
        ("Ida Bakes Group", ""),
        ["7 Mill St", "Oslo"],
        {"region": "NO", "language": "no"},
    ),
)


def seed(book: Book) -> None:
    for handle, name in LOGINS:
        login = book.new_login({"handle": handle, "name": name})
        book.state.add_identity(login)
    ids = {each.handle: each.id for each in book.logins()}
    groups = {"": book.personal(ids[IDA]).id}
    for title, roles in GROUPS:
        held = {ids[handle]: role for handle, role in roles.items()}
        groups[title] = book.new_account(title, GROUP, held).id
    for name, within, address, special in LOCATIONS:
        extra = {"accounts": [groups[each] for each in within], "address": address}
        wish = {"name": name, "extra": {**extra, **special}}
        book.state.add_identity(book.new_location(wish))


def account_node(account: Account, login: str) -> dict[str, Any]:
    """A personal one tells no role."""
    node = {
        "name": f"accounts/{account.id}",
        "accountName": account.title,
        "type": account.type,
        "verificationState": "UNVERIFIED",
        "vettedState": "NOT_VETTED",
    }
    if account.type != PERSONAL:
        role = account.roles[login]
        owns = role in ("PRIMARY_OWNER", "OWNER")
        level = "OWNER_LEVEL" if owns else "MEMBER_LEVEL"
        node |= {"role": role, "permissionLevel": level}
    return node


def location_node(location: Identity) -> dict[str, Any]:
    """All fields of a location; what is empty or false isn't there."""
    extra = location.extra
    metadata: dict[str, Any] = {"placeId": f"ChIJ{location.id[-6:]}"}
    if not extra["standing"]:
        metadata["hasVoiceOfMerchant"] = True
    node = {
        "name": f"locations/{location.id}",
        "title": location.name,
        "storeCode": extra["store_code"],
        "storefrontAddress": _address(location),
        "websiteUri": extra["website"],
        "languageCode": extra["language"],
        "metadata": metadata,
    }
    return {name: value for name, value in node.items() if value}


def _address(location: Identity) -> dict[str, Any]:
    parts = location.extra["address"]
    if not parts:
        return {}
    *lines, locality = parts
    region = location.extra["region"]
    return {"regionCode": region, "locality": locality, "addressLines": lines}


def merchant_state(location: Identity) -> dict[str, Any]:
    """The answer of VoiceOfMerchantState."""
    standing = location.extra["standing"]
    if not standing:
        return {"hasVoiceOfMerchant": True, "hasBusinessAuthority": True}
    told: dict[str, Any] = {}
    if standing in ("suspended", "disabled"):
        told["recommendationReason"] = f"BUSINESS_LOCATION_{standing.upper()}"
    return {STANDINGS[standing]: told}
