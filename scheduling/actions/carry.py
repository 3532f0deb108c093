"""A profile's posts go along to another Access Group of its account (R-B5).

In the transaction of the move. Each post is in one group only: one that is on other
profiles, too, is split. Its files are copied, so that it still goes out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from accounts.models import AccessGroup, User
from core.batches import batches
from core.errors import DomainError
from media.actions.copy import copy_items
from media.models import MediaItem
from profiles.models import SocialProfile
from scheduling import leaving, moving
from scheduling.actions.many import change_posts, tell_every
from scheduling.actions.rows import lock_every
from scheduling.actions.split import shared, split_off
from scheduling.leaving import WAITING
from scheduling.models import EventKind, PostMedia, Stop, Target
from scheduling.states import TargetState

# Whose publication is still to come: whoever moves them answers for it.
COMING = WAITING | {TargetState.DRAFT, TargetState.FAILED}


def carry(profile: SocialProfile, to: AccessGroup, actor: User) -> None:
    """Raises DomainError while a worker has one of the posts; nothing is changed then."""
    targets = lock_every(moving.carried(profile).order_by("pk"))
    wait = leaving.why_wait(Counter(target.state for target in targets))
    if wait:
        raise DomainError("in_flight", wait)
    parted = shared(targets)
    own = [target for target in targets if target.post_id in parted]
    whole = {target.post_id for target in targets} - parted
    split_off(own, to, actor)
    change_posts(whole, group=to, version=F("version") + 1)
    _bring_files(targets, to)
    _answer(targets, actor)
    _tell(profile, parted, whole, actor)
    Stop.objects.open().filter(profile=profile).update(group=to)


def _bring_files(targets: list[Target], to: AccessGroup) -> None:
    """What one portion brings, the library has already for the next."""
    for some in batches(targets):
        _bring(some, to)


def _bring(targets: list[Target], to: AccessGroup) -> None:
    """Posts and what was pinned to a profile's share name the copies from now on."""
    posts = {target.post_id for target in targets}
    attached = PostMedia.objects.filter(post__in=posts)
    ids = {str(pk) for pk in attached.values_list("item_id", flat=True)}
    ids |= {pk for target in targets for pk in target.media_ids or ()}
    items = MediaItem.objects.filter(pk__in=ids).exclude(group=to)
    copies = copy_items(items.prefetch_related("renditions"), to)
    for old, new in copies.items():
        attached.filter(item_id=old).update(item=new)
    renamed = {str(old): str(new.pk) for old, new in copies.items()}
    pinned = [target for target in targets if target.media_ids]
    for target in pinned:
        target.media_ids = [renamed.get(pk, pk) for pk in target.media_ids or ()]
    Target.objects.bulk_update(pinned, ["media_ids"])


def _answer(targets: Iterable[Target], actor: User) -> None:
    """R-F2: an author of the old group may have no right in the new one."""
    coming = {target.post_id for target in targets if target.state in COMING}
    change_posts(coming, author=actor)


def _tell(
    profile: SocialProfile, parted: set[UUID], whole: set[UUID], actor: User
) -> None:
    """The old group is told that it went, never where to; nor the new one from where."""
    went = f"{profile.label} was moved to another Access Group, with its share."
    came = f"Came with {profile.label} from another Access Group."
    tell_every(parted, actor, EventKind.EDITED, went)
    tell_every(whole, actor, EventKind.EDITED, came)
