"""What a person shared at sign-in: Pages, accounts, and single rights on single Pages.

A token's `assets` are ids as ticked: of Pages, of accounts, and `PAGE:SCOPE` for a right
that can be left out for one Page. None stands for a token that shares everything.
"""

from __future__ import annotations

from sandbox.meta import people
from sandbox.meta.graph import Node
from sandbox.oauth import Asset
from sandbox.state import Identity, State, Token

# Rights that the dialog lets people give for some of their Pages only.
BY_PAGE = {"pages_manage_posts": "Publishing on {name}"}


def assets(state: State, person: Identity) -> list[Asset]:
    """What the dialog shows below a person, each ticked at first."""
    found = []
    for page in people.pages_of(state, person.id):
        found.append(Asset(page.id, page.name, "Page"))
        account = people.linked_account(state, page)
        if account is not None:
            found.append(Asset(account.id, account.handle, "Instagram account"))
        for scope, words in BY_PAGE.items():
            label = words.format(name=page.name)
            found.append(Asset(f"{page.id}:{scope}", label, "for this Page", scope))
    return found


def scopes(state: State, token: Token) -> list[Node]:
    """`granular_scopes` of debug_token; without `target_ids` where all are meant."""
    return [_scope(state, token, name) for name in token.scopes]


def _scope(state: State, token: Token, name: str) -> Node:
    shared = token.extra.get("assets")
    if shared is None or not name.startswith(("pages_", "instagram_")):
        return {"scope": name}
    return {"scope": name, "target_ids": _targets(state, shared, name)}


def _targets(state: State, shared: list[str], name: str) -> list[str]:
    if name.startswith("instagram_"):
        return [each for each in shared if f"instagram:{each}" in state.identities]
    pages = [each for each in shared if f"facebook:{each}" in state.identities]
    if name not in BY_PAGE:
        return pages
    return [page for page in pages if f"{page}:{name}" in shared]
