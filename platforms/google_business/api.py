"""The endpoints that connecting needs, one function each.

https://developers.google.com/my-business/reference/accountmanagement/rest,
…/businessinformation/rest and …/verifications/rest (2026-11-21). Listing needs a
`readMask`; what is false isn't in an answer at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from platforms.bearer import Bearer
from platforms.google_business.permissions import MANAGE

T = TypeVar("T")

ACCOUNTS = "https://mybusinessaccountmanagement.googleapis.com/v1"
LOCATIONS = "https://mybusinessbusinessinformation.googleapis.com/v1"
VERIFICATIONS = "https://mybusinessverifications.googleapis.com/v1"

READ_MASK = "name,title,storeCode,storefrontAddress,websiteUri,languageCode,metadata"
ACCOUNTS_A_PAGE, LOCATIONS_A_PAGE = 20, 100
# More than anybody manages; a listing without end must not hold a worker.
MAX_PAGES = 50


@dataclass(frozen=True)
class Account:
    """`name` is accounts/ID; `role` as Google calls it, "" when it tells none."""

    name: str
    role: str


@dataclass(frozen=True)
class Location:
    """`name` is locations/ID; `address` in one line, "" for one without a shop."""

    name: str
    title: str
    language: str
    store_code: str
    address: str
    website: str
    in_good_standing: bool

    @property
    def id(self) -> str:
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class Standing:
    """Whether Google shows this location's owner's word, else what it wants first."""

    good: bool
    wants: str = ""


def accounts(api: Bearer) -> list[Account]:
    """GET accounts: all of them, since each lists other locations."""
    return _pages(api, f"{ACCOUNTS}/accounts", "accounts", _account, ACCOUNTS_A_PAGE)


def locations(api: Bearer, account: str) -> list[Location]:
    """GET {account}/locations. `account`: accounts/ID."""
    url = f"{LOCATIONS}/{account}/locations"
    return _pages(
        api, url, "locations", _location, LOCATIONS_A_PAGE, readMask=READ_MASK
    )


def location(api: Bearer, name: str) -> Location:
    """GET locations/ID"""
    return api.get(f"{LOCATIONS}/{name}", _location, (MANAGE,), readMask=READ_MASK)


def standing(api: Bearer, name: str) -> Standing:
    """GET locations/ID/VoiceOfMerchantState"""
    url = f"{VERIFICATIONS}/{name}/VoiceOfMerchantState"
    return api.get(url, _standing, (MANAGE,))


def _pages(
    api: Bearer,
    url: str,
    key: str,
    read: Callable[[Any], T],
    size: int,
    **asked: str,
) -> list[T]:
    found: list[T] = []
    token: dict[str, str] = {}
    for _ in range(MAX_PAGES):
        page, following = api.get(
            url, _page_of(key, read), (MANAGE,), pageSize=size, **asked, **token
        )
        found += page
        if not following:
            break
        token = {"pageToken": following}
    return found


def _page_of(
    key: str, read: Callable[[Any], T]
) -> Callable[[Any], tuple[list[T], str]]:
    """A page without any is an empty object."""
    return lambda body: (
        [read(item) for item in body.get(key) or ()],
        str(body.get("nextPageToken") or ""),
    )


def _account(item: Any) -> Account:
    """A person's own account may come without a role."""
    own = "OWNER" if item.get("type") == "PERSONAL" else ""
    return Account(_name(item, "accounts/"), str(item.get("role") or own))


def _location(item: Any) -> Location:
    metadata = item.get("metadata") or {}
    return Location(
        name=_name(item, "locations/"),
        title=str(item.get("title") or ""),
        language=str(item.get("languageCode") or ""),
        store_code=str(item.get("storeCode") or ""),
        address=_address(item.get("storefrontAddress") or {}),
        website=str(item.get("websiteUri") or ""),
        in_good_standing=metadata.get("hasVoiceOfMerchant") is True,
    )


def _name(item: Any, prefix: str) -> str:
    """It becomes a part of addresses, so it is what it says it is."""
    name = str(item["name"])
    if not name.startswith(prefix) or not name.removeprefix(prefix).isalnum():
        raise ValueError("no resource name")
    return name


def _address(parts: Any) -> str:
    lines = [str(line) for line in parts.get("addressLines") or ()]
    names = ("locality", "administrativeArea", "postalCode", "regionCode")
    return ", ".join(filter(None, [*lines, *(str(parts.get(n) or "") for n in names)]))


def _standing(body: Any) -> Standing:
    if body.get("hasVoiceOfMerchant") is True:
        return Standing(good=True)
    comply = body.get("complyWithGuidelines")
    if comply is not None:
        return Standing(False, str((comply or {}).get("recommendationReason") or ""))
    wants = ("verify", "waitForVoiceOfMerchant", "resolveOwnershipConflict")
    return Standing(False, next((name for name in wants if name in body), ""))
