"""TikTok. Connect only for now.

Access lasts two hours; the refresh token that renews it is good for one use, so a lost
answer ends the sign-in, and the next try says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from core.http import browser_url
from core.oauth import Client
from platforms import clock
from platforms.adapter import Adapter, Facts
from platforms.callbacks import Delivery, Withdrawal
from platforms.errors import AuthExpired
from platforms.sign_in import code_of
from platforms.tiktok import api, login, webhook
from platforms.tiktok.api import Caller
from platforms.tiktok.errors import NAME
from platforms.tiktok.permissions import LOGIN, METHODS, PERMISSIONS, SETTINGS
from platforms.types import Grant, Permission, Profile, Redirect, Token, Visit


class TikTok(Adapter):
    key = "tiktok"
    name = NAME
    icon = "tiktok"
    facts = Facts(
        accounts="Personal and business accounts with at least one public video.",
        role="The account itself: there are no roles and no shared accounts.",
        token_life=(  # noqa: S106
            "Access lasts two hours and is renewed by itself. A sign-in ends after 180 "
            "days without renewal."
        ),
        quirks=(
            "The account that is signed in at TikTok in this browser gets connected.",
            "To connect another one, change the account at TikTok first.",
            "Auto Publish needs at least one public video on the profile.",
            "Each renewal is good once: if its answer gets lost, sign in again.",
        ),
        cannot=(
            "Several accounts in one sign-in.",
            "Reading or answering comments.",
            "Editing or deleting what is published.",
        ),
    )
    methods = METHODS
    publishes = False
    auto_publish = False
    refresh_ahead = timedelta(minutes=30)
    used_up: ClassVar[Mapping[str, timedelta]] = {LOGIN: timedelta(0)}

    callbacks = webhook.declared(SETTINGS)

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return PERMISSIONS

    def begin(self, visit: Visit) -> Redirect:
        """What was left out before is asked for again each time."""
        client = self._client(visit.redirect_uri)
        return Redirect(browser_url(login.sign_in_url(client, visit.state)))

    def finish(
        self, visit: Visit, secret: Mapping[str, str], query: Mapping[str, str]
    ) -> Grant:
        """The caller has checked the state already."""
        client = self._client(visit.redirect_uri)
        return login.finish(self.http, client, code_of(query))

    def refresh(self, token: Token, profile: Profile) -> Token:
        """A new pair; the scopes in it tell which permissions were withdrawn."""
        if not token.refresh:
            raise AuthExpired("The TikTok sign-in has expired. Sign in again.")
        return login.token_of(api.refresh(self.http, self._client(), token.refresh))

    def revoke(self, token: Token, profile: Profile) -> None:
        """Takes a living access token, so one that has expired is renewed for it."""
        if token.expires_at is not None and clock.since(token.expires_at) >= 0:
            token = self.refresh(token, profile)
        api.revoke(self.http, self._client(), token.access)

    def heard(self, name: str, delivery: Delivery) -> tuple[Withdrawal, ...]:
        client = self._client()
        return webhook.read(delivery, client.client_id, client.client_secret)

    def obstacle(self, token: Token, profile: Profile) -> str:
        """R-C8: no public video, or barred from posting."""
        return login.obstacle(Caller(self.http, token.access))

    def _client(self, redirect_uri: str = "") -> Client:
        return self.credentials.app(SETTINGS, redirect_uri, separator=",")
