"""Facebook Pages. Connect only for now.

One sign-in brings every Page of a person; each has a token of its own and may have
been given fewer rights than the next.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.http import browser_url
from core.oauth import Client
from platforms.adapter import Adapter, Facts
from platforms.callbacks import Delivery, Doubt, News, Withdrawal
from platforms.facebook import login
from platforms.facebook.errors import NAME, ROWS
from platforms.facebook.permissions import METHODS, PERMISSIONS, PUBLISH, SETTINGS
from platforms.meta import callbacks, facebook_login, webhook
from platforms.meta.errors import Judge
from platforms.meta.graph import DEFAULT_VERSION, Graph
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

HOST = "https://graph.facebook.com"
# What the operator chose and typed at Meta, too.
WEBHOOK_TOKEN = "FACEBOOK_WEBHOOK_TOKEN"  # noqa: S105
# What people sign in to by this app.
SAME_APP = ("facebook", "instagram")
REMOVED_THERE = "Access for Later was removed at Facebook."


class Facebook(Adapter):
    key = "facebook"
    name = NAME
    icon = "facebook"
    facts = Facts(
        accounts="Facebook Pages; personal profiles and groups can't be published to.",
        role="A role on the Page with access to its content, such as admin.",
        token_life="90 days; each sign-in starts them anew.",  # noqa: S106
        quirks=(
            "One sign-in brings all Pages you tick in Facebook's window.",
            "In that window single permissions can be left out for single Pages.",
            "A Page that isn't published can be connected, but nobody sees its posts.",
            "A changed Facebook password ends the sign-in at once.",
        ),
        cannot=(
            "Personal profiles, groups, events and Marketplace.",
            "Pages that you reach only through a Business Manager, without a role.",
        ),
    )
    methods = METHODS
    publishes = False
    inspects = True
    callbacks = (
        *callbacks.declared(SETTINGS),
        webhook.declared((*SETTINGS, WEBHOOK_TOKEN)),
    )

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return PERMISSIONS

    def begin(self, visit: Visit) -> Redirect:
        url = login.sign_in_url(
            self._client(visit.redirect_uri),
            self._version,
            visit.state,
            again=visit.again,
            config_id=self.credentials.get("FACEBOOK_PAGES_CONFIG_ID"),
        )
        return Redirect(browser_url(url))

    def finish(
        self, visit: Visit, secret: Mapping[str, str], query: Mapping[str, str]
    ) -> Grant:
        """The caller has checked the state already."""
        return login.finish(
            self._graph(), self._client(visit.redirect_uri), code_of(query)
        )

    def revoke(self, token: Token, profile: Profile) -> None:
        """Ends the whole Facebook sign-in: all profiles of the same `login_id`."""
        facebook_login.revoke(
            self._graph(token.extra.get("user_token") or token.access)
        )

    def inspect(self, token: Token, profile: Profile) -> Standing:
        """What the Page's token may still do: rights go one by one, and by Page."""
        seen = facebook_login.living(self._graph(token.access), self._client())
        granted = login.rights_on(seen, seen.scopes, profile.external_id)
        return facebook_login.standing(seen, granted)

    def greeted(self, name: str, query: Mapping[str, str]) -> str:
        return webhook.greeted(query, self.credentials.get(WEBHOOK_TOKEN))

    def heard(self, name: str, delivery: Delivery) -> tuple[News, ...]:
        """About a person: all Pages, and Instagram accounts through the same app."""
        secret = self._client().client_secret
        if name == webhook.NAME:
            people = webhook.people(delivery, secret)
            whose = tuple({"login_id": person} for person in people)
            return (Doubt(SAME_APP, whose),) if whose else ()
        signed = callbacks.read(delivery, secret)
        return (
            Withdrawal(
                SAME_APP,
                ({"login_id": signed.user_id},),
                signed.issued_at,
                REMOVED_THERE,
                erase=name == callbacks.DELETE,
            ),
        )

    @property
    def _version(self) -> str:
        return self.credentials.get("FACEBOOK_GRAPH_VERSION") or DEFAULT_VERSION

    def _client(self, redirect_uri: str = "") -> Client:
        return self.credentials.app(SETTINGS, redirect_uri, separator=",")

    def _graph(self, token: str = "") -> Graph:
        judge = Judge(NAME, ROWS, (PUBLISH,))
        return Graph(self.http, f"{HOST}/{self._version}", judge, token)
