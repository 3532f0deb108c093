"""Google Business Profile. Connect only for now.

One sign-in brings every location of a person, each reached through an account. The
refresh token is the same for all of them and outlives renewals.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from core.http import browser_url
from core.oauth import Client
from platforms.adapter import Adapter, Facts
from platforms.bearer import Bearer
from platforms.errors import AuthExpired, PermissionMissing, Unavailable
from platforms.google_business import api, locations, login
from platforms.google_business.errors import NAME, value_of
from platforms.google_business.permissions import (
    MANAGE,
    METHODS,
    PERMISSIONS,
    SETTINGS,
)
from platforms.sign_in import code_of
from platforms.token_endpoint import TokenEndpoint
from platforms.types import (
    Grant,
    Permission,
    Profile,
    Redirect,
    Standing,
    Token,
    Visit,
)

ODD = "Google renewed the access and then didn't take it."


class GoogleBusiness(Adapter):
    key = "google_business"
    name = "Google Business Profile"
    icon = "google_business"
    facts = Facts(
        accounts="Verified locations of a Google Business Profile.",
        role="Owner or manager of the location.",
        token_life=(  # noqa: S106
            "Until access is removed in the Google account. Renewed by itself each hour."
        ),
        quirks=(
            "One sign-in brings all locations of that Google account.",
            "Google's window has a box for managing your Business Profiles: tick it.",
            "Stores of one name are told apart by their address.",
            "A location that Google hasn't verified, or has suspended, shows no posts.",
            "Removing access in the Google account ends all its locations here.",
        ),
        cannot=(
            "Videos and several photos in one post.",
            "Figures of a single post, and comments.",
        ),
    )
    methods = METHODS
    publishes = False
    refresh_ahead = timedelta(minutes=10)
    prolongs = False
    inspects = True

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
        fresh = self._tokens(visit.redirect_uri).exchange(code_of(query))
        token = login.token_of(fresh)
        person = login.login_id(fresh.id_token)
        found = locations.identities(self._google(token), token, person)
        return Grant(token, found, token.scopes)

    def refresh(self, token: Token, profile: Profile) -> Token:
        """The same refresh token goes on; scopes tell what was withdrawn."""
        if not token.refresh:
            raise AuthExpired("The Google sign-in has expired. Sign in again.")
        return self._tokens().refresh(token.refresh).renewal_of(token)

    def revoke(self, token: Token, profile: Profile) -> None:
        """Ends all that this person ever granted the app: all of one `login_id`."""
        login.revoke(self.http, token.refresh or token.access)

    def inspect(self, token: Token, profile: Profile) -> Standing:
        """The role at this location, and whether Google shows what it posts."""
        try:
            return self._standing(token, profile)
        except AuthExpired:  # it may be stale; only a refused renewal is the end
            fresh = self.refresh(token, profile)
        try:
            return self._standing(fresh, profile)
        except AuthExpired as error:
            raise Unavailable(ODD, status=error.status, code=error.code) from None

    def _standing(self, token: Token, profile: Profile) -> Standing:
        google = self._google(token)
        found = api.location(google, f"locations/{profile.external_id}")
        words = locations.why_unfit(google, found)
        if words:
            raise PermissionMissing(words, (MANAGE,), code="voice_of_merchant")
        return Standing(token.scopes)

    def _google(self, token: Token) -> Bearer:
        return Bearer(self.http, NAME, value_of, token.access)

    def _tokens(self, redirect_uri: str = "") -> TokenEndpoint:
        client = self._client(redirect_uri)
        return TokenEndpoint(self.http, NAME, value_of, login.TOKEN, client)

    def _client(self, redirect_uri: str = "") -> Client:
        return self.credentials.app(SETTINGS, redirect_uri)
