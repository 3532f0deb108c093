"""Facebook Login: dialog, tokens, granted permissions, Pages. For all that needs it.

https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and
https://developers.facebook.com/docs/facebook-login/guides/access-tokens (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.oauth import Client, authorize_url
from platforms import clock
from platforms.errors import AuthExpired, Rejected
from platforms.meta.errors import COMMON, Judge
from platforms.meta.graph import Graph
from platforms.shapes import text_of
from platforms.sign_in import used_code
from platforms.types import Standing

PAGE_FIELDS = (
    "id,name,access_token,tasks,"
    "instagram_business_account{id,username,name,profile_picture_url}"
)
# Tasks that let a person publish, and what we call them; both Page experiences.
TASKS = {
    "MANAGE": "Page admin",
    "PROFILE_PLUS_FULL_CONTROL": "Page admin",
    "PROFILE_PLUS_MANAGE": "Page admin",
    "CREATE_CONTENT": "Content",
    "PROFILE_PLUS_CREATE_CONTENT": "Content",
}
NO_TASK = (
    "Your role on this Page doesn't allow publishing. Ask an admin of the Page to give "
    "you access to content, then connect again."
)
PAGE_LIMIT = 100
# More than any person manages; a listing without end must not hold a worker.
MAX_LISTINGS = 50


@dataclass(frozen=True)
class FreshToken:
    """`expires_in` in seconds, 0 when the answer names none."""

    access: str = field(repr=False)
    expires_in: int = 0


@dataclass(frozen=True)
class Inspected:
    """What a token may do and until when. `targets`: scope to the ids it is bound to.

    `data_access_until` is a Unix time, 0 for no date; Page tokens die with it.
    `death`: code and subcode of what killed it, None while it lives.
    """

    user_id: str
    data_access_until: int
    targets: Mapping[str, tuple[str, ...]]
    scopes: tuple[str, ...] = ()
    death: tuple[int, int] | None = None

    @property
    def ends_at(self) -> datetime | None:
        until = self.data_access_until
        return clock.from_epoch(until) if until else None

    def covers(self, scope: str, target: str) -> bool:
        """A scope may be granted and not for this Page; one without ids is for all."""
        return target in self.targets.get(scope, (target,))


@dataclass(frozen=True)
class LinkedAccount:
    """The professional Instagram account of a Page."""

    id: str
    username: str
    name: str
    picture_url: str


@dataclass(frozen=True)
class Page:
    id: str
    name: str
    access: str = field(repr=False)
    tasks: tuple[str, ...]
    instagram: LinkedAccount | None
    username: str = ""
    category: str = ""
    picture_url: str = ""
    published: bool = True

    @property
    def role(self) -> str:
        """In words; "" when it doesn't let this person publish."""
        return next((TASKS[task] for task in TASKS if task in self.tasks), "")


def dialog_url(
    client: Client,
    version: str,
    *,
    scopes: tuple[str, ...],
    state: str,
    extra: Mapping[str, str],
) -> str:
    endpoint = f"https://www.facebook.com/{version}/dialog/oauth"
    return authorize_url(client, endpoint, scopes=scopes, state=state, extra=extra)


def redeem(graph: Graph, client: Client, code: str) -> FreshToken:
    """`exchange_code`; a refusal says that the sign-in must start again."""
    try:
        return exchange_code(graph, client, code)
    except Rejected as error:
        raise used_code(error) from None


def exchange_code(graph: Graph, client: Client, code: str) -> FreshToken:
    """Code to short-lived user token (1 to 2 hours)."""
    return graph.post(
        "oauth/access_token",
        _fresh,
        client_id=client.client_id,
        client_secret=client.client_secret,
        redirect_uri=client.redirect_uri,
        code=code,
    )


def exchange_long(graph: Graph, client: Client, short: str) -> FreshToken:
    """Short-lived to long-lived user token (about 60 days)."""
    return graph.post(
        "oauth/access_token",
        _fresh,
        grant_type="fb_exchange_token",
        client_id=client.client_id,
        client_secret=client.client_secret,
        fb_exchange_token=short,
    )


