"""Mastodon, at any server. Connect only for now.

There is no app of the operator's: every server registers us once, and the keys it gave
are also kept with each token, which only they can revoke.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.http import browser_url
from platforms.adapter import Adapter, Facts
from platforms.errors import Unsupported
from platforms.mastodon import api, login
from platforms.mastodon.api import Server
from platforms.mastodon.errors import NAME
from platforms.mastodon.permissions import METHODS, PERMISSIONS, SERVER
from platforms.mastodon.server import host_in
from platforms.sign_in import code_of
from platforms.types import (
    Grant,
    Permission,
    Profile,
    Redirect,
    Standing,
    Token,
    Visit,
)


class Mastodon(Adapter):
    key = "mastodon"
    name = NAME
    icon = "mastodon"
    facts = Facts(
        accounts="Every account of every Mastodon server; there are no kinds of them.",
        role="The account itself: there are no roles and no shared accounts.",
        token_life="Until you remove it in your server's settings.",  # noqa: S106
        quirks=(
            "You sign in at your own server, so its name is asked for first.",
            "Each server has rules and limits of its own.",
            "A server that is down holds up its own accounts only.",
        ),
        cannot=(
            "Servers that can't be reached from the internet by https.",
            "Figures of how often a post was seen.",
        ),
    )
    methods = METHODS
    publishes = False
    inspects = True

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return PERMISSIONS

    def begin(self, visit: Visit) -> Redirect:
        """Registers us at the server that the person named, unless it knows us."""
        host = host_in(visit.inputs.get(SERVER, ""))
        url, secret = login.begin(self.http, visit, host)
        return Redirect(browser_url(url), secret)

    def finish(
        self, visit: Visit, secret: Mapping[str, str], query: Mapping[str, str]
    ) -> Grant:
        """The caller has checked the state already."""
        return login.finish(self.http, visit, secret, code_of(query))

    def revoke(self, token: Token, profile: Profile) -> None:
        keys = token.extra
        if not keys.get("client_id"):
            raise Unsupported("The server's keys for us are gone.")
        api.revoke(self._server(token), keys["client_id"], keys["client_secret"])

    def inspect(self, token: Token, profile: Profile) -> Standing:
        """Alive or not: a server tells of a token's scopes only once, with it."""
        api.verify_credentials(self._server(token))
        return Standing(token.scopes)

    def _server(self, token: Token) -> Server:
        return Server(self.http, token.extra["host"], token.access)
