"""The servers that the sandbox plays, and who lives there.

An identity's `extra`: `server` (host), `disabled` (its login is switched off). An
identity's id is `NUMBER@HOST`; servers number their accounts by themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.state import Identity, State

KEY = "mastodon"
CURRENT, OLD, VANITY = "mastodon.social", "old.masto.example", "social.fjord.example"
# Answers with a move to where the server really is.
MOVED = "fjord.example"
# Speaks HTTP and is no Mastodon.
OTHER = "plain.masto.example"
_HANDLE = re.compile(r"[a-z0-9_]{1,30}")


@dataclass(frozen=True, slots=True)
class Server:
    """`domain`: what names end in. `modern`: 4.3 or newer (PKCE, `profile`)."""

    host: str
    domain: str
    version: str
    modern: bool


SERVERS = {
    server.host: server
    for server in (
        Server(CURRENT, CURRENT, "4.5.2", True),
        Server(OLD, OLD, "3.5.19", False),
        Server(VANITY, MOVED, "4.4.1", True),
    )
}
HOSTS = (*SERVERS, MOVED, OTHER)
ACCOUNTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("ada", "Ada Lind", CURRENT, {}),
    ("harbor", "Harbor Coffee", CURRENT, {}),
    ("frozen", "Frozen Fred", CURRENT, {"disabled": True}),
    ("ben", "Ben Old", OLD, {}),
    ("ada", "Ada of the Fjord", VANITY, {}),
)


def new_account(state: State, wish: dict[str, Any]) -> Identity:
    """ValueError for an odd name, a taken one, or a server that is not there."""
    extra = {"server": CURRENT, "disabled": False, **dict(wish.get("extra") or {})}
    server = SERVERS.get(str(extra["server"]))
    if server is None:
        raise ValueError(f"There is no server {extra['server']!r}.")
    number = state.serial("mastodon.account")
    username = str(wish.get("handle") or f"user{number}").partition("@")[0]
    if not _HANDLE.fullmatch(username):
        raise ValueError(f"{username!r} is no Mastodon username.")
    handle = f"{username}@{server.domain}"
    if state.identity(KEY, handle) is not None:
        raise ValueError(f"The name {handle} is taken.")
    name = str(wish.get("name") or username)
    ident = f"1091{number:014d}@{server.host}"
    return Identity(ident, KEY, handle, name, "account", extra)


def seed(state: State) -> None:
    for handle, name, server, facts in ACCOUNTS:
        extra = {"server": server, **facts}
        wish = {"handle": handle, "name": name, "extra": extra}
        state.add_identity(new_account(state, wish))


def account_node(account: Identity) -> dict[str, Any]:
    number, _, host = account.id.partition("@")
    username = account.handle.partition("@")[0]
    return {
        "id": number,
        "username": username,
        "acct": username,
        "display_name": account.name,
        "url": f"https://{host}/@{username}",
        "avatar": f"https://{host}/avatars/{number}.jpg",
        "bot": False,
        "locked": False,
        "followers_count": 42,
        "statuses_count": 7,
    }


def instance_v2(server: Server) -> dict[str, Any]:
    return {
        "domain": server.domain,
        "title": server.domain,
        "version": server.version,
        "configuration": {"statuses": {"max_characters": 500}},
    }


def instance_v1(server: Server) -> dict[str, Any]:
    return {"uri": server.domain, "title": server.domain, "version": server.version}
