"""Did it go out, and as which post? The container tells the first, listings the second.

No listing tells from which container a post came. So a post counts as ours only when
kind, text and time fit and no other post fits as well: other tools publish here, too.
"""

from __future__ import annotations

from datetime import datetime

from platforms import clock
from platforms.instagram import api
from platforms.instagram.api import Account, Listed
from platforms.instagram.limits import CONTAINER_LIFE, LISTING_WAITS, SETTLED_S, SKEW
from platforms.types import Absent, Draft, Pending, Published

# Stands in for the id of a post that is out, but was never found in a listing.
UNLISTED = "container:"
LOOK_AGAIN_S = 30.0


def after_unknown(
    account: Account, draft: Draft, container: str, since: datetime
) -> Published | Pending | Absent:
    """What became of a publishing call that was begun at `since`."""
    state = api.container_status(account, container).state
    if state == "PUBLISHED":
        return listed(account, draft, container, since)
    if state in ("EXPIRED", "ERROR"):
        return Absent(certain=True)
    if state == "IN_PROGRESS":
        return Absent(certain=False, seconds=LOOK_AGAIN_S)
    left = SETTLED_S - clock.since(since)
    if left > 0:  # the call may still be on its way through Instagram
        return Absent(certain=False, seconds=left)
    return Absent(certain=True)


def listed(
    account: Account, draft: Draft, container: str, since: datetime
) -> Published | Pending:
    """The post of a container that is published; it may be listed late."""
    found = search(account, draft, since)
    if found is not None:
        return Published(found.id, found.url)
    age = clock.since(since)
    for limit, seconds in LISTING_WAITS:
        if age < limit:
            return Pending(f"{container}|{since.isoformat()}", seconds)
    return Published(f"{UNLISTED}{container}")


def from_handle(handle: str) -> tuple[str, datetime]:
    """Container and beginning, as `listed` wrote them."""
    container, _, since = handle.partition("|")
    return container, datetime.fromisoformat(since)


def recently() -> datetime:
    """Before this, no container that still exists can have been published."""
    return clock.now() - CONTAINER_LIFE


def search(account: Account, draft: Draft, since: datetime) -> Listed | None:
    """The one post that fits; None when there is none, or several."""
    begun = since - SKEW
    if draft.kind == "story":
        candidates = api.stories(account)
    else:
        candidates = api.recent_media(account, begun)
    fitting = [item for item in candidates if _fits(item, draft, begun)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(item: Listed, draft: Draft, begun: datetime) -> bool:
    if item.at < begun or not _is_kind(item, draft):
        return False
    return draft.kind == "story" or plain(item.caption) == plain(draft.text)


def _is_kind(item: Listed, draft: Draft) -> bool:
    if draft.kind == "carousel":
        return item.type == "CAROUSEL_ALBUM"
    if draft.kind == "story":
        wanted = "IMAGE" if draft.media[0].kind == "image" else "VIDEO"
        return item.type == wanted and item.product in ("STORY", "")
    if draft.kind == "reel":
        return item.type == "VIDEO" and item.product in ("REELS", "FEED", "")
    return item.type == "IMAGE" and item.product in ("FEED", "")


def plain(caption: str) -> str:
    """Facebook Login may hand captions back without the @ of mentions."""
    return caption.replace("@", "").strip()
