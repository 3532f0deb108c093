"""Which scope lets an OAuth session do what; app passwords may do all of it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import parse_qs

from sandbox.bluesky.errors import XrpcError

GENERIC = "transition:generic"
ACTIONS = ("create", "update", "delete")
EXPLAINED = {
    "atproto": "Know who you are",
    GENERIC: "Read and write everything but account settings and messages",
    "transition:email": "Read your e-mail address",
    "transition:chat.bsky": "Read and send direct messages",
    "account:email": "Read your e-mail address",
    "include:app.bsky.authCreatePosts?aud=did:web:api.bsky.app%23bsky_appview": (
        "Create posts"
    ),
}
POSTING_SET = frozenset(
    {
        "app.bsky.feed.post",
        "app.bsky.feed.threadgate",
        "app.bsky.feed.postgate",
    }
)


@dataclass(frozen=True, slots=True)
class Scope:
    """`kind:target?name=value&…`; the target may also be a named value."""

    kind: str
    target: str
    values: dict[str, list[str]]


def parse(text: str) -> Scope:
    head, _, query = text.partition("?")
    kind, _, target = head.partition(":")
    return Scope(kind, target, parse_qs(query))


def known(text: str) -> bool:
    """What this server has never heard of is granted to nobody, silently."""
    return text in EXPLAINED or parse(text).kind in (
        "repo",
        "blob",
        "rpc",
        "identity",
        "account",
        "include",
    )


def check_repo(scopes: list[str], collection: str, action: str) -> None:
    if GENERIC in scopes or any(_repo(parse(s), collection, action) for s in scopes):
        return
    raise missing(f"repo:{collection}?action={action}")


def _repo(scope: Scope, collection: str, action: str) -> bool:
    if scope.kind == "include" and scope.target == "app.bsky.authCreatePosts":
        return action == "create" and collection in POSTING_SET
    if scope.kind != "repo":
        return False
    collections = [scope.target, *scope.values.get("collection", [])]
    actions = scope.values.get("action", list(ACTIONS))
    return action in actions and ("*" in collections or collection in collections)


def check_blob(scopes: list[str], mime: str) -> None:
    for text in scopes:
        scope = parse(text)
        accepted = [scope.target, *scope.values.get("accept", [])]
        if text == GENERIC or (
            scope.kind == "blob" and any(fnmatchcase(mime, one) for one in accepted)
        ):
            return
    raise missing(f"blob:{mime}")


def check_rpc(scopes: list[str], method: str, audience: str) -> None:
    for text in scopes:
        scope = parse(text)
        methods = [scope.target, *scope.values.get("lxm", [])]
        audiences = scope.values.get("aud", [])
        if text == GENERIC or (
            scope.kind == "rpc"
            and (method in methods or "*" in methods)
            and (audience in audiences or "*" in audiences)
        ):
            return
    raise missing(f"rpc:{method}?aud={audience}")


def missing(scope: str) -> XrpcError:
    return XrpcError(403, "ScopeMissingError", f'Missing required scope "{scope}"')
