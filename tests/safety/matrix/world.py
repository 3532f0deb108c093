"""Three groups with one of everything: ours, a sister of it, and another tenant's.

Each side's texts bear its marker, so that any page that shows one is found out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from PIL import Image

from accounts.actions.groups import create_group, open_account
from accounts.invitation import Invitation, InvitationGrant
from accounts.models import AccessGroup, Membership, Role, User
from core import clock
from leaving.models import Export
from media.models import MediaItem, Rendition
from media.queries import public_url
from notifications.models import Mail, Notice
from platforms.types import Awaiting, Identity, Token
from profiles.actions.begin import session_hash
from profiles.actions.sets import create_set
from profiles.erasure import Erasure
from profiles.models import Journey, SocialProfile, SocialSet
from profiles.offers import Offer, seal_awaiting, seal_offers
from scheduling.models import Post, Stop
from scheduling.states import TargetState
from support.help_request import HelpMessage, HelpRequest
from tests.factories import (
    MediaItemFactory,
    PostFactory,
    PostMediaFactory,
    ProfileFactory,
    TargetFactory,
)
from tests.people import person
from tests.support.passkey import registered

# What every browser of the matrix bears: journeys are bound to it.
BROWSER = "the-browser-of-the-matrix"
HOUR = timedelta(hours=1)


@dataclass
class Side:
    """`ids` holds what addresses and bodies name, as text; `marker` stands in every
    text of this side."""

    name: str
    marker: str
    owner: User
    guest: User
    group: AccessGroup
    ids: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.ids[key]


@dataclass
class World:
    ours: Side
    sister: Side
    theirs: Side

    @property
    def sides(self) -> tuple[Side, Side, Side]:
        return self.ours, self.sister, self.theirs


def build(marker: str = "Kept-by-") -> World:
    """Alice has two groups of one account, Charlie has a tenant of his own."""
    alice, charlie = person("Alice"), person("Charlie")
    group = open_account(owner=alice, name=f"{marker}ours")
    sister = create_group(
        account=group.account, actor=alice, name=f"{marker}sister", timezone="UTC"
    )
    theirs = open_account(owner=charlie, name=f"{marker}theirs")
    return World(
        _side("ours", marker, alice, group),
        _side("sister", marker, alice, sister),
        _side("theirs", marker, charlie, theirs),
    )


def _side(name: str, marker: str, owner: User, group: AccessGroup) -> Side:
    guest = person(f"Guest-of-{name}")
    Membership.objects.create(user=guest, group=group, role=Role.VIEWER)
    side = Side(name, f"{marker}{name}", owner, guest, group, {})
    for user in (owner, guest):
        User.objects.filter(pk=user.pk).update(name=side.marker)
    side.ids |= {"group_id": str(group.pk), "user_id": str(guest.pk)}
    for fill in (
        _places,
        _library,
        _posts,
        _people,
        _journey,
        _belongings,
    ):
        side.ids |= {key: str(value) for key, value in fill(side).items()}
    return side


def _places(side: Side) -> dict[str, Any]:
    """Two filled Social Sets and an empty one; a stop on the second profile."""
    home, second, empty = (
        create_set(group=side.group, actor=side.owner, name=f"{side.marker} {number}")
        for number in (1, 2, 3)
    )
    profile, heir = _profile(side, home, 1), _profile(side, second, 2)
    stop = Stop.objects.create(
        account=side.group.account,
        group=side.group,
        profile=heir,
        set_by=side.owner,
        reason=side.marker,
    )
    return {
        "home_id": home.pk,
        "set_id": empty.pk,
        "profile_id": profile.pk,
        "heir_id": heir.pk,
        "stop_id": stop.pk,
        "platform": "bluesky",
    }


def _profile(side: Side, place: SocialSet, number: int) -> SocialProfile:
    return ProfileFactory(
        group=side.group,
        social_set=place,
        name=f"{side.marker} {number}",
        handle=f"{side.marker}{number}",
        connection__cause=side.marker,
    )


def _library(side: Side) -> dict[str, Any]:
    """One file in a post, one in none; each lies on the disk with its thumbnail."""
    used, spare = (_file(side, number) for number in (1, 2))
    address = public_url(str(spare.file.name), ".png").rsplit("/", 2)
    token, name = address[-2:]
    return {"used_id": used.pk, "item_id": spare.pk, "token": token, "name": name}


def _file(side: Side, number: int) -> MediaItem:
    item: MediaItem = MediaItemFactory(
        group=side.group,
        name=f"{side.marker} {number}",
        alt_text=side.marker,
        mime="image/png",
        extension="png",
        uploaded_by=side.owner,
    )
    item.file.save("photo.png", ContentFile(png()))
    thumb = Rendition(item=item, recipe="thumb", mime="image/png", width=16, height=16)
    thumb.size = len(png())
    thumb.file.save("thumb.png", ContentFile(png()), save=False)
    thumb.save()
    return item


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64), "navy").save(out, "PNG")
    return out.getvalue()


def _posts(side: Side) -> dict[str, Any]:
    plain = _post(side, TargetState.SCHEDULED, kind="images")
    PostMediaFactory(post=plain, item_id=side["used_id"])
    held = _post(
        side,
        TargetState.HELD,
        next_at=None,
        reason=side.marker,
        details=side.marker,
        text=side.marker,
    )
    # Of the other profile: while it is unsure that one can't be disconnected.
    unsure = _post(
        side,
        TargetState.UNCONFIRMED,
        on="heir_id",
        next_at=None,
        intent_at=clock.now() - HOUR,
    )
    reminder = _post(side, TargetState.REMINDER, next_at=None)
    found = {
        "pk": plain,
        "held_pk": held,
        "unsure_pk": unsure,
        "reminder_pk": reminder,
    }
    return {
        **{name: post.pk for name, post in found.items()},
        "target_id": plain.targets.get().pk,
        "held_target": held.targets.get().pk,
        "unsure_target": unsure.targets.get().pk,
        "reminder_target": reminder.targets.get().pk,
        "wall": (clock.now() + 48 * HOUR).strftime("%Y-%m-%dT%H:%M"),
    }


def _post(
    side: Side, state: TargetState, *, on: str = "profile_id", **columns: Any
) -> Post:
    post: Post = PostFactory(group=side.group, author=side.owner, text=side.marker)
    profile = SocialProfile.objects.get(pk=side[on])
    TargetFactory(post=post, profile=profile, state=state, **columns)
    return post


def _people(side: Side) -> dict[str, Any]:
    """An invitation that waits, a notice, the receipt of an erasure."""
    email = f"invited-by-{side.name}@example.org"
    invitation = Invitation.objects.create(
        account=side.group.account,
        email=email,
        asked_email=email,
        name=side.marker,
        token_hash=hashlib.sha256(side.name.encode()).hexdigest(),
        invited_by=side.owner,
        expires_at=clock.now() + 24 * HOUR,
        sent_at=clock.now() - HOUR,
    )
    InvitationGrant.objects.create(
        invitation=invitation, group=side.group, role=Role.MEMBER
    )
    notice = Notice.objects.create(
        user=side.owner,
        code="matrix",
        title=side.marker,
        text=side.marker,
        path=f"/g/{side.group.pk}/calendar/",
        mail_at=None,
    )
    erasure = Erasure.objects.create(
        platform="facebook",
        digest=hashlib.sha256(side.name.encode()).hexdigest(),
        asked_at=clock.now(),
    )
    mail = Mail.objects.create(to=email, sender=email, subject="Hello", text="Hello")
    return {
        "invitation_id": invitation.pk,
        "mail": mail.pk,
        "notice": notice.pk,
        "code": erasure.code,
    }


def _journey(side: Side) -> dict[str, Any]:
    """The owner's sign-in by a bot: somebody can be picked."""
    journey = Journey(
        user=side.owner,
        group=side.group,
        social_set_id=side["set_id"],
        platform="telegram",
        method="bot",
        state_hash=hashlib.sha256(f"state {side.name}".encode()).hexdigest(),
        session_hash=session_hash(BROWSER),
        code_hash=hashlib.sha256(side.name.encode()).hexdigest(),
        expires_at=clock.now() + HOUR,
    )
    channel = f"-100{int(side.group.pk) % 10**9}"
    seal_awaiting(journey, Awaiting("CODE", (side.marker,)))
    identity = Identity(external_id=channel, name=side.marker)
    seal_offers(journey, [Offer(identity, Token(access=""), ())])
    journey.save()
    return {"journey_id": journey.pk, "channel": channel}


def _belongings(side: Side) -> dict[str, Any]:
    """The owner's other session, passkey and question; the account's export."""
    session = UserSession.objects.create(
        user=side.owner, session_key=f"session of {side.name}", ip="192.0.2.7"
    )
    passkey = Authenticator.objects.create(
        user=side.owner,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": side.marker, "credential": registered()},
    )
    export = Export.objects.create(
        account=side.group.account,
        asked_by=side.owner,
        status=Export.State.READY,
        expires_at=clock.now() + HOUR,
    )
    export.file.save("export.zip", ContentFile(side.marker.encode()))
    asked = HelpRequest.objects.create(
        user=side.owner, group=side.group, page=f"/g/{side.group.pk}/calendar/"
    )
    HelpMessage.objects.create(request=asked, author=side.owner, text=side.marker)
    return {
        "request_id": asked.pk,
        "session_id": session.pk,
        "passkey": passkey.pk,
        "export_id": export.pk,
        "account_id": side.group.account_id,
    }
