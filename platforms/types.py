"""What passes between the product and an adapter: frozen, plain, JSON-friendly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from platforms.limits import TextLimit
from platforms.registrations import NothingKept, Registrations

MediaKind = Literal["image", "video"]


@dataclass(frozen=True)
class Media:
    """One file, as this platform gets it. `url` is public; `read` gives the bytes.

    Sizes in pixels and bytes, `duration_s` only for video.
    """

    id: str
    kind: MediaKind
    mime: str
    width: int
    height: int
    size: int
    url: str = ""
    alt_text: str = ""
    duration_s: float = 0.0
    codec: str = ""
    read: Callable[[], bytes] | None = field(default=None, compare=False, repr=False)

    @property
    def ratio(self) -> float:
        return self.width / self.height if self.height else 0.0

    def bytes(self) -> bytes:
        assert self.read is not None, "media without a reader"
        return self.read()


@dataclass(frozen=True)
class Draft:
    """A post for one profile. `kind` is one of the adapter's post kinds."""

    kind: str
    text: str = ""
    media: tuple[Media, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def follow_ups(self) -> tuple[str, ...]:
        """The texts of the parts after the first, in their order."""
        texts = self.options.get("follow_ups")
        if not isinstance(texts, list | tuple):
            return ()
        return tuple(str(text) for text in texts if str(text).strip())


@dataclass(frozen=True)
class Profile:
    """The identity a post goes to. `data` is what the adapter kept at connecting."""

    external_id: str
    handle: str = ""
    kind: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Token:
    """Secrets of one connection. `extra` holds further ones (page token, DPoP key).

    `ends_at`: when refreshing ends as well and a person must sign in again, if told.
    """

    access: str
    refresh: str = ""
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)
    ends_at: datetime | None = None

    def __repr__(self) -> str:
        return "Token(***)"


@dataclass(frozen=True)
class Identity:
    """Something a sign-in can publish as. `refused` says why it can't be chosen.

    `granted`: its own rights, where they differ from those of the whole sign-in.
    `obstacle`: what keeps Auto Publish off for now, with the way to mend it.
    """

    external_id: str
    name: str
    handle: str = ""
    kind: str = ""
    role: str = ""
    picture_url: str = ""
    address: str = ""
    refused: str = ""
    token: Token | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    granted: tuple[str, ...] | None = None
    obstacle: str = ""


@dataclass(frozen=True)
class Permission:
    """A permission we ask for, with the reason a person reads before leaving.

    `features` it serves: "connect", "publish", "analytics", "comments".
    """

    name: str
    reason: str
    feature: str
    label: str = ""


@dataclass(frozen=True)
class PostKind:
    """A form of post: `key` is stable, `label` is shown.

    `late_min`: for what soon means nothing any more, how many minutes after its time
    it still goes out by itself; None: as long as any post. `needs`: what the account's
    plan must include for it to go out by itself; "": every plan does.
    """

    key: str
    label: str
    min_media: int = 0
    max_media: int = 0
    media: tuple[MediaKind, ...] = ()
    needs_text: bool = False
    late_min: int | None = None
    needs: str = ""


@dataclass(frozen=True)
class FollowUp:
    """Texts that go out after the post, as parts of it: comments, or a thread's rest.

    `most` of them, in post kinds other than those in `not_for`; `feature` of the
    permission they need.
    """

    label: str
    text: TextLimit
    most: int = 1
    help: str = ""
    not_for: tuple[str, ...] = ()
    feature: str = "publish"


@dataclass(frozen=True)
class Problem:
    """Something a draft breaks, in plain words beside `field` (text, media, kind).

    `by_hand`: it stands against Auto Publish only; a person can post it all the same.
    """

    code: str
    message: str
    field: str
    blocking: bool = True
    by_hand: bool = False


class Journal(Protocol):
    """What a publication has reached so far; written through before the next step."""

    def get(self, step: str) -> dict[str, Any] | None: ...

    def put(self, step: str, data: dict[str, Any]) -> None: ...


@dataclass(frozen=True)
class Prepared:
    """All is ready for the one call that makes the post public. JSON-friendly."""

    data: dict[str, Any]


@dataclass(frozen=True)
class Waiting:
    """The platform still works on something: come back after `seconds`."""

    seconds: float
    note: str = ""


@dataclass(frozen=True)
class Published:
    """It is out. `url` may be empty when the platform gave none yet.

    `data` is what the next part of a thread has to name; JSON-friendly.
    """

    id: str
    url: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pending:
    """Taken, not public yet: ask `check(handle)` after `seconds`."""

    handle: str
    seconds: float = 5.0


@dataclass(frozen=True)
class Absent:
    """The platform was asked and our post isn't there.

    `certain`: sending again can't double. Otherwise ask again after `seconds`,
    or leave it to a person when `seconds` is 0.
    """

    certain: bool
    seconds: float = 0.0


@dataclass(frozen=True)
class Job:
    """One publication: what, where, with which rights. `key` is ours and stable.

    `due` is when it shall be out, for platforms that show a date of our choosing.
    A further part (of a thread, or a first comment) has a draft of its own; `before`
    holds the parts that are out, oldest first.
    """

    draft: Draft
    profile: Profile
    token: Token
    key: str
    due: datetime | None = None
    before: tuple[Published, ...] = ()


@dataclass(frozen=True)
class Input:
    """A field asked for before connecting starts."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    placeholder: str = ""


@dataclass(frozen=True)
class Method:
    """A way to connect. `kind`: "redirect" (OAuth), "form" (typed), "bot" (in chat).

    `credentials` are the names of the operator's settings it needs, as in
    PLATFORM_<name>; without them the method isn't offered.
    """

    key: str
    label: str
    kind: Literal["redirect", "form", "bot"]
    inputs: tuple[Input, ...] = ()
    credentials: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True)
class Visit:
    """One connecting journey as the adapter sees it."""

    method: str
    redirect_uri: str
    state: str
    base_url: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    again: bool = False  # ask for permissions that were declined before
    registrations: Registrations = field(
        default=NothingKept(), compare=False, repr=False
    )


@dataclass(frozen=True)
class Redirect:
    """Send the person to `url`; keep `secret` (verifier, keys) sealed until back."""

    url: str
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Awaiting:
    """The person acts in the platform's own app; `updates` will tell us.

    `steps` are shown in order, `links` beside them.
    """

    code: str
    steps: tuple[str, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Grant:
    """What a finished sign-in gave: who can be chosen, and with which rights."""

    token: Token
    identities: tuple[Identity, ...]
    granted: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """How a stored token stands at the platform: its rights, and its last day.

    `granted` None: it lives, and what it may do isn't told.
    """

    granted: tuple[str, ...] | None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class CodeSeen:
    """A person showed us the code of an `Awaiting`: now we know who they are."""

    code: str
    person_id: str
    name: str = ""


@dataclass(frozen=True)
class RoleSeen:
    """A person gave us (or changed, or took) rights on an identity."""

    person_id: str
    identity: Identity
    granted: tuple[str, ...]


@dataclass(frozen=True)
class Updates:
    """News from the platform since a cursor, oldest first, and the next cursor."""

    events: tuple[CodeSeen | RoleSeen, ...]
    cursor: str
