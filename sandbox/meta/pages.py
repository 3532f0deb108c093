"""A Page as the Graph API shows it, and its picture."""

from __future__ import annotations

from sandbox.meta import people
from sandbox.meta.graph import Node
from sandbox.state import Identity, State, Token

PICTURES = "scontent.xx.fbcdn.net"


def page_node(state: State, page: Identity, token: Token, page_token: str) -> Node:
    """All its fields, for the person behind the token.

    Pages of an older snapshot lack some.
    """
    person = token.extra.get("person", token.identity)
    return {
        "id": page.id,
        "name": page.name,
        "username": page.handle or None,
        "access_token": page_token,
        "tasks": page.extra["tasks"].get(person, []),
        "category": page.extra.get("category", "Business"),
        "followers_count": page.extra.get("followers", 0),
        "is_published": page.extra.get("published", True),
        "has_transitioned_to_new_page_experience": True,
        "picture": {"data": {"url": picture_url(page), "is_silhouette": False}},
        "instagram_business_account": _linked(state, page, token),
    }


def picture_url(page: Identity) -> str:
    return f"https://{PICTURES}/pages/{page.id}.jpg"


def _linked(state: State, page: Identity, token: Token) -> Node | None:
    account = people.linked_account(state, page)
    if account is None or "instagram_basic" not in token.scopes:
        return None
    if not people.granted(token, account.id):
        return None
    return people.account_node(account, own_login=False)
