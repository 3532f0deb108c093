"""Rows that tie two groups together, or two accounts: there may be none (R-B1)."""

from __future__ import annotations

from django.db.models import F, Model, QuerySet

from accounts.invitation import InvitationGrant
from accounts.models import AccessGroup, Membership
from media.models import MediaItem
from profiles.models import Connection, Journey, SocialProfile, SocialSet
from scheduling.models import Post, PostEvent, PostMedia, Stop, Target


def _tied() -> dict[str, QuerySet]:
    """Relation by relation, those whose two ends lie in different places."""
    return {
        "a post with a foreign file": PostMedia.objects.exclude(
            item__group=F("post__group")
        ),
        "a post for a foreign profile": Target.objects.filter(
            state="scheduled"
        ).exclude(profile__group=F("post__group")),
        "a profile in a foreign set": SocialProfile.objects.exclude(
            social_set__group=F("group")
        ),
        "a profile in a foreign account": SocialProfile.objects.exclude(
            group__account=F("account")
        ),
        "a stop of a foreign profile": Stop.objects.exclude(profile=None).exclude(
            profile__group=F("group")
        ),
        "a stop in a foreign group": Stop.objects.exclude(group=None).exclude(
            group__account=F("account")
        ),
        "an invitation to a foreign group": InvitationGrant.objects.exclude(
            group__account=F("invitation__account")
        ),
        "a sign-in for a foreign set": Journey.objects.exclude(
            social_set__group=F("group")
        ),
        "a sign-in for a foreign profile": Journey.objects.exclude(
            profile=None
        ).exclude(profile__group=F("group")),
        "a story with a foreign target": PostEvent.objects.exclude(target=None).exclude(
            target__post=F("post")
        ),
    }


def found() -> list[str]:
    return [name for name, rows in _tied().items() if rows.exists()]


# Whatever a group has, by the way from the row to the group.
_OF_A_GROUP: dict[type[Model], str] = {
    AccessGroup: "pk",
    Membership: "group",
    MediaItem: "group",
    SocialSet: "group",
    SocialProfile: "group",
    Connection: "profile__group",
    Journey: "group",
    Post: "group",
    PostMedia: "post__group",
    PostEvent: "post__group",
    Target: "post__group",
    Stop: "group",
    InvitationGrant: "group",
}


def digest(group: AccessGroup) -> list[str]:
    """All rows of a group, to see whether any of them changed."""
    return [
        repr(
            sorted(map(str, model._default_manager.filter(**{way: group.pk}).values()))
        )
        for model, way in _OF_A_GROUP.items()
    ]
