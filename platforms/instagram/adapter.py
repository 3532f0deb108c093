"""Instagram, through its own login or through Facebook's.

A post is a container that Instagram fills by fetching our media; publishing is one
call on the finished container. The container is what tells later whether it went out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from core.http import browser_url
from core.oauth import Client
from platforms import clock
from platforms.adapter import Adapter, Facts
from platforms.callbacks import Delivery, Withdrawal
from platforms.errors import AuthExpired, Rejected, Unavailable, Unsupported
from platforms.instagram import (
    api,
    comments,
    finding,
    login_facebook,
    login_instagram,
    quota,
)
from platforms.instagram.api import Account
from platforms.instagram.containers import Work
from platforms.instagram.dialects import (
    BY_KEY,
    FACEBOOK_LOGIN,
    INSTAGRAM_LOGIN,
    METHODS,
    Dialect,
    dialect_of,
)
from platforms.instagram.errors import NAME, ROWS
from platforms.instagram.limits import (
    FIRST_COMMENT,
    KINDS,
    LIMITS,
    REFRESH_AHEAD,
)
from platforms.instagram.problems import own_problems
from platforms.meta import callbacks, facebook_login
from platforms.meta.errors import Judge
from platforms.meta.graph import DEFAULT_VERSION, Graph
from platforms.sign_in import code_of
from platforms.types import (
    Absent,
    Draft,
    Grant,
    Job,
    Journal,
    Pending,
    Permission,
    Prepared,
    Problem,
    Profile,
    Published,
    Redirect,
    Standing,
    Token,
    Visit,
    Waiting,
)

HOW_TO_REMOVE = (
    "Instagram gives no way to withdraw our access from here. In Instagram open "
    "Settings, then Website permissions, then Apps and websites, to remove it."
)
RECONNECT = "The Instagram sign-in has expired. Sign in again to go on publishing."


class Instagram(Adapter):
    key = "instagram"
    name = NAME
    icon = "instagram"
    facts = Facts(
        accounts="Business and creator accounts; personal ones can't be published to.",
        role="The account itself, or a role with content access on its Facebook Page.",
        token_life="60 days; renewed by itself when you signed in with Instagram.",  # noqa: S106
        quirks=(
            "A creator account can't publish stories through us; it gets reminders.",
            "All files of a carousel are cropped to the shape of the first one.",
            "A single video is published as a reel.",
            "Instagram fetches the media from this installation, which must be public.",
            "An account publishes 50 or 100 posts in 24 hours, as Instagram decides.",
            "A first comment can follow a photo, reel or carousel, but not a story.",
        ),
        cannot=(
            "Posts without a photo or a video.",
            "Stickers, links, polls and music from the app's library on stories.",
            "Links in captions that can be tapped.",
            "Editing or deleting what is published.",
        ),
    )
    methods = METHODS
    kinds = KINDS
    limits = LIMITS
    follow_up = FIRST_COMMENT
    auto_publish = False
    refresh_ahead = REFRESH_AHEAD
    longest_send_s = 75.0
    can_find = True
    inspects = True
    callbacks = callbacks.declared(BY_KEY[INSTAGRAM_LOGIN].settings)

    def permissions(self, method: str) -> tuple[Permission, ...]:
        return BY_KEY[method].permissions

    def problems(self, draft: Draft, profile: Profile) -> tuple[Problem, ...]:
        return (*super().problems(draft, profile), *own_problems(draft, profile))

    # Connecting

    def begin(self, visit: Visit) -> Redirect:
        client = self._client(visit.method, visit.redirect_uri)
        if visit.method == INSTAGRAM_LOGIN:
            url = login_instagram.sign_in_url(client, visit.state, again=visit.again)
        else:
            url = login_facebook.sign_in_url(
                client,
                self._version,
                visit.state,
                again=visit.again,
                config_id=self.credentials.get("FACEBOOK_LOGIN_CONFIG_ID"),
            )
        return Redirect(browser_url(url))

    def finish(
        self, visit: Visit, secret: Mapping[str, str], query: Mapping[str, str]
    ) -> Grant:
        """The caller has checked the state already."""
        code = code_of(query)
        client = self._client(visit.method, visit.redirect_uri)
        graph = self._graph(BY_KEY[visit.method], "")
        if visit.method == FACEBOOK_LOGIN:
            return login_facebook.finish(graph, client, code)
        return login_instagram.finish(self.http, graph, client, code)

    def renews(self, token: Token) -> bool:
        return token.extra.get("login") != FACEBOOK_LOGIN

    def refresh(self, token: Token, profile: Profile) -> Token:
        """60 more days. Facebook documents no way but a new sign-in."""
        dialect = dialect_of(token, profile)
        if dialect.key == FACEBOOK_LOGIN:
            raise Unsupported("Facebook's sign-in can only be renewed by signing in.")
        if token.expires_at is not None and clock.since(token.expires_at) >= 0:
            raise AuthExpired(RECONNECT, code="expired")
        graph = self._graph(dialect, token.access)
        if login_instagram.too_young(
            token
        ):  # renewing is refused on the first day: does it live?
            login_instagram.get_me(graph)
            return token
        long = login_instagram.refresh(self.http, graph.judge, token.access)
        return login_instagram.token_of(long, long.granted or token.scopes)

    def inspect(self, token: Token, profile: Profile) -> Standing:
        """Instagram's own sign-in tells no rights, only that it lives."""
        dialect = dialect_of(token, profile)
        graph = self._graph(dialect, token.access)
        if dialect.key == FACEBOOK_LOGIN:
            client = self._client(FACEBOOK_LOGIN, "")
            return login_facebook.standing(graph, client, profile)
        login_instagram.get_me(graph)
        return Standing(None)

    def heard(self, name: str, delivery: Delivery) -> tuple[Withdrawal, ...]:
        """Of the Instagram app; the Facebook app has callbacks of its own."""
        return login_instagram.heard(
            name, delivery, self._client(INSTAGRAM_LOGIN, "").client_secret
        )

    def revoke(self, token: Token, profile: Profile) -> None:
        """Ends the whole Facebook sign-in: all profiles of the same `login_id`."""
        if dialect_of(token, profile).key == INSTAGRAM_LOGIN:
            raise Unsupported(HOW_TO_REMOVE)
        user = token.extra.get("user_token") or token.access
        facebook_login.revoke(self._graph(BY_KEY[FACEBOOK_LOGIN], user))

    # Publishing

    def prepare(self, job: Job, journal: Journal) -> Prepared | Waiting:
        account = self._account(job)
        if comments.is_comment(job):
            return comments.prepare(account, job)
        quota.check(account, journal)
        # The upload of bytes is documented for Facebook Login only.
        resumable = dialect_of(job.token, job.profile).key == FACEBOOK_LOGIN
        return Work(account, job.draft, journal, resumable).prepare()

    def send(self, job: Job, prepared: Prepared) -> Published | Pending:
        account = self._account(job)
        if comments.is_comment(job):
            return comments.send(account, job, prepared)
        container = str(prepared.data["container"])
        if prepared.data.get("published"):  # by an earlier call, whose answer was lost
            since = finding.recently()
            return finding.listed(account, job.draft, container, since)
        return Published(api.publish(account, container))

    def check(self, job: Job, handle: str) -> Published | Pending:
        """The post is out already: a refusal is about our looking, never about it."""
        container, since = finding.from_handle(handle)
        try:
            return finding.listed(self._account(job), job.draft, container, since)
        except Rejected as refused:
            raise Unavailable(
                refused.message, code=refused.code, details=refused.details
            ) from None

    def find(
        self, job: Job, prepared: Prepared, since: datetime
    ) -> Published | Pending | Absent:
        account = self._account(job)
        if comments.is_comment(job):
            return comments.find(account, job, prepared, since)
        container = prepared.data.get("container")
        if not container:
            return Absent(certain=False)
        return finding.after_unknown(account, job.draft, str(container), since)

    def permalink(self, job: Job, remote_id: str) -> str:
        """Only ever the address that Instagram tells; ids don't lead to one."""
        account = self._account(job)
        if not remote_id.startswith(finding.UNLISTED):
            return api.permalink(account, remote_id)
        if comments.is_comment(job):  # nothing of the post is at hand to know it by
            return ""
        found = finding.search(account, job.draft, finding.recently())
        return found.url if found else ""

    @property
    def _version(self) -> str:
        return self.credentials.get("INSTAGRAM_GRAPH_VERSION") or DEFAULT_VERSION

    def _client(self, method: str, redirect_uri: str) -> Client:
        names = BY_KEY[method].settings
        return self.credentials.app(names, redirect_uri, separator=",")

    def _graph(self, dialect: Dialect, token: str) -> Graph:
        judge = Judge(NAME, ROWS, dialect.scopes_for("publish"))
        return Graph(self.http, f"{dialect.host}/{self._version}", judge, token)

    def _account(self, job: Job) -> Account:
        dialect = dialect_of(job.token, job.profile)
        graph = self._graph(dialect, job.token.access)
        if comments.is_comment(job):
            graph = replace(graph, judge=comments.judge_of(dialect))
        other = job.token.extra.get("user_token", "")
        return Account(graph, job.profile.external_id, other)
