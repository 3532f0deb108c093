"""LinkedIn: members and Pages. Connect only for now.

Two apps, two dialects: one for members alone, which gives no refresh token, and one for
Pages, whose sign-in brings the member and every Page at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from core.http import browser_url
from core.oauth import Client, authorize_url
from platforms.adapter import Adapter, Facts
from platforms.bearer import Bearer
from platforms.errors import (
    AccessRemoved,
    AuthExpired,
    PermissionMissing,
    Unsupported,
)
from platforms.linkedin import api
from platforms.linkedin.api import ORGANIZATION, Seen
from platforms.linkedin.errors import ENDED, EXPIRED, NAME, REVOKED, value_of
from platforms.linkedin.identities import LOST_ROLE, identities, publishes
from platforms.linkedin.permissions import BY_KEY, MEMBER, METHODS, PAGE_POSTS
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

AUTHORIZE = f"{api.OAUTH}/authorization"
DEATHS = {"revoked": REVOKED, "expired": EXPIRED}


class LinkedIn(Adapter):
    key = "linkedin"
    name = NAME
    icon = "linkedin"
    facts = Facts(
        accounts="Members' own profiles, and Pages of organizations.",
        role="The member itself; for a Page its super admin or content admin.",
        token_life=(  # noqa: S106
            "60 days. With Pages it is renewed by itself until a year after you signed "
            "in; for a profile only, sign in again before the end."
        ),
        quirks=(
            "The LinkedIn account that is signed in in this browser gets connected.",
            "Where Pages are offered, one sign-in brings your profile and all Pages.",
            "The year of renewals counts from your sign-in and isn't prolonged.",
            "A changed password, or removing the app at LinkedIn, ends it at once.",
        ),
        cannot=(
            "Pages on which you have no admin role.",
            "Reading a member's own posts back.",
        ),
    )
    methods = METHODS
    publishes = False
    refresh_ahead = timedelta(days=7)
    prolongs = False
    inspects = True

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return BY_KEY[method].permissions

    def begin(self, visit: Visit) -> Redirect:
        """LinkedIn has no boxes to leave empty, so there is nothing to ask for again."""
        url = authorize_url(
            self._client(visit.method, visit.redirect_uri),
            AUTHORIZE,
            scopes=BY_KEY[visit.method].scopes,
            state=visit.state,
        )
        return Redirect(browser_url(url))

    def finish(
        self, visit: Visit, secret: Mapping[str, str], query: Mapping[str, str]
    ) -> Grant:
        """The caller has checked the state already."""
        app = self._tokens(visit.method, visit.redirect_uri)
        token = app.exchange(code_of(query)).token(login=visit.method)
        # RFC 6749, 5.1: an answer without scopes grants what was asked for.
        token = replace(token, scopes=token.scopes or BY_KEY[visit.method].scopes)
        found = identities(self._linkedin(token), token, visit.method)
        return Grant(token, found, token.scopes)

    def renews(self, token: Token) -> bool:
        return bool(token.refresh)

    def refresh(self, token: Token, profile: Profile) -> Token:
        """60 more days by the same refresh token, whose own year goes on running."""
        if not token.refresh:
            raise Unsupported("This LinkedIn sign-in can only be renewed by a person.")
        app = self._tokens(login_of(token, profile))
        return app.refresh(token.refresh).renewal_of(token)

    def revoke(self, token: Token, profile: Profile) -> None:
        """Ends the sign-in: the member and all Pages of one `login_id`."""
        api.revoke(self._tokens(login_of(token, profile)), token.access)

    def inspect(self, token: Token, profile: Profile) -> Standing:
        """Alive, with which rights, and for a Page whether the role is still there."""
        seen = api.introspect(self._tokens(login_of(token, profile)), token.access)
        if not seen.active:
            raise _dead(seen)
        page = profile.external_id.startswith(ORGANIZATION)
        if page and not publishes(self._linkedin(token), profile.external_id):
            raise PermissionMissing(LOST_ROLE, (PAGE_POSTS,), code="role")
        ends_at = None if token.refresh else seen.ends_at
        return Standing(seen.scopes or token.scopes, ends_at)

    def _linkedin(self, token: Token) -> Bearer:
        version = self.credentials.get("LINKEDIN_VERSION") or api.DEFAULT_VERSION
        return api.linkedin(self.http, version, token.access)

    def _tokens(self, login: str, redirect_uri: str = "") -> TokenEndpoint:
        client = self._client(login, redirect_uri)
        return TokenEndpoint(self.http, NAME, value_of, api.TOKEN, client)

    def _client(self, login: str, redirect_uri: str) -> Client:
        return self.credentials.app(BY_KEY[login].settings, redirect_uri)


def login_of(token: Token, profile: Profile) -> str:
    """By the token first: a profile may be reconnected the other way."""
    login = str(token.extra.get("login") or profile.data.get("login"))
    return login if login in BY_KEY else MEMBER


def _dead(seen: Seen) -> AuthExpired:
    words = DEATHS.get(seen.status, ENDED).words
    kind = AccessRemoved if seen.status == "revoked" else AuthExpired
    return kind(words, code=f"introspect/{seen.status}"[:64])
