"""The contract of a platform. Every hook defaults to "unsupported".

A subclass declares data (read by composer, connect dialog, docs and tests alike) and
fills in hooks. Hooks raise `platforms.errors` only. None of them sleeps or polls:
waiting is the worker's clock. `tests/platforms/contract.py` proves the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from core.http import Http
from core.oauth import Client
from platforms.callbacks import Callback, Delivery, News
from platforms.checks import draft_problems, follow_up_problems, kind_unknown
from platforms.errors import Unsupported
from platforms.limits import Limits, Pace, Quota
from platforms.types import (
    Absent,
    Awaiting,
    Draft,
    FollowUp,
    Grant,
    Job,
    Journal,
    Method,
    Pending,
    Permission,
    PostKind,
    Prepared,
    Problem,
    Profile,
    Published,
    Redirect,
    Standing,
    Token,
    Updates,
    Visit,
    Waiting,
)


@dataclass(frozen=True)
class Facts:
    """What people should know, in words: docs table and connect dialog."""

    accounts: str
    role: str
    token_life: str
    quirks: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()


@dataclass(frozen=True)
class Credentials:
    """The operator's settings for a platform: `CLIENT_ID` of PLATFORM_X_CLIENT_ID."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def has(self, names: tuple[str, ...]) -> bool:
        return all(self.values.get(name) for name in names)

    def app(
        self, names: tuple[str, ...], redirect_uri: str = "", *, separator: str = " "
    ) -> Client:
        """`names`: of the app's id and of its secret. See `core.oauth.Client`."""
        client_id, client_secret = map(self.get, names)
        return Client(client_id, client_secret, redirect_uri, separator)


