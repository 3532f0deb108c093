"""Who is who at Meta: persons, Pages and Instagram accounts, and their links.

Identities of platform "instagram" are accounts (kinds business, creator, personal).
Identities of platform "facebook" are persons and pages (kinds person, page); a
page's `extra` holds `tasks` {person id: [task]} and `instagram` (account id or "").
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.meta.graph import Node
from sandbox.state import Identity, State, Token

ACCOUNT_KINDS = ("business", "creator", "personal")
ACCOUNT_TYPES = {
    "business": "BUSINESS",
    "creator": "MEDIA_CREATOR",
    "personal": "PERSONAL",
}
ALL_TASKS = ["MANAGE", "CREATE_CONTENT", "MODERATE", "ADVERTISE", "ANALYZE"]
PUBLISHING_TASKS = frozenset(
    {
        "MANAGE",
        "CREATE_CONTENT",
        "PROFILE_PLUS_CREATE_CONTENT",
        "PROFILE_PLUS_MANAGE",
        "PROFILE_PLUS_FULL_CONTROL",
    }
)
PAGE_ID = r"1001\d+"
_HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")


def new_account(state: State, wish: dict[str, Any]) -> Identity:
    """An Instagram account; ValueError if the handle is taken or odd."""
    number = state.serial("instagram.account")
    handle = str(wish.get("handle") or f"account.{number}")
    if not _HANDLE.fullmatch(handle):
        raise ValueError(f"{handle!r} is no Instagram username.")
    if state.identity("instagram", handle) is not None:
        raise ValueError(f"The username {handle} is taken.")
    kind = str(wish.get("kind") or "business")
    if kind not in ACCOUNT_KINDS:
        raise ValueError(f"kind must be one of {', '.join(ACCOUNT_KINDS)}.")
    extra = {
        "app_scoped_id": f"2{number:016d}",
        "followers": 800 + 137 * number,
        "follows": 120 + number,
        "biography": "",
        "website": "",
        "media_count": 0,
        "restricted": False,
        **dict(wish.get("extra") or {}),
    }
    name = str(wish.get("name") or handle)
    ident = str(wish.get("id") or f"17841400{number:09d}")
    return Identity(ident, "instagram", handle, name, kind, extra)


def new_person(state: State, wish: dict[str, Any]) -> Identity:
    number = state.serial("facebook.person")
    handle = str(wish.get("handle") or f"person.{number}")
    name = str(wish.get("name") or handle)
    return Identity(f"1002{number:011d}", "facebook", handle, name, "person")


def new_page(state: State, wish: dict[str, Any]) -> Identity:
    """`extra.tasks` {person: [task]}, `extra.instagram`; ids or handles in both.

    Further `category`, `followers`, and `published` (False: nobody sees the Page).
    """
    number = state.serial("facebook.page")
    extra = dict(wish.get("extra") or {})
    name = str(wish.get("name") or f"Page {number}")
    handle = str(wish.get("handle") or re.sub(r"\W+", ".", name.lower()))
    tasks = {_known(state, "facebook", ref): t for ref, t in extra["tasks"].items()}
    linked = str(extra.get("instagram") or "")
    links = {"instagram": _known(state, "instagram", linked) if linked else ""}
    shown = {
        "category": str(extra.get("category") or "Business"),
        "followers": int(extra.get("followers") or 100 + 31 * number),
        "published": bool(extra.get("published", True)),
    }
    ident = f"1001{number:011d}"
    known = {"tasks": tasks, **links, **shown}
    return Identity(ident, "facebook", handle, name, "page", known)


def _known(state: State, platform: str, ref: str) -> str:
    found = state.identity(platform, ref)
    if found is None:
        raise ValueError(f"There is no {platform} identity {ref!r}.")
    return found.id


def pages(state: State) -> list[Identity]:
    return [i for i in state.identities_of("facebook") if i.kind == "page"]


def persons(state: State) -> list[Identity]:
    return [i for i in state.identities_of("facebook") if i.kind == "person"]


def pages_of(state: State, person: str) -> list[Identity]:
    """Pages on which a person has any task."""
    return [page for page in pages(state) if page.extra["tasks"].get(person)]


def pages_linked_to(state: State, account: str) -> list[Identity]:
    return [page for page in pages(state) if page.extra["instagram"] == account]


def linked_account(state: State, page: Identity) -> Identity | None:
    """The Page's professional account; a personal one does not count."""
    account = state.identities.get(f"instagram:{page.extra['instagram']}")
    return None if account is None or account.kind == "personal" else account


def granted(token: Token, asset: str) -> bool:
    """Whether the person left this Page or account in at sign-in."""
    assets = token.extra.get("assets")
    return assets is None or asset in assets


def visible_pages(state: State, token: Token) -> list[Identity]:
    """The Pages a user or Page token of Facebook reaches."""
    if token.kind == "page":
        page = state.identities.get(f"facebook:{token.identity}")
        return [page] if page else []
    found = pages_of(state, token.identity)
    return [page for page in found if granted(token, page.id)]


def reach(state: State, token: Token) -> dict[str, list[str]]:
    """Account ids a token reaches with the tasks its holder has on their Page."""
    if token.platform == "instagram":
        return {token.identity: ALL_TASKS}
    person = token.extra.get("person", token.identity)
    found = {}
    for page in visible_pages(state, token):
        account = linked_account(state, page)
        if account is not None and granted(token, account.id):
            found[account.id] = list(page.extra["tasks"].get(person, []))
    return found


def picture_url(identity: Identity) -> str:
    return f"https://scontent.cdninstagram.com/avatars/{identity.id}.png"


def account_node(account: Identity, *, own_login: bool) -> Node:
    """Fields of an Instagram account. `own_login`: the dialect without Facebook."""
    extra = account.extra
    node: Node = {
        "id": account.id,
        "username": account.handle,
        "name": account.name,
        "profile_picture_url": picture_url(account),
        "followers_count": extra["followers"],
        "follows_count": extra["follows"],
        "media_count": extra["media_count"],
        "biography": extra["biography"] or None,
        "website": extra["website"] or None,
    }
    if own_login:
        node["id"] = extra["app_scoped_id"]
        node["user_id"] = account.id
        node["account_type"] = ACCOUNT_TYPES[account.kind]
    return node
