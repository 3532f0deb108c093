"""What becomes of a profile's posts when it is disconnected, by a person's choice.

All in the disconnecting's own transaction: both happen, or neither (R-D7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import F

from accounts.models import User
from core import clock
from core.errors import DomainError
from profiles.hooks import Clearing
from profiles.models import SocialProfile
from scheduling import leaving
from scheduling.actions.hand_over import hand_over
from scheduling.actions.many import change_posts, rewrite_every, tell_every
from scheduling.actions.rows import lock_every
from scheduling.actions.split import shared, split_off
from scheduling.leaving import DELETE, DRAFT, HAND_OVER, WAITING
from scheduling.models import EventKind, Target
from scheduling.states import TargetState


def clear(profile: SocialProfile, actor: User, clearing: Clearing) -> None:
    """Raises DomainError; nothing is changed then."""
    targets = take(profile)
    if clearing.way == DELETE:
        _delete(targets, actor)
    elif clearing.way == DRAFT:
        _turn_into_drafts(targets, actor)
    elif clearing.way == HAND_OVER:
        _refuse_begun(targets)
        hand_over(targets, _heir(profile, clearing.heir), actor)
    else:
        message = "Choose what becomes of the posts."
        raise DomainError("way", message, field="way")


def take(profile: SocialProfile) -> list[Target]:
    """The waiting ones, locked; refused while a worker has one of them."""
    rows = lock_every(leaving.waiting(profile).order_by("due_at", "pk"))
    targets = [target for target in rows if target.state in WAITING]
    wait = leaving.why_wait(Counter(target.state for target in targets))
    if wait:
        raise DomainError("in_flight", wait)
    return targets


def _heir(profile: SocialProfile, chosen: str) -> SocialProfile:
    found = {str(each.pk): each for each in leaving.heirs(profile)}
    if chosen not in found:
        message = "Choose the profile that takes the posts over."
        raise DomainError("heir", message, field="heir")
    return found[chosen]


def _refuse_begun(targets: Iterable[Target]) -> None:
    """The rest of a thread belongs to the profile that its beginning is on."""
    begun = sum(target.out_in_part for target in targets)
    if begun:
        noun = "1 post is" if begun == 1 else f"{begun} posts are"
        message = (
            f"{noun} out in part, and the rest can't go elsewhere. "
            "Publish or drop the rest first."
        )
        raise DomainError("out_in_part", message)


def _delete(targets: list[Target], actor: User) -> None:
    """A post that goes elsewhere, too, stays there; so does what is out in part."""
    begun = [target for target in targets if target.out_in_part]
    waiting = [target for target in targets if not target.out_in_part]
    stays = shared(targets) | {target.post_id for target in begun}
    rewrite_every(begun, TargetState.PUBLISHED)
    rewrite_every(waiting, TargetState.CANCELLED)
    gone = {target.post_id for target in targets} - stays
    change_posts(gone, deleted_at=clock.now())
    _told(targets, actor, EventKind.DELETED, "Deleted for {who}, to disconnect it.")


def _turn_into_drafts(targets: list[Target], actor: User) -> None:
    """Of a post that goes elsewhere, too, this profile's share becomes its own draft."""
    _refuse_begun(targets)
    parted = shared(targets)
    own = [target for target in targets if target.post_id in parted]
    if own:
        split_off(own, own[0].post.group, actor)
    rewrite_every(targets, TargetState.DRAFT, due_at=None)
    words = "Taken back to a draft, to disconnect {who}."
    _told(targets, actor, EventKind.DRAFTED, words)


def _told(targets: list[Target], actor: User, kind: EventKind, words: str) -> None:
    posts = {target.post_id for target in targets}
    change_posts(posts, version=F("version") + 1)
    text = words.format(who=targets[0].profile.label) if targets else ""
    tell_every(posts, actor, kind, text)
