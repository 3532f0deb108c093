"""Sign in to Facebook: every Page of the person, with its own token and rights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from core.oauth import Client
from platforms import clock
from platforms.errors import Rejected
from platforms.facebook.permissions import LOGIN, SCOPES
from platforms.meta import facebook_login as facebook
from platforms.meta.facebook_login import Inspected, Page
from platforms.meta.graph import Graph
from platforms.types import Grant, Identity, Token

PAGE_FIELDS = "id,name,username,access_token,tasks,category,picture{url},is_published"
NO_PAGES = (
    "Facebook shows us no Page of yours. Connect again and tick your Pages in its "
    "window. If you manage none, ask an admin of the Page for access to its content; "
    "personal profiles and groups can't be published to."
)
NO_ACCESS = (
    "Facebook gives us no access to this Page. Ask an admin to give you a role on the "
    "Page itself, then connect again."
)
UNPUBLISHED = "not published: nobody sees its posts"


def sign_in_url(
    client: Client, version: str, state: str, *, again: bool, config_id: str
) -> str:
    """`config_id`: a configuration of Facebook Login for Business, when there is one."""
    extra = {"auth_type": "rerequest"} if again else {}
    if config_id:
        extra["config_id"] = config_id
    return facebook.dialog_url(client, version, scopes=SCOPES, state=state, extra=extra)


def finish(graph: Graph, client: Client, code: str) -> Grant:
    """Code to long-lived token, what was granted where, and every Page behind it."""
    short = facebook.redeem(graph, client, code)
    long = facebook.exchange_long(graph, client, short.access)
    inspected = facebook.inspect(graph, client, long.access)
    user = replace(graph, token=long.access)
    granted = facebook.granted_permissions(user)
    pages = facebook.pages(user, PAGE_FIELDS)
    if not pages:
        raise Rejected(NO_PAGES, code="no_pages")
    token = _token(long.access, inspected, granted)
    return Grant(token, tuple(_identities(pages, inspected, token)), granted)


def rights_on(
    inspected: Inspected, granted: tuple[str, ...], page: str
) -> tuple[str, ...]:
    """Of what was granted, what holds for this Page."""
    return tuple(name for name in granted if inspected.covers(name, page))


def _token(access: str, inspected: Inspected, granted: tuple[str, ...]) -> Token:
    """Page tokens have no date of their own; they end with the access to the data."""
    extra = {
        "login": LOGIN,
        "user_token": access,
        "issued_at": clock.now().isoformat(),
    }
    return Token(access, expires_at=inspected.ends_at, scopes=granted, extra=extra)


def _identities(
    pages: list[Page], inspected: Inspected, token: Token
) -> Iterator[Identity]:
    for page in pages:
        granted = rights_on(inspected, token.scopes, page.id)
        yield Identity(
            external_id=page.id,
            name=page.name,
            kind="page",
            role=page.role,
            picture_url=page.picture_url,
            address=_address(page),
            refused=_refusal(page),
            token=replace(token, access=page.access, scopes=granted),
            data={"login": LOGIN, "login_id": inspected.user_id, **_names(page)},
            granted=granted,
        )


def _names(page: Page) -> dict[str, str]:
    return {"username": page.username} if page.username else {}


def _address(page: Page) -> str:
    """What tells Pages of one name apart."""
    known = (
        page.category,
        f"facebook.com/{page.username}" if page.username else "",
        "" if page.published else UNPUBLISHED,
    )
    return " · ".join(filter(None, known))


def _refusal(page: Page) -> str:
    if not page.role:
        return facebook.NO_TASK
    return "" if page.access else NO_ACCESS
