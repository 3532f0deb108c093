"""Instagram through Facebook Login: Pages, and the accounts that are linked to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core.oauth import Client
from platforms import clock
from platforms.errors import Rejected
from platforms.instagram.dialects import BY_KEY, FACEBOOK_LOGIN
from platforms.meta import facebook_login as facebook
from platforms.meta.facebook_login import Inspected, LinkedAccount, Page
from platforms.meta.graph import Graph
from platforms.types import Grant, Identity, Profile, Standing, Token

NO_ACCOUNT = (
    "No professional Instagram account is linked to this Page. Link one in the Page's "
    "settings under Linked accounts, then connect again. A personal account must first "
    "be switched to a business or creator account in the Instagram app."
)
NOT_CHOSEN = (
    "You left this account out in Facebook's window. Connect again and tick it there."
)
NO_PAGES = (
    "Facebook shows us no Page of yours. Connect again and tick the Page that your "
    "Instagram account is linked to, or sign in with Instagram instead."
)
# Without it for an account, the account wasn't shared at all.
SHARED = "instagram_basic"


def sign_in_url(
    client: Client, version: str, state: str, *, again: bool, config_id: str
) -> str:
    """`config_id`: a configuration of Facebook Login for Business, when there is one."""
    extra = {"auth_type": "rerequest"} if again else {}
    if config_id:
        extra["config_id"] = config_id
    scopes = BY_KEY[FACEBOOK_LOGIN].scopes
    return facebook.dialog_url(client, version, scopes=scopes, state=state, extra=extra)


def finish(graph: Graph, client: Client, code: str) -> Grant:
    """Code to long-lived token, what was granted, and every account behind it."""
    short = facebook.redeem(graph, client, code)
    long = facebook.exchange_long(graph, client, short.access)
    inspected = facebook.inspect(graph, client, long.access)
    user = replace(graph, token=long.access)
    granted = facebook.granted_permissions(user)
    token = _token(long.access, long.access, inspected, granted)
    identities = tuple(_identities(facebook.pages(user), inspected, token))
    if not identities:
        raise Rejected(NO_PAGES, code="no_pages")
    return Grant(token, identities, granted)


def _token(
    access: str, user: str, inspected: Inspected, granted: tuple[str, ...]
) -> Token:
    """Page tokens have no date of their own; they end with the access to the data."""
    extra = {
        "login": FACEBOOK_LOGIN,
        "user_token": user,
        "issued_at": clock.now().isoformat(),
    }
    return Token(access, expires_at=inspected.ends_at, scopes=granted, extra=extra)


def _identities(
    pages: list[Page], inspected: Inspected, token: Token
) -> Iterator[Identity]:
    for page in pages:
        data = {
            "login": FACEBOOK_LOGIN,
            "page_id": page.id,
            "page_name": page.name,
            "login_id": inspected.user_id,
        }
        if page.instagram is None:
            yield Identity(page.id, page.name, kind="page", refused=NO_ACCOUNT)
        else:
            own = replace(token, access=page.access or token.access)
            yield _identity(page, page.instagram, inspected, own, data)


def _identity(
    page: Page,
    account: LinkedAccount,
    inspected: Inspected,
    token: Token,
    data: dict[str, Any],
) -> Identity:
    granted = rights_on(inspected, token.scopes, page.id, account.id)
    return Identity(
        external_id=account.id,
        name=account.name or account.username,
        handle=account.username,
        role=page.role,
        picture_url=account.picture_url,
        address=f"Page {page.name}",
        refused=_refusal(page.role, account.id, inspected),
        token=replace(token, scopes=granted),
        data=data,
        granted=granted,
    )


def standing(graph: Graph, client: Client, profile: Profile) -> Standing:
    """Rights go one by one, by account and by Page. AuthExpired: dead."""
    seen = facebook.living(graph, client)
    page = str(profile.data.get("page_id", ""))
    granted = rights_on(seen, seen.scopes, page, profile.external_id)
    return facebook.standing(seen, granted)


def rights_on(
    inspected: Inspected, granted: tuple[str, ...], page: str, account: str
) -> tuple[str, ...]:
    """Of what was granted, what holds for this account and its Page."""
    return tuple(
        name
        for name in granted
        if inspected.covers(name, page if name.startswith("pages_") else account)
    )


def _refusal(role: str, account: str, inspected: Inspected) -> str:
    if not role:
        return facebook.NO_TASK
    return "" if inspected.covers(SHARED, account) else NOT_CHOSEN
