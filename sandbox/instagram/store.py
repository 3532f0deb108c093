"""Rows of Instagram's double: containers, media, comments, quotas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sandbox.state import State

CONTAINER_LIFE_S = 86_400


@dataclass(slots=True)
class Container:
    """A creation on its way. `ready_at` None = the media is not there yet.

    `media_type` is IMAGE, VIDEO, REELS, STORIES or CAROUSEL; `error` a number for
    the status text; `published` the media's id.
    """

    id: str
    account: str
    app: str
    media_type: str
    created_at: float
    caption: str = ""
    alt_text: str = ""
    source_url: str = ""
    is_item: bool = False
    children: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    ready_at: float | None = None
    extra_delay: float = 0.0
    error: str = ""
    published: str = ""
    resumable: bool = False
    bytes_received: int = 0


@dataclass(slots=True)
class Media:
    """Something live on a profile. `api` is false for posts made in the app."""

    id: str
    account: str
    container: str
    media_type: str
    product: str
    caption: str
    shortcode: str
    permalink: str
    created_at: float
    media: list[dict[str, Any]] = field(default_factory=list)
    comment_enabled: bool = True
    api: bool = True


@dataclass(slots=True)
class Comment:
    """`parent` is empty on a comment of the first level."""

    id: str
    media: str
    text: str
    author: str
    username: str
    created_at: float
    parent: str = ""
    hidden: bool = False


@dataclass(slots=True)
class Quota:
    """What the control API set for one account; `used` comes on top."""

    total: int
    used: int = 0


class Store:
    """The tables with an index by account."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.containers = state.table("instagram.containers", Container)
        self.media = state.table("instagram.media", Media)
        self.comments = state.table("instagram.comments", Comment)
        self.quotas = state.table("instagram.quotas", Quota)
        self._media_of: dict[str, list[str]] = defaultdict(list)
        self._created: dict[str, list[float]] = defaultdict(list)
        self._comments_of: dict[str, list[str]] = defaultdict(list)
        self.reindex()

    def reindex(self) -> None:
        """After a reset or a restart."""
        for index in (self._media_of, self._created, self._comments_of):
            index.clear()
        for container in self.containers.values():
            self._created[container.account].append(container.created_at)
        for media in self.media.values():
            self._media_of[media.account].append(media.id)
        for comment in self.comments.values():
            self._comments_of[comment.media].append(comment.id)

    def new_id(self, kind: str) -> str:
        """Ids look like Meta's: 17 to 18 digits, each kind in its own range."""
        prefix = {"container": "1790", "media": "1795", "comment": "1801"}[kind]
        return f"{prefix}{self.state.serial('instagram.' + kind):013d}"

    def add_container(self, container: Container) -> Container:
        self.containers[container.id] = container
        self._created[container.account].append(container.created_at)
        self.state.touch()
        return container

    def add_media(self, media: Media) -> Media:
        self.media[media.id] = media
        self._media_of[media.account].append(media.id)
        account = self.state.identities[f"instagram:{media.account}"]
        if media.product != "STORY":
            account.extra["media_count"] += 1
        self.state.touch()
        return media

    def add_comment(self, comment: Comment) -> Comment:
        self.comments[comment.id] = comment
        self._comments_of[comment.media].append(comment.id)
        self.state.touch()
        return comment

    def remove_media(self, media: Media) -> None:
        del self.media[media.id]
        self._media_of[media.account].remove(media.id)
        account = self.state.identities[f"instagram:{media.account}"]
        account.extra["media_count"] -= 1
        self.state.touch()

    def remove_comment(self, comment: Comment) -> None:
        for ident in [comment.id, *(c.id for c in self.replies_to(comment.id))]:
            del self.comments[ident]
            self._comments_of[comment.media].remove(ident)
        self.state.touch()

    def media_of(self, account: str) -> list[Media]:
        """Newest first."""
        return [self.media[ident] for ident in reversed(self._media_of[account])]

    def comments_on(self, media: str) -> list[Comment]:
        """First level, newest first."""
        found = [self.comments[ident] for ident in reversed(self._comments_of[media])]
        return [comment for comment in found if not comment.parent]

    def replies_to(self, comment: str) -> list[Comment]:
        media = self.comments[comment].media
        found = [self.comments[ident] for ident in self._comments_of[media]]
        return [reply for reply in found if reply.parent == comment]

    def containers_since(self, account: str, since: float) -> int:
        return sum(moment > since for moment in self._created[account])

    def published_since(self, account: str, since: float, *, stories: bool) -> int:
        """Posts made through the API."""
        return sum(
            media.created_at > since
            and media.api
            and (stories or media.product != "STORY")
            for media in self.media_of(account)
        )
