"""The token endpoint of platforms that keep to RFC 6749: a form, with the app's keys.

Here a refresh token stays the same: an answer that brings none leaves the old one good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from core.http import Http
from core.oauth import Client
from platforms import clock
from platforms.bearer import Judge
from platforms.client import call, read_as
from platforms.errors import AuthExpired, Rejected
from platforms.shapes import scopes_in, text_of
from platforms.sign_in import used_code
from platforms.types import Token

T = TypeVar("T")


@dataclass(frozen=True)
class Fresh:
    """A good answer. Lives in seconds, 0 where it names none."""

    access: str = field(repr=False)
    expires_in: int
    scopes: tuple[str, ...]
    refresh: str = field(default="", repr=False)
    refresh_expires_in: int = 0
    id_token: str = field(default="", repr=False)

    def token(self, **extra: str) -> Token:
        """The first one of a sign-in."""
        return Token(
            self.access,
            self.refresh,
            _after(self.expires_in),
            self.scopes,
            extra,
            ends_at=_after(self.refresh_expires_in),
        )

    def renewal_of(self, old: Token) -> Token:
        """What the answer leaves out is as it was."""
        return Token(
            self.access,
            self.refresh or old.refresh,
            _after(self.expires_in),
            self.scopes or old.scopes,
            old.extra,
            ends_at=_after(self.refresh_expires_in) or old.ends_at,
        )


@dataclass(frozen=True)
class TokenEndpoint:
    """One app at one platform."""

    http: Http
    name: str
    judge: Judge
    url: str
    client: Client

    def exchange(self, code: str) -> Fresh:
        """A code that isn't taken means starting again, in words."""
        try:
            return self.ask(
                self.url,
                _fresh,
                grant_type="authorization_code",
                code=code,
                redirect_uri=self.client.redirect_uri,
            )
        except (AuthExpired, Rejected) as error:
            raise used_code(error) from None

    def refresh(self, token: str) -> Fresh:
        """Good again and again, so a lost answer costs nothing."""
        return self.ask(
            self.url, _fresh, grant_type="refresh_token", refresh_token=token
        )

    def ask(self, url: str, read: Callable[[Any], T], **fields: str) -> T:
        """A form with the app's keys, to this or a neighbouring endpoint."""
        keys = {
            "client_id": self.client.client_id,
            "client_secret": self.client.client_secret,
        }
        reply = call(self.http, self.name, "POST", url, data={**keys, **fields})
        return read_as(read, self.judge(reply), self.name)


def _fresh(body: Any) -> Fresh:
    return Fresh(
        access=text_of(body["access_token"]),
        expires_in=int(body.get("expires_in") or 0),
        scopes=scopes_in(body.get("scope")),
        refresh=str(body.get("refresh_token") or ""),
        refresh_expires_in=int(body.get("refresh_token_expires_in") or 0),
        id_token=str(body.get("id_token") or ""),
    )


def _after(seconds: int) -> datetime | None:
    return clock.after(seconds) if seconds else None
