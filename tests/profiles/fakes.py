"""Platforms that no code knows by name: one for each way to connect."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date, timedelta

from core import clock
from platforms.adapter import Adapter, Credentials, Facts
from platforms.errors import PlatformError, Rejected
from platforms.limits import Limits, TextLimit
from platforms.types import (
    Awaiting,
    CodeSeen,
    Grant,
    Identity,
    Input,
    Link,
    Method,
    Permission,
    PostKind,
    Profile,
    Redirect,
    RoleSeen,
    Token,
    Updates,
    Visit,
)

FACTS = Facts("Any account of the tests.", "The account itself.", "Sixty days.")
LIMITS = Limits(TextLimit(500), date(2026, 11, 21), "https://fake.example/limits")
TOKEN = Token("canary-access-token", "canary-refresh-token")


class Fake(Adapter):
    """Says what a test told it to say, and remembers what it was asked."""

    icon = "rss"
    facts = FACTS
    kinds = (PostKind("text", "Text", needs_text=True),)
    limits = LIMITS

    def __init__(self, credentials: Credentials) -> None:
        super().__init__(credentials)
        self.visits: list[Visit] = []
        self.queries: list[dict[str, str]] = []
        self.secrets: list[dict[str, str]] = []
        self.refreshed: list[Token] = []
        self.revoked: list[Token] = []
        self.trouble: PlatformError | None = None
        self.gate: threading.Event | None = None
        self.new_token = Token("canary-second-token", "canary-second-refresh")
        self.people = (person("1"),)
        self.granted = tuple(p.name for p in self.permissions(""))
        self.token = TOKEN

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return (
            Permission("read", "To know who you are.", "connect", "See your profile"),
            Permission("write", "To publish what you schedule.", "publish", "Publish"),
            Permission("figures", "To show figures.", "analytics", "See figures"),
        )

    def refresh(self, token: Token, profile: Profile) -> Token:
        self.refreshed.append(token)
        if self.gate is not None:
            assert self.gate.wait(10)
        self.fail()
        return self.new_token

    def revoke(self, token: Token, profile: Profile) -> None:
        self.revoked.append(token)
        self.fail()

    def fail(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def grant(self) -> Grant:
        return Grant(self.token, self.people, self.granted)


class Orbit(Fake):
    """By redirect, several identities a sign-in."""

    key = "orbit"
    name = "Orbit"
    methods = (
        Method("sign-in", "Sign in with Orbit", "redirect", credentials=("ORBIT_ID",)),
        Method("other", "Sign in elsewhere", "redirect"),
    )
    refresh_ahead = timedelta(days=10)

    def documents(self, base_url: str, redirect_uri: str) -> Mapping[str, object]:
        return {"/oauth/orbit/metadata.json": {"redirect_uris": [redirect_uri]}}

    def begin(self, visit: Visit) -> Redirect:
        self.visits.append(visit)
        self.fail()
        url = f"https://orbit.example/authorize?state={visit.state}"
        return Redirect(url, {"verifier": "canary-verifier"})

    def finish(
        self, visit: Visit, secret: Mapping[str, str], query: Mapping[str, str]
    ) -> Grant:
        self.visits.append(visit)
        self.secrets.append(dict(secret))
        self.queries.append(dict(query))
        self.fail()
        return self.grant()


class Kite(Fake):
    """By typed inputs; Auto Publish has a step of its own; tokens just end."""

    key = "kite"
    name = "Kite"
    methods = (
        Method(
            "form",
            "Use a key",
            "form",
            (Input("handle", "Handle"), Input("key", "Key", "From Kite.", secret=True)),
        ),
    )
    auto_publish = False

    def begin(self, visit: Visit) -> Grant:
        self.visits.append(visit)
        self.fail()
        if not visit.inputs["key"]:
            raise Rejected("Kite needs a key.", field="key")
        return self.grant()


class Pigeon(Fake):
    """In a chat, by a bot."""

    key = "pigeon"
    name = "Pigeon"
    methods = (Method("bot", "Pigeon bot", "bot"),)

    def __init__(self, credentials: Credentials) -> None:
        super().__init__(credentials)
        self.news: list[CodeSeen | RoleSeen] = []
        self.cursors: list[str] = []

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return (
            Permission("post", "To publish.", "publish", "Post messages"),
            Permission("edit", "To show figures.", "analytics", "Edit messages"),
        )

    def begin(self, visit: Visit) -> Awaiting:
        self.visits.append(visit)
        code = f"code-{len(self.visits)}-{visit.state[:8]}"
        link = Link("Open @pigeon", f"https://pigeon.example/?start={code}")
        return Awaiting(code, ("Press Start.", "Make the bot an admin."), (link,))

    def updates(self, cursor: str) -> Updates:
        self.cursors.append(cursor)
        if self.gate is not None:
            assert self.gate.wait(10)
        self.fail()
        seen = int(cursor or "0")
        return Updates(tuple(self.news[seen:]), str(len(self.news)))


def person(number: str, **fields: object) -> Identity:
    texts = {"name": f"Person {number}", "handle": f"person{number}", "role": "Owner"}
    return Identity(external_id=f"id-{number}", **{**texts, **fields})  # type: ignore[arg-type]


def ending(days: float, **fields: object) -> Token:
    """A token of a kind that has no refresh token."""
    return Token("canary-access-token", expires_at=in_days(days), **fields)  # type: ignore[arg-type]


def in_days(days: float):
    return clock.now() + timedelta(days=days)