def inspect(graph: Graph, client: Client, token: str) -> Inspected:
    """debug_token, asked for with the app's own token."""
    return graph.get(
        "debug_token",
        _inspected,
        input_token=token,
        access_token=f"{client.client_id}|{client.client_secret}",
    )


def living(graph: Graph, client: Client) -> Inspected:
    """How the graph's own token stands. AuthExpired: what killed it, in words."""
    seen = inspect(replace(graph, token=""), client, graph.token)
    if seen.death is not None:
        raise _dead(graph.judge, seen.death)
    return seen


def standing(seen: Inspected, granted: tuple[str, ...]) -> Standing:
    """A living token without any scope is none of Meta's: then nothing was told."""
    return Standing(granted if seen.scopes else None, seen.ends_at)


def _dead(judge: Judge, death: tuple[int, int]) -> AuthExpired:
    fault = judge.fault(*death) or COMMON[190, 0]
    return AuthExpired(fault.words.format(name=judge.name), code="{}/{}".format(*death))


def granted_permissions(graph: Graph) -> tuple[str, ...]:
    """me/permissions with a user token; what was declined is left out."""
    return graph.get("me/permissions", _granted)


def pages(graph: Graph, fields: str = PAGE_FIELDS) -> list[Page]:
    """me/accounts with a long-lived user token, all listings of it."""
    found: list[Page] = []
    cursor: dict[str, str] = {}
    for _ in range(MAX_LISTINGS):
        listed, after = graph.get(
            "me/accounts", _pages, fields=fields, limit=PAGE_LIMIT, **cursor
        )
        found += listed
        if not after:
            break
        cursor = {"after": after}
    return found


def revoke(graph: Graph) -> None:
    """Withdraws all that this Facebook user ever granted to the app."""
    graph.delete("me/permissions", bool)


def _fresh(body: Any) -> FreshToken:
    return FreshToken(text_of(body["access_token"]), int(body.get("expires_in") or 0))


def _inspected(body: Any) -> Inspected:
    data = body["data"]
    granular = data.get("granular_scopes") or []
    return Inspected(
        user_id=str(data.get("user_id") or ""),
        data_access_until=int(data.get("data_access_expires_at") or 0),
        targets={
            str(item["scope"]): tuple(str(each) for each in item["target_ids"])
            for item in granular
            if item.get("target_ids") is not None
        },
        scopes=tuple(str(name) for name in data.get("scopes") or ()),
        death=None if data["is_valid"] else _death(data.get("error") or {}),
    )


def _death(error: Any) -> tuple[int, int]:
    return int(error.get("code") or 190), int(error.get("subcode") or 0)


def _granted(body: Any) -> tuple[str, ...]:
    return tuple(
        str(item["permission"]) for item in body["data"] if item["status"] == "granted"
    )


def _pages(body: Any) -> tuple[list[Page], str]:
    """Pages and the cursor of the next listing; a short one isn't yet the last."""
    paging = body.get("paging") or {}
    after = paging["cursors"]["after"] if paging.get("next") else ""
    return [_page(item) for item in body["data"]], str(after)


def _page(item: Any) -> Page:
    account = item.get("instagram_business_account")
    return Page(
        id=str(item["id"]),
        name=str(item.get("name") or ""),
        access=str(item.get("access_token") or ""),
        tasks=tuple(str(task) for task in item.get("tasks") or ()),
        instagram=_account(account) if account else None,
        username=str(item.get("username") or ""),
        category=str(item.get("category") or ""),
        picture_url=str(((item.get("picture") or {}).get("data") or {}).get("url", "")),
        published=item.get("is_published") is not False,
    )


def _account(item: Any) -> LinkedAccount:
    return LinkedAccount(
        id=str(item["id"]),
        username=str(item.get("username") or ""),
        name=str(item.get("name") or ""),
        picture_url=str(item.get("profile_picture_url") or ""),
    )
