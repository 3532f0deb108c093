"""A profile to another Social Set or Access Group of its account (R-B5)."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import AccessGroup, User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError
from core.undo import undoable
from profiles import hooks
from profiles.actions.note import note
from profiles.actions.remove import hold
from profiles.models import Journey, SocialProfile, SocialSet

OVERTAKEN = "The profile was moved meanwhile. Start again."


@undoable()
def relocate(*, profile: SocialProfile, to: SocialSet, actor: User) -> None:
    """Its posts go along at once, its files are copied; the old group sees it no more.

    Raises DomainError: the slot is taken, or a worker has one of its posts in hand.
    """
    require(actor, profile.group, Right.CONNECT)
    require(actor, to.group, Right.CONNECT)
    if to.group.account_id != profile.account_id:
        message = "A profile can only move within its account."
        raise DomainError("other_account", message, field="to")
    across = to.group_id != profile.group_id
    if across:
        # Posts are locked before the profile, as whoever writes a post does.
        hooks.carry(profile, to.group, actor)
    held = hold(profile)
    _refuse(held, to)
    before = held.social_set
    _place(held, to)
    if across:
        _refuse_left(held, to.group)
    _end_journeys(held)
    note(held.connection, _words(before, to), actor=actor)


def _refuse(profile: SocialProfile, to: SocialSet) -> None:
    if profile.removed_at is not None:
        message = f"{profile.label} was disconnected meanwhile."
        raise DomainError("disconnected", message)
    if profile.social_set_id == to.pk:
        message = f"{profile.label} is in {to.name} already."
        raise DomainError("same_place", message, field="to")


def _place(profile: SocialProfile, to: SocialSet) -> None:
    profile.social_set, profile.group = to, to.group
    try:
        with transaction.atomic():
            profile.save(update_fields=["social_set", "group"])
    except IntegrityError:
        message = f"{to.name} has a profile of this platform already."
        raise DomainError("slot_taken", message, field="to") from None


def _refuse_left(profile: SocialProfile, group: AccessGroup) -> None:
    """Somebody wrote a post for it between the first look and the lock."""
    if hooks.left(profile, group):
        message = f"A post was just written for {profile.label}. Move it again."
        raise DomainError("overtaken", message)


def _end_journeys(profile: SocialProfile) -> None:
    """A sign-in that began at the old place must not fill that slot again."""
    rows = Journey.objects.open().filter(profile=profile)
    rows.update(finished_at=clock.now(), error=OVERTAKEN, sealed="")


def _words(before: SocialSet, to: SocialSet) -> str:
    """Who is in one group is told nothing of another."""
    if before.group_id == to.group_id:
        return f"Moved from {before.name} to {to.name}."
    return f"Moved to {to.name} from another Access Group."