class Adapter:
    key: ClassVar[str]
    name: ClassVar[str]
    icon: ClassVar[str]
    facts: ClassVar[Facts]
    methods: ClassVar[tuple[Method, ...]]
    # False: it can be connected and not yet published to ("connect only"). Such an
    # adapter has no kinds, no limits, and none of the hooks for publishing.
    publishes: ClassVar[bool] = True
    kinds: ClassVar[tuple[PostKind, ...]] = ()
    limits: ClassVar[Limits]
    # Texts that may follow a post; None: this platform's API has nothing of the kind.
    follow_up: ClassVar[FollowUp | None] = None
    # Whether connecting alone turns Auto Publish on, or an Enable step follows (R-C9).
    auto_publish: ClassVar[bool] = True
    # Refresh when less than this is left; None: tokens of this platform can't be.
    refresh_ahead: ClassVar[timedelta | None] = None
    # Methods whose refresh token a renewal uses up, and how long the old one still
    # renews when the answer got lost (zero: not at all). Other tokens stay good.
    used_up: ClassVar[Mapping[str, timedelta]] = {}
    # A renewal moves the last day of renewing (`Token.ends_at`) on, where there is one.
    prolongs: ClassVar[bool] = True
    # `inspect` tells how a stored token stands; asked once a day.
    inspects: ClassVar[bool] = False
    # Addresses of ours that the platform calls by itself.
    callbacks: ClassVar[tuple[Callback, ...]] = ()
    # `prepare` may run this long before the time; what it made lives at least so long.
    prepare_ahead: ClassVar[timedelta] = timedelta(minutes=15)
    handles_live: ClassVar[timedelta] = timedelta(minutes=30)
    # The longest `send` may take, in seconds, with all its time-outs.
    longest_send_s: ClassVar[float] = 60.0
    # `find` can tell for certain what became of a publication.
    can_find: ClassVar[bool] = False

    def __init__(self, credentials: Credentials, http: Http | None = None) -> None:
        self.credentials = credentials
        self.http = http or Http()

    # Declared data

    def offered(self) -> tuple[Method, ...]:
        """The methods whose credentials the operator has set."""
        return tuple(m for m in self.methods if self.credentials.has(m.credentials))

    def callback(self, name: str) -> Callback | None:
        """One that can be verified with the credentials that are set."""
        named = (each for each in self.callbacks if each.name == name)
        return next((e for e in named if self.credentials.has(e.credentials)), None)

    def method(self, key: str) -> Method | None:
        """None for a way of signing in that the adapter no longer has."""
        return next((m for m in self.methods if m.key == key), None)

    def kind(self, key: str) -> PostKind | None:
        """None for a kind that a stored post has and the adapter no longer."""
        return next((k for k in self.kinds if k.key == key), None)

    def permissions(self, method: str) -> tuple[Permission, ...]:
        """Asked for with this method, each with its reason (R-C3)."""
        raise Unsupported(f"{self.name} declares no permissions.")

    def default_kind(self, draft: Draft) -> str:
        """The kind that fits what was attached, when the person chose none."""
        for kind in self.kinds:
            if _fits(kind, draft):
                return kind.key
        return self.kinds[0].key

    def documents(self, base_url: str, redirect_uri: str) -> Mapping[str, Any]:
        """Public JSON that the platform wants to find at our address, by path."""
        return {}

    # Composing

    def problems(self, draft: Draft, profile: Profile) -> tuple[Problem, ...]:
        """Everything that this platform would refuse, by its dated limits."""
        kind = self.kind(draft.kind)
        if kind is None:
            return (kind_unknown(self.name),)
        return (
            *draft_problems(self.name, kind, self.limits, draft),
            *follow_up_problems(self.name, kind, self.follow_up, draft.follow_ups),
        )

    def quota(self, profile: Profile) -> Quota | None:
        """How many posts this profile may publish in some hours, as far as known."""
        return self.limits.quota

    def paces(self) -> tuple[Pace, ...]:
        """How fast posts may follow one another; the engine waits by the clock."""
        return self.limits.paces

    def messages(self, draft: Draft) -> int:
        """How many of a pace's messages a post counts as."""
        return 1

    # Connecting

    def begin(self, visit: Visit) -> Redirect | Awaiting | Grant:
        raise Unsupported(f"{self.name} can't be connected yet.")

    def finish(
        self, visit: Visit, secret: Mapping[str, str], query: Mapping[str, str]
    ) -> Grant:
        """After the way back: check, exchange, list identities."""
        raise Unsupported(f"{self.name} has no way back from a sign-in.")

    def updates(self, cursor: str) -> Updates:
        """News for methods of kind "bot"."""
        raise Unsupported(f"{self.name} sends no updates.")

    def renews(self, token: Token) -> bool:
        """Whether `refresh` can do anything for this token, where it can for some."""
        return self.refresh_ahead is not None

    def refresh(self, token: Token, profile: Profile) -> Token:
        raise Unsupported(f"{self.name} tokens can't be refreshed.")

    def revoke(self, token: Token, profile: Profile) -> None:
        raise Unsupported(f"{self.name} tokens can't be revoked by us.")

    def inspect(self, token: Token, profile: Profile) -> Standing:
        """What the platform says of a stored token; only reads. AuthExpired: dead."""
        raise Unsupported(f"{self.name} tells nothing of its tokens.")

    def heard(self, name: str, delivery: Delivery) -> tuple[News, ...]:
        """What a call of one of `callbacks` means. Raises callbacks.Forged."""
        raise Unsupported(f"{self.name} sends no callbacks.")

    def greeted(self, name: str, query: Mapping[str, str]) -> str:
        """What shows that a callback's address is ours. Raises callbacks.Forged."""
        raise Unsupported(f"{self.name} asks for no address.")

    def obstacle(self, token: Token, profile: Profile) -> str:
        """Why Auto Publish can't be turned on yet and how to mend it, "" if it can."""
        return ""

    # Publishing

    def server(self, job: Job) -> str:
        """The address of the one that answers for this profile, where there are many."""
        return ""

    def prepare(self, job: Job, journal: Journal) -> Prepared | Waiting:
        """All that can be repeated, each handle into the journal before the next."""
        raise Unsupported(f"{self.name} can't publish yet.")

    def send(self, job: Job, prepared: Prepared) -> Published | Pending:
        """The one call that makes it public."""
        raise Unsupported(f"{self.name} can't publish yet.")

    def check(self, job: Job, handle: str) -> Published | Pending:
        """What became of a `Pending`; only reads."""
        raise Unsupported(f"{self.name} has nothing pending.")

    def find(
        self, job: Job, prepared: Prepared, since: datetime
    ) -> Published | Pending | Absent:
        """Look on the profile for our own post, after an unknown outcome."""
        return Absent(certain=False)

    def permalink(self, job: Job, remote_id: str) -> str:
        """The public address of a published post; "" when not known yet."""
        return ""


def _fits(kind: PostKind, draft: Draft) -> bool:
    count = len(draft.media)
    if not kind.min_media <= count <= kind.max_media:
        return False
    return all(item.kind in kind.media for item in draft.media)
